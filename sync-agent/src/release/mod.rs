//! Bringing new generations of the content onto the terminal.
//!
//! A [`Puller`] looks at a release [`Source`], lets TUF judge it ([`trust`]), and builds the generation
//! beside the one in use ([`generation`]). Whatever goes wrong, the old content stays; every refusal is
//! its own [`PullError`].

mod error;
mod fetch;
mod floors;
pub mod generation;
mod poll;
mod pull;
mod source;
mod state;
pub mod trust;

pub use error::PullError;
pub use floors::{Floors, Role};
pub use generation::{SnapshotReason, Way};
pub use poll::{Poller, Schedule, at_start};
pub use pull::{Pulled, Puller, Report};
pub use source::Source;
pub use state::{StateFolder, StateLock};
