//! The power is cut at every durable step: before it, in the middle of it, after it.
//!
//! Real processes, killed by SIGKILL at the points of `catalog::power`. First a run without a cut says which points it reaches;
//! then there is a case for every one of them, after which the next start makes good what was left half done.
//!
//! * [`releases`]: the old generation or the new one, whole;
//! * [`outbox`]: nothing that was accepted is lost, nothing is handed in twice, nothing lies there in the clear;
//! * [`enrolment`]: one identity, which the hub takes;
//! * [`prints`]: no slip twice.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod enrolment;
mod hall;
mod outbox;
mod prints;
mod releases;
mod scenario;

#[path = "../support/terminal.rs"]
mod bench;
#[path = "../support/card_steps.rs"]
mod card_steps;
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
