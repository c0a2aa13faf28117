//! The calling side of the interface.
//!
//! * [`Connection`]: one connection, asynchronous, gone when it breaks;
//! * [`Link`]: for a program that lives as long as the terminal. A thread of its own keeps watching,
//!   reconnects, and hands over what happens.

mod connection;
mod link;

pub use connection::{CallError, Connection};
pub use link::{Link, News};
