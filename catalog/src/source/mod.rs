//! Reads a folder of source content into typed records.
//!
//! The folder's layout is documented in `hub/sample/README.md`. Reading collects [`Problem`]s instead of
//! stopping at the first: a broken record costs that record, a broken file costs that file.

mod areas;
mod attachments;
mod datasets;
mod document_text;
mod documents;
mod elements;
mod entries;
mod forms;
mod guides;
mod interpretations;
mod life_events;
mod names;
mod plans;
mod problem;
mod reader;
mod resolve;
mod service_items;
mod slices;
mod text_sources;
mod vocabularies;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::record::{BlobDigest, Record, RecordId};

use attachments::Attachments;
pub use problem::{Problem, ProblemKind, SourceError};
use reader::Reader;
pub use resolve::resolve;
use text_sources::TextSources;

/// A source folder as records.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The records, sorted by id, their references resolved.
    pub records: Vec<Record>,
    /// What could not be read or resolved; all of them are errors.
    pub problems: Vec<Problem>,
    /// Where each record was read.
    pub origins: BTreeMap<RecordId, Origin>,
    /// The files of the records' attachments.
    pub files: BTreeMap<BlobDigest, PathBuf>,
}

/// The place in the source folder that a record was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file, relative to the source folder.
    pub file: String,
    /// The line on which the record starts, from 1, where the record is one of many in the file.
    pub line: Option<usize>,
}

/// Reads the source folder `dir`.
pub fn load(dir: &Path) -> Result<Loaded, SourceError> {
    let mut reader = Reader::open(dir)?;
    let areas = areas::read(&mut reader);
    let glossary = vocabularies::read_glossary(&mut reader);
    let names = names::EnglishNames::new(glossary.as_ref());

    let mut found = Vec::new();
    found.extend(areas.records(&names));
    found.extend(entries::read(&mut reader, &areas, &names));
    found.extend(guides::read(&mut reader, &areas));
    let texts = TextSources::read(&mut reader);
    found.extend(documents::read(&mut reader, &names, &texts));
    found.extend(interpretations::read(&mut reader, &texts));
    found.extend(datasets::read(&mut reader, &areas, &names, &texts));
    found.extend(service_items::read(&mut reader));
    found.extend(plans::read(&mut reader));
    found.extend(forms::read(&mut reader));
    found.extend(life_events::read(&mut reader));
    found.extend(vocabularies::read(&mut reader, glossary));

    let mut attachments = Attachments::read(&mut reader);

    let mut problems = reader.into_problems();
    let (mut records, origins) = keep_first_of_each_id(found, &mut problems);
    attachments.hand_out(&mut records, |origin, record| {
        problems.push(Problem {
            file: origin.file,
            line: origin.line,
            path: None,
            record: Some(record.to_string()),
            kind: ProblemKind::BrokenReference {
                field: "record",
                target: record.to_string(),
            },
        });
    });
    for unresolved in resolve(&mut records) {
        let origin = origins.get(&unresolved.record);
        problems.push(Problem {
            file: origin.map(|origin| origin.file.clone()).unwrap_or_default(),
            line: origin.and_then(|origin| origin.line),
            path: None,
            record: Some(unresolved.record.to_string()),
            kind: ProblemKind::BrokenReference {
                field: unresolved.field,
                target: unresolved.target,
            },
        });
    }
    Ok(Loaded {
        records,
        problems,
        origins,
        files: attachments.files,
    })
}

/// A record with its origin.
type Found = (Record, Origin);

fn keep_first_of_each_id(
    mut found: Vec<Found>,
    problems: &mut Vec<Problem>,
) -> (Vec<Record>, BTreeMap<RecordId, Origin>) {
    found.sort_by(|(a, _), (b, _)| a.id().cmp(b.id()));
    let mut records: Vec<Record> = Vec::with_capacity(found.len());
    let mut origins: BTreeMap<RecordId, Origin> = BTreeMap::new();
    for (record, origin) in found {
        if let Some(first) = origins.get(record.id()) {
            problems.push(Problem {
                file: origin.file,
                line: origin.line,
                path: None,
                record: Some(record.id().to_string()),
                kind: ProblemKind::DuplicateId { first: first.clone() },
            });
        } else {
            origins.insert(record.id().clone(), origin);
            records.push(record);
        }
    }
    (records, origins)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::sample;
