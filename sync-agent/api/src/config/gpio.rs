//! Sensors and lights on the board's own pins.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Which line has which role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gpio {
    /// What drives the pins.
    #[serde(default)]
    pub board: GpioBoard,
    /// The chip, for boards that are none of the others. One that is named is there, or away; without a name, a board
    /// without GPIO is normal.
    pub chip: Option<PathBuf>,
    /// Where the simulator is, `host:port`.
    pub address: Option<String>,
    /// How many milliseconds a sensor must hold a level before it counts.
    #[serde(default = "default_debounce")]
    pub debounce_ms: u32,
    /// Active while somebody stands before the terminal.
    pub presence: Option<GpioLine>,
    /// Active while the terminal's door is open.
    pub door: Option<GpioLine>,
    /// Active while the paper is low: a switch at the roll.
    pub paper_low: Option<GpioLine>,
    /// The light over the printer's slot.
    pub printer_light: Option<GpioLine>,
    /// The light over the card reader.
    pub card_light: Option<GpioLine>,
    /// The light over the scanner's window.
    pub scanner_light: Option<GpioLine>,
    /// The panel's backlight; dark while nobody was there for ten minutes, where there is a presence sensor.
    pub backlight: Option<GpioLine>,
    /// Beats while the agent works, for an external watchdog: changes twice a second.
    pub heartbeat: Option<GpioLine>,
}

impl Gpio {
    /// The chip that is named, or the one that most boards have.
    #[must_use]
    pub fn chip(&self) -> &Path {
        self.chip.as_deref().unwrap_or(Path::new("/dev/gpiochip0"))
    }
}

/// What drives the pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GpioBoard {
    /// A Raspberry Pi where it is one, else the chip.
    #[default]
    Auto,
    /// A Raspberry Pi; lines are BCM numbers.
    RaspberryPi,
    /// The chip.
    Chip,
    /// A simulator.
    Simulator,
}

/// A line and the level at which it is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GpioLine {
    /// Its number.
    pub line: u32,
    /// The level at which it is active.
    #[serde(default)]
    pub active: ActiveLevel,
}

/// The level at which a line is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActiveLevel {
    /// With voltage.
    #[default]
    High,
    /// Without.
    Low,
}

const fn default_debounce() -> u32 {
    60
}
