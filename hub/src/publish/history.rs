//! What the folder holds already: the current release and the ones before it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use catalog::release::{
    MANIFEST_TARGET, Manifest, ROLLOUT_TARGET, Rollout, SnapshotError, blob_target, read_blobs,
    unpack_snapshot, verify,
};
use catalog::store::{SCHEMA, Store};
use sha2::{Digest as _, Sha256};
use tough::{
    ExpirationEnforcement, FilesystemTransport, IntoVec as _, Repository, RepositoryLoader, TargetName,
};
use url::Url;

use super::PublishError;
use crate::keys::Keys;

/// The most that a snapshot of our own may unpack to; it only guards against a damaged file.
const UNPACKED_LIMIT: u64 = 1 << 36;

/// The release that is current, its signatures checked.
pub(super) struct Previous {
    /// The metadata.
    pub(super) repository: Repository,
    /// The manifest.
    pub(super) manifest: Manifest,
}

impl Previous {
    /// Loads the current release of a folder, if it holds one. Expired metadata is fine here: renewing
    /// it is what the publication is for.
    pub(super) async fn load(folder: &Path, keys: &Keys) -> Result<Option<Self>, PublishError> {
        let metadata = folder.join("metadata");
        if !metadata.join("timestamp.json").exists() {
            return Ok(None);
        }
        let root = trusted_root(folder, &metadata, keys)?;
        let damaged = |source: Box<dyn std::error::Error + Send + Sync>| PublishError::DamagedRepository {
            repository: folder.to_owned(),
            source,
        };
        let repository = RepositoryLoader::new(
            &root,
            folder_url(&metadata)?,
            folder_url(&folder.join("targets"))?,
        )
        .transport(FilesystemTransport)
        .expiration_enforcement(ExpirationEnforcement::Unsafe)
        .load()
        .await
        .map_err(|source| damaged(Box::new(source)))?;
        let name = TargetName::new(MANIFEST_TARGET).expect("the manifest's name is a target name");
        let manifest = repository
            .read_target(&name)
            .await
            .map_err(|source| damaged(Box::new(source)))?
            .ok_or_else(|| damaged(format!("it has no {MANIFEST_TARGET}").into()))?
            .into_vec()
            .await
            .map_err(|source| damaged(Box::new(source)))?;
        // Not `Manifest::parse`: the release of an earlier schema is continued as well.
        let manifest = serde_json::from_slice(&manifest).map_err(|source| damaged(Box::new(source)))?;
        Ok(Some(Self { repository, manifest }))
    }
}

impl Previous {
    /// The rollout that is signed with it, if it has one.
    pub(super) async fn rollout(&self, folder: &Path) -> Result<Option<Rollout>, PublishError> {
        let damaged = |source: Box<dyn std::error::Error + Send + Sync>| PublishError::DamagedRepository {
            repository: folder.to_owned(),
            source,
        };
        let name = TargetName::new(ROLLOUT_TARGET).expect("the rollout's name is a target name");
        let Some(content) = self
            .repository
            .read_target(&name)
            .await
            .map_err(|source| damaged(Box::new(source)))?
        else {
            return Ok(None);
        };
        let content = content
            .into_vec()
            .await
            .map_err(|source| damaged(Box::new(source)))?;
        let rollout: Rollout =
            serde_json::from_slice(&content).map_err(|source| damaged(Box::new(source)))?;
        rollout.check()?;
        Ok(Some(rollout))
    }
}

/// The newest root in the folder, which must be one of the key folder's.
fn trusted_root(folder: &Path, metadata: &Path, keys: &Keys) -> Result<Vec<u8>, PublishError> {
    let roots = keys.all_roots()?;
    let newest = names(metadata)?
        .iter()
        .filter_map(|name| name.strip_suffix(".root.json")?.parse::<u64>().ok())
        .max()
        .unwrap_or(0);
    let path = metadata.join(format!("{newest}.root.json"));
    let present = fs::read(&path).map_err(|source| PublishError::io(&path, source))?;
    if roots.into_iter().any(|(_, root)| root == present) {
        return Ok(present);
    }
    Err(PublishError::ForeignRepository {
        repository: folder.to_owned(),
        metadata: path,
        root: keys.root_path(),
    })
}

/// A generation whose manifest the folder still holds. It is not signed any more, which does no harm: a
/// terminal checks what a delta leads to.
pub(super) struct Generation {
    /// The name of the manifest's file.
    pub(super) manifest_file: String,
    /// The manifest.
    pub(super) manifest: Manifest,
}

