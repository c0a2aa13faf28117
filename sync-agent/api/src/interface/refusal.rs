//! Why a call was refused.

use std::fmt;

use super::{JobState, PrinterState, PullProblem};

/// Why the agent refused a call.
#[derive(Debug, Clone, PartialEq, Eq, zlink::ReplyError, zlink::introspect::ReplyError)]
#[zlink(interface = "org.mingchuang.Terminal")]
pub enum Refusal {
    /// No release was pulled yet.
    NoContent,
    /// The current generation has no such record, or none that can be printed.
    NoSuchRecord {
        /// The id asked for.
        id: String,
    },
    /// The document has no such article.
    NoSuchArticle {
        /// The number asked for.
        article: String,
    },
    /// The request itself is wrong.
    BadRequest {
        /// What is wrong, for the developer of the caller.
        reason: String,
    },
    /// The printer cannot print now.
    PrinterUnavailable {
        /// The printer's state.
        state: PrinterState,
    },
    /// Too many prints are waiting.
    QueueFull,
    /// The journal knows no such job.
    NoSuchJob {
        /// The id asked for.
        job: String,
    },
    /// The job is in a state in which this call makes no sense.
    WrongState {
        /// The job.
        job: String,
        /// Its state.
        state: JobState,
    },
    /// A card is read only at the resident's wish.
    NoConsent,
    /// This terminal has no card reader.
    NoCardReader,
    /// Somebody else is having a card read.
    CardReaderBusy,
    /// A release was not taken.
    ReleaseRefused {
        /// What is wrong with it.
        problem: PullProblem,
        /// In words, for the operator.
        reason: String,
    },
    /// The agent could not do its part, such as write its journal.
    Unavailable {
        /// What happened, for the operator.
        reason: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoContent => f.write_str("this terminal has no content yet"),
            Self::NoSuchRecord { id } => write!(f, "no record {id} to print"),
            Self::NoSuchArticle { article } => write!(f, "no article {article}"),
            Self::BadRequest { reason } => f.write_str(reason),
            Self::PrinterUnavailable { state } => write!(f, "the printer cannot print now: {state:?}"),
            Self::QueueFull => f.write_str("too many prints are waiting"),
            Self::NoSuchJob { job } => write!(f, "no job {job}"),
            Self::WrongState { job, state } => write!(f, "job {job} is {state:?}"),
            Self::NoConsent => f.write_str("no card is read without the resident's consent"),
            Self::NoCardReader => f.write_str("this terminal has no card reader"),
            Self::CardReaderBusy => f.write_str("a card is being read for somebody else"),
            Self::ReleaseRefused { reason, .. } => write!(f, "the release was not taken: {reason}"),
            Self::Unavailable { reason } => write!(f, "the agent could not do it: {reason}"),
        }
    }
}
