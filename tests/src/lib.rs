//! A whole terminal on one machine, for tests, benches and the demo.
//!
//! * [`programs`]: starts the real programs and ends them by id.

pub mod programs;
