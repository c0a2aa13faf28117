//! Handing in, the whole way: the agent's own program over its socket, a hub over TLS, an outbox on a disk.

#![expect(clippy::unwrap_used, reason = "tests")]

mod certificate;
mod hub;
mod journey;
mod power;
mod rollout;
#[path = "../support/rows.rs"]
mod rows;
mod terminal;
mod trouble;
