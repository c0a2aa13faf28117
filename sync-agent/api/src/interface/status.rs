//! How the terminal is.

use serde::{Deserialize, Serialize};
use zlink::introspect::CustomType;

use super::{Device, Paper, Time};

/// The reply to `Status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, CustomType)]
pub struct Status {
    /// The agent's version.
    pub agent_version: String,
    /// The published content on this terminal.
    pub release: Release,
    /// The slip printer.
    pub printer: PrinterState,
    /// Whether the release address answers.
    pub network: NetworkState,
    /// Every device of this terminal, each for itself.
    #[serde(default)]
    pub devices: Vec<Device>,
    /// The paper in the printer, where there is one.
    #[serde(default)]
    pub paper: Option<Paper>,
    /// The slot in the printer's bezel; absent where the printer cannot tell.
    #[serde(default)]
    pub slot: Option<SlotState>,
    /// What a configuration code has set, where one was shown.
    #[serde(default)]
    pub settings: Option<SettingsInForce>,
    /// The number of the newest event that this status already contains: watch from the next one.
    pub seq: u64,
}

/// What a configuration code has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct SettingsInForce {
    /// When the code was made.
    pub issued_at: Time,
    /// Each as in the configuration file, such as `release.poll-seconds = 60`.
    pub settings: Vec<String>,
}

/// The published content on this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Release {
    /// Whether there is content and how fresh it is.
    pub state: ReleaseState,
    /// The generation in use.
    pub generation: Option<u64>,
    /// When that generation was published.
    pub published_at: Option<Time>,
    /// When a release was last fetched and its signatures found good.
    pub checked_at: Option<Time>,
    /// When the newest signature known here expires.
    pub expires_at: Option<Time>,
    /// Why the last attempt brought nothing; absent after a good one.
    pub problem: Option<PullProblem>,
    /// The terminal's clock runs behind a time that has certainly passed: somebody should set it.
    pub clock_behind: bool,
}

/// What came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Imported {
    /// The generation that is in use now.
    pub generation: u64,
    /// Whether the terminal switched to it; else it was in use already, or is not for this terminal yet.
    pub switched: bool,
}

/// Whether there is content and how fresh it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum ReleaseState {
    /// No release was ever pulled.
    NeverPulled,
    /// The last check succeeded.
    Current,
    /// There is content, and the last check failed.
    Stale,
    /// The signatures have expired: the content stays, with its date.
    Expired,
}

/// Why an attempt to pull a release brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum PullProblem {
    /// The address does not answer.
    Unreachable,
    /// The address answers, but holds no release.
    NotFound,
    /// The address answers with something that is no answer to the question.
    UnexpectedAnswer,
    /// A file comes too slowly.
    TooSlow,
    /// A row is larger than a terminal takes.
    OversizedRow,
    /// The release was tried before and did not work on this terminal.
    BadGeneration,
    /// A signature is wrong.
    Forged,
    /// A file is shorter than signed.
    Truncated,
    /// A file is longer than signed, or does not end.
    Endless,
    /// A file has another digest than signed.
    WrongDigest,
    /// The signatures have expired.
    Expired,
    /// The release is older than one seen before.
    RolledBack,
    /// A file cannot be understood.
    Malformed,
    /// The release needs a newer terminal.
    TooNew,
    /// The disk is full.
    DiskFull,
    /// The terminal's clock stepped back in the middle of a pull.
    ClockStepped,
    /// The root of trust cannot be read.
    Root,
    /// The terminal's own files cannot be read or written.
    Storage,
}

/// The slip printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum PrinterState {
    /// Ready.
    Ready,
    /// Ready, and the paper is running out.
    NearEnd,
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    CutterError,
    /// An error that passes by itself, such as an overheated head.
    Recoverable,
    /// An error that needs a technician.
    Unrecoverable,
    /// Connected, but taken off line.
    Offline,
    /// Does not answer.
    Disconnected,
    /// This terminal has none.
    NotConfigured,
}

impl PrinterState {
    /// Whether a slip can be printed now.
    #[must_use]
    pub const fn can_print(self) -> bool {
        matches!(self, Self::Ready | Self::NearEnd)
    }
}

/// The slot that a printer holds slips in until somebody takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum SlotState {
    /// No slip is in it.
    Empty,
    /// A slip is to be taken.
    Waiting,
    /// A slip has waited so long that nobody seems to want it.
    Left,
    /// The printer took back in what nobody wanted.
    Retracted,
    /// The printer cannot be asked any more.
    Unknown,
}

/// Whether the release address answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum NetworkState {
    /// Not tried yet.
    Unknown,
    /// The last attempt reached it.
    Reachable,
    /// The last attempt did not.
    Unreachable,
}
