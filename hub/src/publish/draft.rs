//! The files of the next generation.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use catalog::atomic::{self, Readers};
use catalog::record::{Attachment, Record, RecordId};
use catalog::release::{
    BLOBS_TARGET, BlobsTarget, DeltaTarget, LARGEST_ROW, MANIFEST_TARGET, Manifest, SnapshotTarget,
    pack_snapshot, write_blobs, write_delta,
};
use catalog::store::{self, Filter, Meta, Row, SCHEMA, Store};
use jiff::{Timestamp, Unit};
use sha2::{Digest as _, Sha256};

use super::history::{self, Generation, Previous};
use super::{DELTAS, PublishError, Settings, order};

/// The name of the whole store among the targets.
const SNAPSHOT_TARGET: &str = "snapshot.db.zst";

/// What is to be published.
pub(super) enum Draft {
    /// The very content of the previous release.
    Same {
        /// What the previous release says about itself.
        meta: Meta,
    },
    /// A new generation.
    Fresh(Box<Fresh>),
}

/// A new generation.
pub(super) struct Fresh {
    /// Its manifest.
    pub(super) manifest: Manifest,
    /// The attachments that its records name.
    pub(super) attachments: Vec<Attachment>,
    /// Its targets, the manifest among them.
    pub(super) files: Vec<TargetFile>,
}

/// A target of the release.
pub(super) struct TargetFile {
    /// Its name in the metadata.
    pub(super) name: String,
    /// Its bytes.
    pub(super) content: Vec<u8>,
    /// Their SHA-256.
    pub(super) sha256: [u8; 32],
}

impl TargetFile {
    pub(super) fn new(name: String, content: Vec<u8>) -> Self {
        let sha256 = Sha256::digest(&content).into();
        Self {
            name,
            content,
            sha256,
        }
    }

    fn length(&self) -> u64 {
        self.content.len() as u64
    }

    fn hex(&self) -> String {
        hex::encode(self.sha256)
    }

    /// The name of the file, which no other content can have.
    pub(super) fn file_name(&self) -> String {
        format!("{}.{}", self.hex(), self.name)
    }

    /// Writes the file into the folder of targets.
    pub(super) fn write(&self, targets: &Path) -> Result<(), PublishError> {
        Ok(atomic::write_for(
            Readers::Everybody,
            &targets.join(self.file_name()),
            &self.content,
        )?)
    }
}

