//! What the government publishes, as the terminal, its agent and the hub all see it.
//!
//! * [`record`]: the record types, one file a kind;
//! * [`clock`], [`atomic`]: the only places that ask for the time and that replace files.

pub mod atomic;
pub mod clock;
pub mod record;
