//! Receipt printers that speak ESC/POS.
//!
//! [`Printer`] is the policy, [`status`] the vocabulary, `escpos_job` the bytes, [`simulator`] the
//! other end of the wire.

mod device;
mod escpos_job;
mod profile;
pub mod simulator;
pub mod status;

pub use device::{Doubt, Outcome, Printer};
pub use escpos_job::ProcessId;
pub use profile::{Cut, PROFILES, Profile, Proof};
pub use status::Status;
