//! What the government publishes, as the terminal, its agent and the hub all see it.
//!
//! * [`record`]: the record types, one file a kind;
//! * [`source`]: reads a folder of source content into records;
//! * [`check`]: judges what was read;
//! * [`store`]: the SQLite file that holds them on a terminal;
//! * [`release`]: what travels between hub and terminal: manifest, snapshot, deltas;
//! * [`search`]: what residents type, and what they find;
//! * [`submission`]: what residents hand in and terminals report, and the envelope around it;
//! * [`takeaway`]: what a QR code carries to the phone;
//! * [`typeset()`], [`Language`], [`words`]: how text is shown;
//! * [`calendar`]: working days;
//! * [`clock`], [`atomic`]: the only places that ask for the time and that replace files;
//! * [`explain()`]: an error in words, for logs and command lines;
//! * [`power`]: where tests cut the power.

pub mod atomic;
pub mod calendar;
pub mod check;
pub mod clock;
mod explain;
mod language;
pub mod power;
pub mod record;
pub mod release;
pub mod search;
pub mod source;
pub mod store;
pub mod submission;
pub mod takeaway;
pub mod typeset;
pub mod words;

pub use explain::explain;
pub use language::{Language, UnknownLanguage};
pub use typeset::typeset;
