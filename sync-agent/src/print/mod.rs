//! Slips: composed from records, journalled, printed, and never claimed without a proof.

pub mod compose;
mod journal;
mod layouts;
pub(crate) mod logo;
mod paper;
mod roll;
mod service;
mod slot;
mod words;
mod worker;

pub use journal::{Boot, Journal, JournalError, Work};
pub use service::{PrintService, Setup};
