//! `manifest.json`: the target that an agent reads first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BlobsTarget;
use crate::store::{Meta, SCHEMA};

/// The name of the manifest among the signed targets.
pub const MANIFEST_TARGET: &str = "manifest.json";

/// What a release holds and how to get there.
///
/// Unknown fields are ignored, so that a later hub can say more to later agents; what an older agent
/// must not misread raises `schema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Counts up by one with every release.
    pub generation: u64,
    /// The schema of the store and of the record bodies.
    pub schema: u32,
    /// When the operator published it.
    pub published_at: Timestamp,
    /// Where the phone pages are reachable, without a slash at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// How many records.
    pub rows: u64,
    /// SHA-256 over all rows in key order, lower-case hex; see [`crate::store::rows_digest`].
    pub rows_digest: String,
    /// The whole store.
    pub snapshot: SnapshotTarget,
    /// Ways from earlier generations, newest first.
    #[serde(default)]
    pub deltas: Vec<DeltaTarget>,
    /// The pictures and PDFs that records name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blobs: Option<BlobsTarget>,
}

/// The compressed store among the signed targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTarget {
    /// The target's name.
    pub target: String,
    /// Its length in bytes, compressed.
    pub length: u64,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
    /// How many bytes it unpacks to: what the disk must have room for, and where a terminal stops unpacking. Releases of
    /// earlier hubs do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpacked: Option<u64>,
}

/// The compressed changes since an earlier generation among the signed targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeltaTarget {
    /// The generation it applies to.
    pub from: u64,
    /// The target's name.
    pub target: String,
    /// Its length in bytes, compressed.
    pub length: u64,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It is not a manifest.
    #[error("{MANIFEST_TARGET}: {0}")]
    Format(#[from] serde_path_to_error::Error<serde_json::Error>),
    /// It describes content that this program cannot read.
    #[error("{MANIFEST_TARGET}: the release has schema {found}, this program reads {SCHEMA}")]
    Schema {
        /// The schema that the manifest names.
        found: u32,
    },
}

impl Manifest {
    /// Reads a manifest and refuses one of another schema.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        /// Read first, because the rest of a later schema may have another shape.
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let head: Head = serde_path_to_error::deserialize(&mut reader)?;
        if head.schema != SCHEMA {
            return Err(ManifestError::Schema { found: head.schema });
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        Ok(serde_path_to_error::deserialize(&mut reader)?)
    }

    /// The manifest as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a manifest has string keys only")
    }

    /// What the store of this release says about itself.
    #[must_use]
    pub fn meta(&self) -> Meta {
        Meta {
            generation: self.generation,
            schema: self.schema,
            published_at: self.published_at,
            public_url: self.public_url.clone(),
        }
    }

    /// The delta that leads here from `generation`, if the release still has it.
    #[must_use]
    pub fn delta_from(&self, generation: u64) -> Option<&DeltaTarget> {
        self.deltas.iter().find(|delta| delta.from == generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_a_later_schema_is_refused_by_its_number_whatever_else_it_holds() {
        let error = Manifest::parse(br#"{"schema": 2, "rows": "many"}"#).unwrap_err();
        assert!(matches!(error, ManifestError::Schema { found: 2 }), "{error}");
    }

    #[test]
    fn an_unreadable_manifest_names_the_field() {
        let error = Manifest::parse(br#"{"schema": 1, "generation": -1}"#).unwrap_err();
        assert!(error.to_string().contains("generation"), "{error}");
    }
}
