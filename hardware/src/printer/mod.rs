//! Receipt printers that speak ESC/POS.
//!
//! [`Printer`] is the policy, `link` the questions and answers, [`status`] the vocabulary, [`replies`] what comes back, `job` the bytes that
//! go out, [`simulator`] the other end of the wire. [`Profile`]s say what models differ in.

mod device;
mod job;
mod link;
mod paper;
mod profile;
pub mod replies;
pub mod simulator;
pub mod status;

pub use device::{Doubt, Outcome, Printer, Slot};
pub use job::{ProcessId, Sheets};
pub use paper::Roll;
pub use profile::{Codes, Cut, PROFILES, Presenter, Profile, Proof, Reports};
pub use status::Status;
