//! The devices of a terminal, each for itself.

use serde::{Deserialize, Serialize};
use zlink::introspect::CustomType;

use super::Time;

/// How a device is, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Device {
    /// Which.
    pub kind: DeviceKind,
    /// How it is.
    pub state: DeviceState,
    /// What is the matter with it; absent when nothing is.
    pub trouble: Option<Trouble>,
    /// Since when it is so.
    pub since: Time,
}

/// A device that a terminal can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum DeviceKind {
    /// The slip printer.
    Printer,
    /// The code scanner.
    Scanner,
    /// The ID card reader.
    CardReader,
    /// Sensors and lights on the board's own pins.
    Gpio,
}

/// How a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum DeviceState {
    /// Not looked at yet.
    Starting,
    /// It works.
    Ready,
    /// It works, and somebody should look after it.
    Attention,
    /// It is there and does not work.
    Broken,
    /// It is not there, or does not answer.
    Away,
}

/// What is the matter with a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Trouble {
    /// The paper is running out.
    PaperLow,
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    CutterError,
    /// A slip that nobody took hangs in the slot.
    SlipLeft,
    /// An error that passes by itself.
    Recoverable,
    /// An error that needs a technician.
    Unrecoverable,
    /// It is connected and does not answer, or was taken off line.
    Silent,
    /// Nothing is connected.
    Disconnected,
    /// It sends noise without end.
    Babbling,
    /// The terminal's door is open.
    DoorOpen,
}

/// The reply to `SelfTest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct SelfTest {
    /// What was checked, one line each.
    pub checks: Vec<Check>,
}

impl SelfTest {
    /// Whether everything that the terminal has works.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.verdict != Verdict::Failed)
    }
}

/// One check of a self-test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Check {
    /// What was checked: `printer`, `journal`, `content` …
    pub subject: String,
    /// How it went.
    pub verdict: Verdict,
    /// What was found, for the operator.
    pub finding: String,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Verdict {
    /// It works.
    Passed,
    /// It works, and somebody should look after it.
    Warning,
    /// It does not work.
    Failed,
    /// This terminal has none.
    NotConfigured,
}

/// The paper in the printer, counted by what was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Paper {
    /// What is left of the roll, in centimetres.
    pub left_cm: u32,
    /// The roll when it was new, in centimetres.
    pub roll_cm: u32,
    /// Somebody should bring a new roll.
    pub is_low: bool,
}

/// The reply to `EndSession`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct SessionEnd {
    /// How many waiting prints were taken out of the queue.
    pub cancelled: u32,
}
