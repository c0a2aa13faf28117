//! Sensors and lights on the board's own pins.
//!
//! [`Pins`] is the seam: a Raspberry Pi by `rppal`, any other board by its GPIO chip (`gpiocdev`), and a
//! [`simulator`] over a line. A board without GPIO is normal: [`GpioError::None`].

mod chip;
mod debounce;
mod light;
mod remote;
mod rpi;
pub mod simulator;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::wire::Endpoint;

pub use debounce::Debounce;
pub use light::Light;

/// The voltage of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No voltage.
    Low,
    /// The supply's voltage.
    High,
}

impl std::ops::Not for Level {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

/// Where the pins are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Board {
    /// A Raspberry Pi; lines are BCM numbers.
    RaspberryPi,
    /// The lines of a GPIO chip, such as `/dev/gpiochip0`.
    Chip(PathBuf),
    /// A simulator.
    Simulator(Endpoint),
}

/// The pins cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GpioError {
    /// This board has no GPIO.
    #[error("no GPIO on this board")]
    None,
    /// A line cannot be had: it does not exist, or something else uses it.
    #[error("line {line} cannot be used: {reason}")]
    Line {
        /// Its number.
        line: u32,
        /// What is in the way.
        reason: String,
    },
    /// The chip cannot be read or written.
    #[error("GPIO: {0}")]
    Io(String),
}

/// Lines that are read and lines that are driven. Made by [`open`].
pub trait Pins: Send {
    /// The level of an input.
    fn read(&mut self, line: u32) -> Result<Level, GpioError>;

    /// Drives an output.
    fn write(&mut self, line: u32, level: Level) -> Result<(), GpioError>;
}

/// Takes `inputs`, and `outputs` with the level each starts at.
pub fn open(board: &Board, inputs: &[u32], outputs: &[(u32, Level)]) -> Result<Box<dyn Pins>, GpioError> {
    Ok(match board {
        Board::RaspberryPi => Box::new(rpi::RaspberryPi::open(inputs, outputs)?),
        Board::Chip(path) => Box::new(chip::ChipLines::open(path, inputs, outputs)?),
        Board::Simulator(endpoint) => Box::new(remote::Remote::open(endpoint, outputs)?),
    })
}
