//! What travels from the hub to the terminals: the manifest, the snapshot and the deltas.
//!
//! Who may publish is TUF's concern; here is what the signed targets say and how they are applied.
//! Every path to a new generation ends in the same check: number of rows and digest as the manifest
//! says, or nothing has happened.

mod blob;
mod delta;
mod limits;
mod manifest;
mod rollout;
mod snapshot;
mod verification;

pub use blob::{
    BLOB_FOLDER, BLOBS_TARGET, Blob, BlobsError, BlobsTarget, blob_file, blob_target, read_blobs, write_blobs,
};
pub use delta::{Applied, DeltaError, apply_delta, write_delta};
pub use limits::{LARGEST_BLOB, LARGEST_ROW, Limits};
pub use manifest::{DeltaTarget, MANIFEST_TARGET, Manifest, ManifestError, SnapshotTarget};
pub use rollout::{RING_PLACES, ROLLOUT_TARGET, Rollout, RolloutError, RolloutState, ring_place};
pub use snapshot::{SnapshotError, pack_snapshot, unpack_snapshot, verify};
pub use verification::{Signature, Verification, VerificationError};