/// The generations that the folder still holds, by number.
pub(super) fn generations(folder: &Path) -> Result<BTreeMap<u64, Generation>, PublishError> {
    let targets = folder.join("targets");
    let mut generations = BTreeMap::new();
    for name in names(&targets)? {
        let Some(digest) = name.strip_suffix(&format!(".{MANIFEST_TARGET}")) else {
            continue;
        };
        let path = targets.join(&name);
        let content = fs::read(&path).map_err(|source| PublishError::io(&path, source))?;
        match serde_json::from_slice::<Manifest>(&content) {
            Ok(manifest) if hex::encode(Sha256::digest(&content)) == digest => {
                let generation = Generation {
                    manifest_file: name,
                    manifest,
                };
                generations.insert(generation.manifest.generation, generation);
            }
            _ => tracing::warn!(path = %path.display(), "ignored a damaged manifest of an earlier release"),
        }
    }
    Ok(generations)
}

/// Removes manifests from `generation` on: what an interrupted publication left, and nobody ever saw.
pub(super) fn discard_from(folder: &Path, generation: u64) -> Result<(), PublishError> {
    for (_, unseen) in generations(folder)?.range(generation..) {
        let path = folder.join("targets").join(&unseen.manifest_file);
        fs::remove_file(&path).map_err(|source| PublishError::io(&path, source))?;
    }
    Ok(())
}

impl Generation {
    /// The name of the snapshot's file.
    pub(super) fn snapshot_file(&self) -> String {
        let snapshot = &self.manifest.snapshot;
        format!("{}.{}", snapshot.sha256, snapshot.target)
    }

    /// The names of the deltas' files.
    pub(super) fn delta_files(&self) -> impl Iterator<Item = String> {
        self.manifest
            .deltas
            .iter()
            .map(|delta| format!("{}.{}", delta.sha256, delta.target))
    }

    /// The names of the list of blobs and of the blobs in it.
    pub(super) fn blob_files(&self, folder: &Path) -> Vec<String> {
        let Some(list) = &self.manifest.blobs else {
            return Vec::new();
        };
        let name = format!("{}.{}", list.sha256, list.target);
        let path = folder.join("targets").join(&name);
        let read = fs::read(&path).map_err(|error| error.to_string());
        let blobs = read.and_then(|json| read_blobs(&json).map_err(|error| error.to_string()));
        match blobs {
            Ok(blobs) => blobs
                .iter()
                .map(|blob| blob_target(&blob.sha256))
                .chain([name])
                .collect(),
            Err(error) => {
                tracing::warn!(path = %path.display(), error, "ignored a damaged list of attachments");
                Vec::new()
            }
        }
    }

    /// Unpacks the store into `work`; `None`, with a warning, where it is gone or damaged.
    pub(super) fn store(&self, folder: &Path, work: &Path) -> Option<Store> {
        let manifest = &self.manifest;
        if manifest.schema != SCHEMA {
            return None;
        }
        let packed = folder.join("targets").join(self.snapshot_file());
        let unpacked = work.join(format!("gen-{}.db", manifest.generation));
        let unpack = || -> Result<Store, SnapshotError> {
            let file = fs::File::open(&packed).map_err(|source| SnapshotError::Io {
                path: packed.clone(),
                source,
            })?;
            unpack_snapshot(file, &unpacked, UNPACKED_LIMIT)?;
            verify(&unpacked, manifest)?;
            Ok(Store::open_file(&unpacked)?)
        };
        unpack()
            .inspect_err(|error| {
                tracing::warn!(
                    generation = manifest.generation,
                    %error,
                    "no delta from an earlier generation: its snapshot cannot be used"
                );
            })
            .ok()
    }
}

/// The names in a folder that are text.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, PublishError> {
    let failed = |source| PublishError::io(folder, source);
    fs::read_dir(folder)
        .map_err(failed)?
        .filter_map(|entry| {
            entry
                .map(|entry| entry.file_name().into_string().ok())
                .transpose()
        })
        .collect::<Result<_, _>>()
        .map_err(failed)
}

fn folder_url(folder: &Path) -> Result<Url, PublishError> {
    let absolute = folder
        .canonicalize()
        .map_err(|source| PublishError::io(folder, source))?;
    Ok(Url::from_directory_path(absolute).expect("a canonical path is absolute"))
}
