//! `life_events.json`: life events and groups of residents.

use serde::Deserialize;

use super::reader::{Located, Reader};
use super::{Found, Origin, ProblemKind};
use crate::record::{Bilingual, Group, LifeEvent, Record, RecordId};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEvent {
    id: String,
    zh: String,
    en: Option<String>,
    order: u32,
    icon: String,
    guide_ids: Vec<RecordId>,
    #[serde(default)]
    areas: Vec<RecordId>,
    #[serde(default)]
    policy_ids: Vec<RecordId>,
}

pub(super) fn read(reader: &mut Reader) -> Vec<Found> {
    let groups = [
        ("events", Group::Event, "event"),
        ("audiences", Group::Audience, "audience"),
    ];
    let mut found = Vec::new();
    for (key, group, prefix) in groups {
        let events: Vec<Located<SourceEvent>> = reader.list("life_events.json", Some(key));
        for Located { value, origin } in events {
            found.extend(record(reader, value, group, prefix, &origin).map(|record| (record, origin)));
        }
    }
    found
}

fn record(
    reader: &mut Reader,
    event: SourceEvent,
    group: Group,
    prefix: &str,
    origin: &Origin,
) -> Option<Record> {
    let id = match RecordId::try_from(format!("{prefix}-{}", event.id)) {
        Ok(id) => id,
        Err(error) => {
            reader.problem(origin, Some(event.id), ProblemKind::Malformed(error.to_string()));
            return None;
        }
    };
    Some(Record::LifeEvent(LifeEvent {
        id,
        group,
        name: Bilingual {
            zh: event.zh,
            en: event.en,
        },
        icon: event.icon,
        order: event.order,
        guides: event.guide_ids,
        areas: event.areas,
        documents: event.policy_ids,
    }))
}
