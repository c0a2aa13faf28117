//! Printer, card reader, scanner and GPIO: drivers, slip composition and simulators.

pub mod card;
pub mod printer;
pub mod scanner;
pub mod simulator;
pub mod slip;
pub mod wire;
