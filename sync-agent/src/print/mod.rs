//! Slips: composed from records, journalled, printed, and never claimed without a proof.

pub mod compose;
mod journal;
mod service;
mod words;
mod worker;

pub use journal::{Journal, JournalError};
pub use service::{PrintService, Setup};
