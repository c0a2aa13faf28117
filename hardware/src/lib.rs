//! Printer, card reader, scanner and GPIO: drivers, slip composition and simulators.

pub mod arrival;
pub mod card;
pub mod gpio;
pub mod printer;
pub mod scanner;
pub mod simulator;
pub mod slip;
pub mod usb;
pub mod wire;
