//! `areas.json`: the areas of disclosure.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::names::EnglishNames;
use super::reader::{Located, Reader};
use super::{Found, Origin, ProblemKind};
use crate::record::{Area, Record, RecordId};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceArea {
    id: RecordId,
    code: String,
    name: String,
    current_name: String,
    pilot_2017_suzhou: bool,
    in_26_pilot_areas: bool,
    order: u32,
}

/// The areas, found by the name that other files use.
pub(super) struct Areas {
    areas: Vec<Located<SourceArea>>,
    by_name: BTreeMap<String, RecordId>,
}

pub(super) fn read(reader: &mut Reader) -> Areas {
    let areas: Vec<Located<SourceArea>> = reader.list("areas.json", None);
    let by_name = areas
        .iter()
        .map(|area| (area.value.name.clone(), area.value.id.clone()))
        .collect();
    Areas { areas, by_name }
}

impl Areas {
    /// The id of the area called `name`; an unknown name is a problem of `record`.
    pub(super) fn id(
        &self,
        reader: &mut Reader,
        name: &str,
        record: &RecordId,
        origin: &Origin,
    ) -> Option<RecordId> {
        let id = self.by_name.get(name).cloned();
        if id.is_none() {
            let kind = ProblemKind::UnknownArea(name.to_owned());
            reader.problem(origin, Some(record.to_string()), kind);
        }
        id
    }

    pub(super) fn records(&self, names: &EnglishNames) -> Vec<Found> {
        let record = |area: &SourceArea| Area {
            id: area.id.clone(),
            code: area.code.clone(),
            name: area.name.clone(),
            current_name: area.current_name.clone(),
            name_en: names.get(&area.name),
            founding_pilot: area.pilot_2017_suzhou,
            national_pilot: area.in_26_pilot_areas,
            order: area.order,
        };
        self.areas
            .iter()
            .map(|area| (Record::Area(record(&area.value)), area.origin.clone()))
            .collect()
    }
}