impl Draft {
    /// Compares the records with the previous release and makes the next one where they differ.
    pub(super) fn new(
        records: &[Record],
        previous: Option<&Previous>,
        settings: &Settings<'_>,
    ) -> Result<Self, PublishError> {
        let work = tempfile::tempdir().map_err(|source| PublishError::io(&std::env::temp_dir(), source))?;
        let before = previous.map(|previous| &previous.manifest);
        let mut generations = history::generations(settings.repository)?;
        let before_store = before
            .and_then(|manifest| generations.get(&manifest.generation))
            .and_then(|generation| generation.store(settings.repository, work.path()));
        let meta = Meta {
            generation: before
                .map_or(1, |manifest| manifest.generation + 1)
                .max(settings.least_version),
            schema: SCHEMA,
            published_at: to_the_second(settings.clock.now()),
            public_url: settings
                .public_url
                .map(|url| url.as_str().trim_end_matches('/').to_owned()),
        };
        let path = work.path().join(store::FILE_NAME);
        store::build(&path, &meta, &rows(records, before_store.as_ref())?)?;
        let next = Store::open_file(&path)?;
        let rows_digest = next.rows_digest()?;
        if let Some(before) = before
            && before.rows_digest == rows_digest
            && (before.schema, &before.public_url) == (meta.schema, &meta.public_url)
        {
            return Ok(Self::Same { meta: before.meta() });
        }

        if let Some((id, size)) = next.row_above(LARGEST_ROW)? {
            return Err(PublishError::RowTooLarge {
                id,
                size,
                limit: LARGEST_ROW,
            });
        }
        let attachments = next.attachments()?;
        let list = (!attachments.is_empty())
            .then(|| TargetFile::new(BLOBS_TARGET.to_owned(), write_blobs(&attachments)));
        let unpacked = std::fs::metadata(&path)
            .map_err(|source| PublishError::io(&path, source))?
            .len();
        let mut packed = Vec::new();
        pack_snapshot(&path, &mut packed).map_err(|source| PublishError::io(&path, source))?;
        let snapshot = TargetFile::new(SNAPSHOT_TARGET.to_owned(), packed);
        generations.split_off(&meta.generation);
        let deltas = deltas(
            &next,
            before_store,
            snapshot.length(),
            &generations,
            settings,
            work.path(),
        )?;
        let manifest = Manifest {
            generation: meta.generation,
            schema: meta.schema,
            published_at: meta.published_at,
            public_url: meta.public_url,
            rows: next.len()?,
            rows_digest,
            snapshot: SnapshotTarget {
                target: snapshot.name.clone(),
                length: snapshot.length(),
                sha256: snapshot.hex(),
                unpacked: Some(unpacked),
            },
            blobs: list.as_ref().map(|list| BlobsTarget {
                target: list.name.clone(),
                length: list.length(),
                sha256: list.hex(),
                bytes: attachments.iter().map(|attachment| attachment.length).sum(),
            }),
            deltas: deltas
                .iter()
                .map(|(from, file)| DeltaTarget {
                    from: *from,
                    target: file.name.clone(),
                    length: file.length(),
                    sha256: file.hex(),
                })
                .collect(),
        };
        let mut files = vec![
            TargetFile::new(MANIFEST_TARGET.to_owned(), manifest.to_json()),
            snapshot,
        ];
        files.extend(list);
        files.extend(deltas.into_iter().map(|(_, file)| file));
        Ok(Self::Fresh(Box::new(Fresh {
            manifest,
            attachments,
            files,
        })))
    }
}

/// The rows of the records, at places that differ little from the previous release's.
fn rows(records: &[Record], previous: Option<&Store>) -> Result<Vec<Row>, PublishError> {
    let places: HashMap<RecordId, i64> = match previous {
        Some(store) => {
            let list = store.list(&Filter::default())?;
            list.into_iter()
                .map(|summary| (summary.id, summary.position))
                .collect()
        }
        None => HashMap::new(),
    };
    let ids: Vec<&RecordId> = records.iter().map(Record::id).collect();
    let places = order::places(&places, &ids);
    Ok(records
        .iter()
        .zip(places)
        .map(|(record, place)| Row::new(record, place))
        .collect())
}

/// The ways from the newest [`DELTAS`] earlier generations, newest first, as far as their snapshots are
/// still there and the way is shorter than the whole.
fn deltas(
    next: &Store,
    mut before: Option<Store>,
    whole: u64,
    earlier: &BTreeMap<u64, Generation>,
    settings: &Settings<'_>,
    work: &Path,
) -> Result<Vec<(u64, TargetFile)>, PublishError> {
    let mut deltas = Vec::new();
    for (&number, generation) in earlier.iter().rev().take(DELTAS) {
        let unpacked = before.take_if(|store| store.meta().generation == number);
        let Some(old) = unpacked.or_else(|| generation.store(settings.repository, work)) else {
            continue;
        };
        let mut content = Vec::new();
        write_delta(&old, next, &mut content)?;
        if (content.len() as u64) < whole {
            let name = format!("delta-{number}.jsonl.zst");
            deltas.push((number, TargetFile::new(name, content)));
        }
        let unpacked = old.path().to_owned();
        drop(old);
        std::fs::remove_file(&unpacked).map_err(|source| PublishError::io(&unpacked, source))?;
    }
    Ok(deltas)
}

/// Metadata and pages tell the time to the second.
fn to_the_second(time: Timestamp) -> Timestamp {
    time.round(Unit::Second)
        .expect("no release is published at the end of time")
}
