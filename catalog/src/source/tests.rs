mod documents;
mod problems;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use super::*;
use crate::record::{
    Audience, Block, Document, Entry, Group, Guide, InferredField, Kind, MediaType, Relation, TimeLimitKind,
    ValidityState,
};

pub(crate) fn sample() -> &'static Loaded {
    static SAMPLE: LazyLock<Loaded> = LazyLock::new(|| load(&sample_folder()).unwrap());
    &SAMPLE
}

fn sample_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../hub/sample"))
}

fn record(id: &str) -> &'static Record {
    let found = sample().records.iter().find(|record| record.id().as_str() == id);
    found.unwrap_or_else(|| panic!("{id} is not in the sample"))
}

fn entry(id: &str) -> &'static Entry {
    match record(id) {
        Record::Entry(entry) => entry,
        other => panic!("{id} is a {:?}", other.kind()),
    }
}

fn guide(id: &str) -> &'static Guide {
    match record(id) {
        Record::Guide(guide) => guide,
        other => panic!("{id} is a {:?}", other.kind()),
    }
}

fn document(id: &str) -> &'static Document {
    match record(id) {
        Record::Document(document) => document,
        other => panic!("{id} is a {:?}", other.kind()),
    }
}

fn linked(record: &Record, relation: Relation) -> Vec<&str> {
    let links = record.links().iter().filter(|link| link.relation == relation);
    links.map(|link| link.id.as_str()).collect()
}

