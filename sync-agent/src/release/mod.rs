//! Bringing new generations of the content onto the terminal.
//!
//! A [`Puller`] looks at a release [`Source`], lets TUF judge it ([`trust`]), and builds the generation
//! beside the one in use ([`generation`]). Whatever goes wrong, the old content stays; every refusal is
//! its own [`PullError`].

mod blobs;
mod building;
mod download;
mod error;
mod fetch;
mod floors;
mod folder;
pub mod generation;
mod handle;
mod health;
mod options;
mod poll;
mod pull;
mod shield;
mod shown;
mod source;
mod space;
mod state;
mod sticks;
pub mod trial;
pub mod trust;

pub use blobs::{BlobFetcher, Blobs};
pub use download::Pace;
pub use error::PullError;
pub use floors::{Floors, Role};
pub use generation::{SnapshotReason, Way};
pub use handle::{Import, ReleaseHandle};
pub use options::{Options, Patience};
pub use poll::{Poller, Schedule, Setup};
pub(crate) use pull::blocking;
pub use pull::{Pulled, Puller, Report, WentBack};
pub use shown::at_start;
pub use source::Source;
pub use state::{StateFolder, StateLock};
pub use trust::certificate_time;
