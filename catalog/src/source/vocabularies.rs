//! `synonyms.json`, `elsewhere.json`, `glossary_en.json`, `holidays.json`, `service_item_fields.json`.

use jiff::civil::Date;
use serde::Deserialize;

use super::reader::{Located, Reader};
use super::{Found, Origin, ProblemKind};
use crate::record::{
    Glossary, GlossaryEntry, Holiday, Holidays, ItemField, ItemFields, Record, RecordId, Synonym, Synonyms,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceSynonym {
    canonical: String,
    synonyms: Vec<String>,
    target_ids: Option<Vec<RecordId>>,
    #[serde(rename = "provenance")]
    _provenance: String,
}

#[derive(Deserialize)]
struct SourceHolidays {
    coverage: Vec<String>,
    days: Vec<Holiday>,
}

#[derive(Deserialize)]
struct SourceFields {
    groups: Vec<SourceGroup>,
    catalog_fields: Vec<String>,
    founding_required_fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceGroup {
    group: String,
    fields: Vec<SourceField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceField {
    key: String,
    label: String,
}

fn fixed_id(id: &str) -> RecordId {
    RecordId::try_from(id).expect("the ids of the vocabularies are lower-case letters and hyphens")
}

pub(super) fn read_glossary(reader: &mut Reader) -> Option<Located<Glossary>> {
    let entries: Vec<Located<GlossaryEntry>> = reader.list("glossary_en.json", Some("entries"));
    (!entries.is_empty()).then(|| Located {
        value: Glossary {
            id: fixed_id("glossary"),
            entries: entries.into_iter().map(|entry| entry.value).collect(),
        },
        origin: whole("glossary_en.json"),
    })
}

pub(super) fn read(reader: &mut Reader, glossary: Option<Located<Glossary>>) -> Vec<Found> {
    let mut found = Vec::new();
    found.extend(glossary.map(|located| (Record::Glossary(located.value), located.origin)));
    found.extend(synonyms(reader));
    found.extend(holidays(reader));
    found.extend(item_fields(reader));
    found
}

fn synonyms(reader: &mut Reader) -> Option<Found> {
    let entries: Vec<Located<SourceSynonym>> = reader.list("synonyms.json", None);
    let elsewhere: Vec<Located<String>> = reader.list("elsewhere.json", None);
    let synonym = |source: SourceSynonym| Synonym {
        canonical: source.canonical,
        synonyms: source.synonyms,
        targets: source.target_ids.unwrap_or_default(),
    };
    let record = Synonyms {
        id: fixed_id("synonyms"),
        entries: entries.into_iter().map(|entry| synonym(entry.value)).collect(),
        elsewhere: elsewhere.into_iter().map(|word| word.value).collect(),
    };
    (!record.entries.is_empty()).then(|| (Record::Synonyms(record), whole("synonyms.json")))
}

fn holidays(reader: &mut Reader) -> Option<Found> {
    let Located { value, origin } = reader.object::<SourceHolidays>("holidays.json")?;
    let years: Result<Vec<i16>, _> = value.coverage.iter().map(|year| year.parse::<i16>()).collect();
    let years = match years {
        Ok(years) => years,
        Err(error) => {
            let kind = ProblemKind::Malformed(format!("coverage: {error}"));
            reader.problem(&origin, Some("holidays".to_owned()), kind);
            return None;
        }
    };
    let mut days = value.days;
    days.sort_by_key(|day| day.date);
    if let Some(twice) = days.windows(2).find(|pair| pair[0].date == pair[1].date) {
        let date: Date = twice[0].date;
        let kind = ProblemKind::Malformed(format!("{date} is listed twice"));
        reader.problem(&origin, Some("holidays".to_owned()), kind);
    }
    let record = Holidays {
        id: fixed_id("holidays"),
        years,
        days,
    };
    Some((Record::Holidays(record), origin))
}

fn item_fields(reader: &mut Reader) -> Option<Found> {
    let Located { value, origin } = reader.object::<SourceFields>("service_item_fields.json")?;
    let mut fields = Vec::new();
    for SourceGroup {
        group,
        fields: members,
    } in value.groups
    {
        fields.extend(members.into_iter().map(|field| ItemField {
            group: group.clone(),
            key: field.key,
            label: field.label,
        }));
    }
    let record = ItemFields {
        id: fixed_id("item-fields"),
        fields,
        catalog_fields: value.catalog_fields,
        founding_required: value.founding_required_fields,
    };
    Some((Record::ItemFields(record), origin))
}

fn whole(file: &str) -> Origin {
    Origin {
        file: file.to_owned(),
        line: None,
    }
}
