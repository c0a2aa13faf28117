//! A whole terminal on one machine, for tests, benches and the demo.
//!
//! * [`programs`]: starts the real programs and ends them by id;
//! * [`terminal`]: keys, a published sample, hub, simulators and agent in one folder;
//! * [`resident`]: somebody in front of a kiosk, as a test or the demo moves them;
//! * [`phone`]: what they scan and open.

pub mod phone;
pub mod programs;
pub mod resident;
pub mod terminal;
