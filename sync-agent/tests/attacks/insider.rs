//! What somebody could do who has the hub's keys, or what a bug in the hub could: releases that are signed well and mean no good.

use std::collections::HashMap;
use std::fs;
use std::num::NonZeroU64;
use std::path::Path;

use catalog::clock::{Clock as _, SystemClock};
use catalog::record::Record;
use catalog::release::{MANIFEST_TARGET, Manifest, SnapshotTarget, pack_snapshot};
use catalog::store::{self, Meta, Row, Store};
use hub::keys::Keys;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tough::editor::RepositoryEditor;
use tough::schema::{Hashes, RoleType, Target};

/// The version of what is signed here.
pub(crate) const VERSION: u64 = 50;

/// A snapshot to be signed, and what the manifest says of it.
pub(crate) struct Forgery {
    pub(crate) snapshot: Vec<u8>,
    pub(crate) name: &'static str,
    pub(crate) unpacked: u64,
    pub(crate) rows: u64,
    /// The snapshot's length as the manifest says it, where that is not the true one.
    pub(crate) length: Option<u64>,
    pub(crate) rows_digest: String,
}

impl Forgery {
    /// A store that a terminal cannot take.
    pub(crate) fn store(records: &[Record]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(store::FILE_NAME);
        let meta = Meta {
            generation: VERSION,
            schema: store::SCHEMA,
            published_at: published_at(),
            public_url: None,
        };
        store::build(&path, &meta, &Row::in_order(records)).unwrap();
        let mut snapshot = Vec::new();
        pack_snapshot(&path, &mut snapshot).unwrap();
        Self {
            snapshot,
            name: "snapshot.db.zst",
            unpacked: fs::metadata(&path).unwrap().len(),
            rows: records.len() as u64,
            length: None,
            rows_digest: Store::open_file(&path).unwrap().rows_digest().unwrap(),
        }
    }

    /// Zeros that say they are few.
    pub(crate) fn bomb() -> Self {
        let zeros = std::io::Read::take(std::io::repeat(0), 2 << 30);
        Self {
            snapshot: zstd::encode_all(zeros, 1).unwrap(),
            name: "snapshot.db.zst",
            unpacked: 65_536,
            rows: 1,
            length: None,
            rows_digest: String::new(),
        }
    }

    /// A file that lies elsewhere.
    pub(crate) fn outside() -> Self {
        Self {
            name: "../../../../etc/passwd",
            ..Self::store(&[])
        }
    }
}

fn published_at() -> Timestamp {
    SystemClock.now().round(jiff::Unit::Second).unwrap()
}

/// Signs the forgery as the newest release in `repository`.
pub(crate) async fn sign(keys: &Keys, repository: &Path, forgery: Forgery) {
    let sha256 = hex::encode(Sha256::digest(&forgery.snapshot));
    let manifest = Manifest {
        generation: VERSION,
        schema: store::SCHEMA,
        published_at: published_at(),
        public_url: None,
        rows: forgery.rows,
        rows_digest: forgery.rows_digest,
        snapshot: SnapshotTarget {
            target: forgery.name.to_owned(),
            length: forgery.length.unwrap_or(forgery.snapshot.len() as u64),
            sha256,
            unpacked: Some(forgery.unpacked),
        },
        deltas: Vec::new(),
        blobs: None,
    };
    let mut editor = RepositoryEditor::new(keys.root_path()).await.unwrap();
    for (name, content) in [
        (MANIFEST_TARGET, manifest.to_json()),
        ("snapshot.db.zst", forgery.snapshot),
    ] {
        let digest = Sha256::digest(&content);
        let target = Target {
            length: content.len() as u64,
            hashes: Hashes {
                sha256: digest.to_vec().into(),
                _extra: HashMap::new(),
            },
            custom: HashMap::new(),
            _extra: HashMap::new(),
        };
        editor.add_target(name, target).unwrap();
        let path = repository
            .join("targets")
            .join(format!("{}.{name}", hex::encode(digest)));
        catalog::atomic::write(&path, &content).unwrap();
    }
    let version = NonZeroU64::new(VERSION).unwrap();
    let expires = SystemClock.now() + SignedDuration::from_hours(24);
    editor
        .targets_version(version)
        .unwrap()
        .targets_expires(expires)
        .unwrap()
        .snapshot_version(version)
        .snapshot_expires(expires)
        .timestamp_version(version)
        .timestamp_expires(expires);
    let signers = keys
        .signers(&[RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp])
        .unwrap();
    let signed = editor.sign(&signers).await.unwrap();
    signed.write(repository.join("metadata")).await.unwrap();
}
