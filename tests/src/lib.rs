//! A whole terminal on one machine, for tests, benches and the demo.
//!
//! * [`programs`]: starts the real programs and ends them by id;
//! * [`terminal`]: keys, a published sample, hub, simulators and agent in one folder.

pub mod programs;
pub mod terminal;
