//! What the government publishes, as the terminal, its agent and the hub all see it.
//!
//! * [`record`]: the record types, one file a kind;
//! * [`store`]: the SQLite file that holds them on a terminal;
//! * [`release`]: what travels between hub and terminal: manifest, snapshot, deltas;
//! * [`search`]: what residents type, and what they find;
//! * [`clock`], [`atomic`]: the only places that ask for the time and that replace files.

pub mod atomic;
pub mod clock;
pub mod record;
pub mod release;
pub mod search;
pub mod store;
