//! Printer, card reader, scanner and GPIO: drivers, slip composition and simulators.

pub mod slip;
