//! The file system replayed to every write barrier.
//!
//! The agent's own program works in a folder whose file system, a FUSE layer ([`mount`]), keeps everything in memory and
//! records every change and every barrier ([`disk`]). From the record the folder is made again as a power cut at each
//! barrier would leave it: with nothing but what was synced, and, just before the next barrier, with some of the rest as
//! well. On each of these folders the agent starts anew.
//!
//! A machine without `/dev/fuse`, or without the right to mount, says so and tests nothing here.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod disk;
mod mount;
mod outbox;
mod release;

#[allow(dead_code, reason = "a hub that does more than is asked of it here")]
#[path = "../submissions/hub.rs"]
mod hub;
#[path = "../support/rows.rs"]
mod rows;
#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code, reason = "a terminal that does more than is asked of it here")]
#[path = "../submissions/terminal.rs"]
mod terminal;