/// A copy of some files of the sample that a test may spoil.
fn folder_with(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        fs::copy(sample_folder().join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn write(path: &Path, text: &str) {
    crate::atomic::write(path, text.as_bytes()).unwrap();
}

#[test]
fn the_sample_has_no_problems() {
    let problems: Vec<String> = sample().problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, [""; 0]);
}

#[test]
fn every_record_of_the_sample_is_read() {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for record in &sample().records {
        *counts.entry(record.kind()).or_default() += 1;
    }
    for (kind, count) in [
        (Kind::Entry, 191),
        (Kind::Guide, 96),
        (Kind::Document, 173),
        (Kind::Interpretation, 5),
        (Kind::Dataset, 24),
        (Kind::ServiceItem, 1135),
        (Kind::Plan, 1),
        (Kind::Form, 1),
        (Kind::Area, 27),
        (Kind::LifeEvent, 16 + 8),
        (Kind::Synonyms, 1),
        (Kind::Glossary, 1),
        (Kind::Holidays, 1),
        (Kind::ItemFields, 1),
    ] {
        assert_eq!(counts.get(&kind), Some(&count), "{kind:?}");
    }
}

#[test]
fn parts_of_records_are_complete_too() {
    let (mut variants, mut tasks, mut events) = (0, 0, 0);
    for record in &sample().records {
        match record {
            Record::Entry(entry) => variants += entry.variants.len(),
            Record::Plan(plan) => tasks += plan.tasks.len(),
            Record::LifeEvent(event) => events += usize::from(event.group == Group::Event),
            Record::Synonyms(synonyms) => {
                assert_eq!((synonyms.entries.len(), synonyms.elsewhere.len()), (2045, 10373));
            }
            Record::Glossary(glossary) => assert_eq!(glossary.entries.len(), 1195),
            Record::Holidays(holidays) => {
                assert_eq!((holidays.days.len(), holidays.years.len()), (343, 10));
            }
            Record::ItemFields(fields) => {
                assert_eq!((fields.fields.len(), fields.founding_required.len()), (88, 13));
            }
            _ => {}
        }
    }
    assert_eq!((variants, tasks, events), (48, 33, 16));
}

#[test]
fn records_are_sorted_and_have_an_origin() {
    let records = &sample().records;
    assert!(records.windows(2).all(|pair| pair[0].id() < pair[1].id()));
    for record in records {
        assert!(sample().origins.contains_key(record.id()));
    }
    let origin = &sample().origins[record("guide-002").id()];
    let text = fs::read_to_string(sample_folder().join(&origin.file)).unwrap();
    let line = origin.line.unwrap();
    let near: String = text.lines().skip(line - 1).take(2).collect();
    assert!(near.contains("guide-002"), "{near}");
}

#[test]
fn a_record_survives_its_stored_form() {
    for record in &sample().records {
        let json = serde_json::to_string(record).unwrap();
        let back: Record =
            serde_json::from_str(&json).unwrap_or_else(|error| panic!("{}: {error}", record.id()));
        assert_eq!(&back, record);
    }
}

#[test]
fn references_lead_both_ways() {
    let line = record("cat-ghgl-001");
    assert_eq!(linked(line, Relation::Basis), ["law-2672", "law-3141"]);
    assert!(linked(record("law-3141"), Relation::BasisOf).contains(&"cat-ghgl-001"));
    assert!(linked(line, Relation::Guide).len() >= 3);
    assert_eq!(linked(line, Relation::Dataset), ["od-ghgl-1", "od-ghgl-2"]);
    assert_eq!(linked(record("int-05"), Relation::Interprets), ["law-3132"]);
    assert_eq!(linked(record("law-3132"), Relation::InterpretedBy), ["int-05"]);
    assert_eq!(
        linked(record("sz-2017-288-annex"), Relation::AnnexOf),
        ["sz-2017-288"]
    );
    let basis = guide("guide-001")
        .links
        .iter()
        .find(|link| link.relation == Relation::Basis);
    assert_eq!(basis.unwrap().articles[0].to_string(), "第七条");
}

#[test]
fn links_have_no_doubles_and_lead_to_records() {
    for record in &sample().records {
        for (at, link) in record.links().iter().enumerate() {
            let twice = record.links()[..at]
                .iter()
                .any(|l| (l.relation, &l.id) == (link.relation, &link.id));
            assert!(!twice, "{} links twice to {}", record.id(), link.id);
            assert!(sample().origins.contains_key(&link.id));
            assert_ne!(&link.id, record.id());
        }
    }
}

#[test]
fn what_the_source_does_not_give_stays_unknown() {
    let entry = entry("cat-ghgl-001");
    assert_eq!(entry.subject, None);
    assert_eq!(entry.audience, [Audience::Everyone]);
    let guide = guide("guide-001");
    assert_eq!(
        (&guide.promised_limit, &guide.phone_consult, &guide.item_code),
        (&None, &None, &None)
    );
    let filled = sample().records.iter().any(|record| {
        matches!(record, Record::Entry(entry) if entry.inferred.contains(&InferredField::LevelUnknown)
            && entry.levels.is_some())
    });
    assert!(!filled, "a level that could not be seen must stay empty");
}

#[test]
fn a_guide_on_a_revised_law_says_so() {
    assert_eq!(guide("guide-010").validity.state, ValidityState::BasisSuperseded);
    assert_eq!(document("law-3069").validity.state, ValidityState::Superseded);
    let current = &guide("guide-001").validity;
    assert_eq!(
        (current.state, current.as_of.as_deref()),
        (ValidityState::InForce, Some("2025-04-19"))
    );
}

#[test]
fn most_time_limits_of_the_sample_are_single_deadlines() {
    let (mut deadlines, mut unparsed) = (0, 0);
    for record in &sample().records {
        let Record::Entry(entry) = record else { continue };
        match entry.time_limit.as_ref().map(|limit| &limit.kind) {
            Some(TimeLimitKind::Deadline { .. }) => deadlines += 1,
            Some(TimeLimitKind::Unparsed) => unparsed += 1,
            _ => {}
        }
    }
    assert!(deadlines > 140, "{deadlines} of 175");
    assert!(unparsed < 25, "{unparsed} of 175");
}

#[test]
fn the_task_table_is_a_data_set_too() {
    let Record::Dataset(dataset) = record("od-gen-6") else {
        panic!("od-gen-6 is a data set")
    };
    assert_eq!((dataset.rows.len(), dataset.columns.len()), (33, 6));
    assert_eq!(dataset.rows[0][3], "试点单位");
}

#[test]
fn a_service_item_knows_its_place() {
    let source = record("si-0001").provenance().unwrap().source.as_ref().unwrap();
    assert_eq!(source.jurisdiction.as_deref(), Some("四川省广安市广安区"));
}

#[test]
fn a_collection_is_named_as_the_source_and_never_as_the_body_that_published() {
    let source = |id: &str| {
        let provenance = record(id).provenance().unwrap();
        provenance.source.as_ref().unwrap().title.as_str()
    };
    assert_eq!(source("law-2818"), "法律法规文本公开整理库");
    assert_eq!(source("od-gen-5"), "四川省广安市广安区对外公布的清单");
    let Record::Dataset(dataset) = record("od-gen-5") else {
        panic!("od-gen-5 is a data set");
    };
    assert_eq!(dataset.provider, None);
    for record in &sample().records {
        let source = record
            .provenance()
            .and_then(|provenance| provenance.source.as_ref());
        assert!(
            source.is_none_or(|source| !source.title.contains('/') || source.title.starts_with("GB/T")),
            "{source:?}"
        );
    }
}
