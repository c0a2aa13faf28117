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
    /// This terminal hands nothing in: no hub is configured.
    NoHub,
    /// This terminal hands nothing in any more: the hub has revoked its key, and what is handed in would reach nobody.
    Revoked,
    /// The form cannot be handed in as it is.
    InvalidForm {
        /// The first field that is wrong.
        field: String,
    },
    /// More files, or longer ones, than may go with a submission.
    TooLarge,
    /// No file of this name was attached whole to this submission.
    NoSuchFile {
        /// The file.
        file: String,
    },
    /// The outbox is full: nothing more is taken in before something was sent.
    OutboxFull,
    /// The text is no query code.
    InvalidCode,
    /// Nothing was handed in here under this code.
    NoSuchCode,
    /// Too many codes were tried; wait a while.
    TooManyTries,
    /// The hub does not answer, so what it knows cannot be told now.
    HubUnreachable,
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
            Self::NoHub => f.write_str("this terminal hands nothing in: no hub is configured"),
            Self::Revoked => {
                f.write_str("this terminal hands nothing in any more: the hub has revoked its key")
            }
            Self::InvalidForm { field } => write!(f, "the form cannot be handed in: {field}"),
            Self::TooLarge => f.write_str("too many files, or too long ones"),
            Self::NoSuchFile { file } => write!(f, "no whole file {file}"),
            Self::OutboxFull => f.write_str("the outbox is full"),
            Self::InvalidCode => f.write_str("this is no query code"),
            Self::NoSuchCode => f.write_str("nothing was handed in here under this code"),
            Self::TooManyTries => f.write_str("too many codes were tried"),
            Self::HubUnreachable => f.write_str("the hub does not answer"),
            Self::ReleaseRefused { reason, .. } => write!(f, "the release was not taken: {reason}"),
            Self::Unavailable { reason } => write!(f, "the agent could not do it: {reason}"),
        }
    }
}
