//! `attachments.json`: pictures and PDFs that belong to records.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::reader::{Located, Reader};
use super::{Origin, ProblemKind};
use crate::record::{Attachment, BlobDigest, MediaType, Record, RecordId};
use crate::release::LARGEST_BLOB;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceAttachment {
    /// The record it belongs to.
    record: RecordId,
    /// The file, relative to the source folder.
    file: String,
    title: String,
}

/// Attachments that were read, by the record that they belong to, and the files that hold them.
#[derive(Default)]
pub(super) struct Attachments {
    found: Vec<(RecordId, Attachment, Origin)>,
    pub(super) files: BTreeMap<BlobDigest, PathBuf>,
}

impl Attachments {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let mut attachments = Self::default();
        let listed: Vec<Located<SourceAttachment>> = reader.list("attachments.json", None);
        for Located { value, origin } in listed {
            let Some((path, content)) = reader.bytes(&value.file) else {
                continue;
            };
            let wrong = match MediaType::of(&content) {
                None => Some(format!(
                    "{}: neither a PNG nor a JPEG picture nor a PDF",
                    value.file
                )),
                Some(_) if content.len() as u64 > LARGEST_BLOB => {
                    Some(format!("{}: larger than {LARGEST_BLOB} bytes", value.file))
                }
                Some(media_type) => {
                    let sha256 = BlobDigest::new(Sha256::digest(&content).into());
                    attachments.files.insert(sha256.clone(), path);
                    let attachment = Attachment {
                        title: value.title,
                        media_type,
                        length: content.len() as u64,
                        sha256,
                    };
                    attachments
                        .found
                        .push((value.record.clone(), attachment, origin.clone()));
                    None
                }
            };
            if let Some(wrong) = wrong {
                let record = Some(value.record.to_string());
                reader.problem(&origin, record, ProblemKind::Malformed(wrong));
            }
        }
        attachments
    }

    /// Gives each record its own, in the order of the file. Those of no record, or of a kind that has none, are problems.
    pub(super) fn hand_out(&mut self, records: &mut [Record], mut problem: impl FnMut(Origin, RecordId)) {
        for (id, attachment, origin) in self.found.drain(..) {
            let place = records.binary_search_by(|record| record.id().cmp(&id));
            match place.ok().and_then(|place| records[place].attachments_mut()) {
                Some(list) => list.push(attachment),
                None => problem(origin, id),
            }
        }
    }
}
