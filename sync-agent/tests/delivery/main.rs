//! Releases over lines, caches, sticks and disks as they are.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod blobs;
mod clock;
mod nearby;
mod network;
mod poller;
mod proxy;
mod rollout;
#[path = "../support/mod.rs"]
mod support;
