//! Prints.

use serde::{Deserialize, Serialize};
use zlink::introspect::CustomType;

use super::Time;

/// What to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Print {
    /// The records' ids, 1 to 20: one slip for all.
    pub records: Vec<String>,
    /// Of a document, the article to print, as its number is written in the record.
    pub article: Option<String>,
    /// The language of the slip's own words.
    pub language: Language,
    /// The size of the letters.
    pub size: TextSize,
    /// Of a guide, the materials that the resident ticked, counted from 0.
    pub ticks: Option<Vec<u32>>,
}

impl Print {
    /// How many records one slip may carry.
    pub const MOST_RECORDS: usize = 20;
}

/// A language of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language's tag by BCP 47, as the folders of translations are named.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// The size of a slip's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum TextSize {
    /// The usual size.
    Normal,
    /// Large print.
    Large,
}

/// A print, as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Job {
    /// The job's id.
    pub id: String,
    /// Where the job stands.
    pub state: JobState,
    /// Why it failed; only when it has.
    pub failure: Option<Failure>,
    /// How much of the slip has been sent, in percent.
    pub sent_percent: u8,
    /// When the job was accepted.
    pub created_at: Time,
}

/// Where a print stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum JobState {
    /// Accepted, nothing sent yet.
    Queued,
    /// Bytes are going to the printer.
    Sending,
    /// All bytes are with the printer, which has not yet said that it is done.
    Sent,
    /// The printer said that the slip is printed and cut.
    Proven,
    /// Bytes were sent, and nobody knows what became of them. Never repeated without being asked.
    Uncertain,
    /// Nothing was sent.
    Failed,
    /// Taken out of the queue before anything was sent.
    Cancelled,
    /// Was uncertain; the resident said that the slip came out.
    CameOut,
    /// Was uncertain; the resident said that no slip came out.
    NothingCameOut,
}

impl JobState {
    /// Whether the job's state can still change by itself.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Sent)
    }
}

/// Why nothing was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Failure {
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    CutterError,
    /// The printer reports an error that passes by itself, and it did not pass in time.
    Recoverable,
    /// The printer reports an error that needs a technician.
    Unrecoverable,
    /// The printer is off line.
    Offline,
    /// The printer does not answer.
    Disconnected,
    /// The slip could not be composed.
    Composition,
    /// The agent restarted before anything was sent.
    Interrupted,
}
