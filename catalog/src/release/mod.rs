//! What travels from the hub to the terminals: the manifest, the snapshot and the deltas.
//!
//! Who may publish is TUF's concern; here is what the signed targets say and how they are applied.
//! Every path to a new generation ends in the same check: number of rows and digest as the manifest
//! says, or nothing has happened.

mod delta;
mod manifest;
mod snapshot;
mod verification;

pub use delta::{Applied, DeltaError, Limits, apply_delta, write_delta};
pub use manifest::{DeltaTarget, MANIFEST_TARGET, Manifest, ManifestError, SnapshotTarget};
pub use snapshot::{SnapshotError, pack_snapshot, unpack_snapshot, verify};
pub use verification::{Signature, Verification, VerificationError};
