//! What the screen says of a print.

use terminal_api::client::CallError;
use terminal_api::interface::{Failure, Job, JobState, PrinterState, Refusal};

use crate::ui;

/// Where the resident's print stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Stage {
    /// Nothing is printed.
    #[default]
    Idle,
    /// The slip did not come out, and before it is printed again it is taken out of the queue.
    TakingOut,
    /// Nothing has gone to the printer yet.
    Sending,
    /// The slip is with the printer, so many percent of it.
    Printing(u8),
    /// The printer said that the slip is printed and cut.
    PleaseTake,
    /// Nobody knows what became of it.
    Uncertain,
    /// Nothing was printed.
    Failed(Reason),
}

/// Why nothing was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// What the journal says.
    Failure(Failure),
    /// Too many prints are waiting.
    QueueFull,
    /// The agent did not take the print.
    NoAgent,
}

impl Stage {
    /// What a job in this state looks like; `None` when nothing is left to show.
    pub(super) fn of(job: &Job) -> Option<Self> {
        Some(match job.state {
            JobState::Queued => Self::Sending,
            JobState::Sending => Self::Printing(job.sent_percent),
            JobState::Sent => Self::Printing(100),
            JobState::Proven => Self::PleaseTake,
            JobState::Uncertain => Self::Uncertain,
            JobState::Failed => Self::Failed(Reason::Failure(job.failure.unwrap_or(Failure::Disconnected))),
            JobState::Cancelled | JobState::CameOut | JobState::NothingCameOut => return None,
        })
    }

    /// What an answer without a job means. When the connection broke, the agent may have heard the request.
    pub(super) const fn refused(error: &CallError) -> Self {
        match error {
            CallError::Refused(Refusal::PrinterUnavailable { state }) => {
                Self::Failed(Reason::Failure(match state {
                    PrinterState::PaperOut => Failure::PaperOut,
                    PrinterState::CoverOpen => Failure::CoverOpen,
                    PrinterState::CutterError => Failure::CutterError,
                    PrinterState::Recoverable => Failure::Recoverable,
                    PrinterState::Unrecoverable => Failure::Unrecoverable,
                    PrinterState::Offline => Failure::Offline,
                    PrinterState::Ready
                    | PrinterState::NearEnd
                    | PrinterState::Disconnected
                    | PrinterState::NotConfigured => Failure::Disconnected,
                }))
            }
            CallError::Refused(Refusal::QueueFull) => Self::Failed(Reason::QueueFull),
            CallError::Refused(Refusal::Unavailable { .. }) => Self::Failed(Reason::NoAgent),
            CallError::Refused(_) => Self::Failed(Reason::Failure(Failure::Composition)),
            CallError::Lost(_) | CallError::Silent => Self::Uncertain,
        }
    }

    /// Whether the print may still move on by itself.
    pub(super) const fn runs(&self) -> bool {
        matches!(self, Self::TakingOut | Self::Sending | Self::Printing(_))
    }

    /// The keys of its title and its text.
    pub(super) const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Idle | Self::TakingOut | Self::Sending => ("print-sending", "print-sending-text"),
            Self::Printing(_) => ("print-printing", "print-printing-text"),
            Self::PleaseTake => ("print-take", "print-take-text"),
            Self::Uncertain => ("print-uncertain", "print-uncertain-text"),
            Self::Failed(reason) => (reason.word(), "print-failed-text"),
        }
    }

    pub(super) const fn state(&self) -> ui::PrintState {
        match self {
            Self::Idle | Self::TakingOut | Self::Sending => ui::PrintState::Sending,
            Self::Printing(_) => ui::PrintState::Printing,
            Self::PleaseTake => ui::PrintState::PleaseTake,
            Self::Uncertain => ui::PrintState::Uncertain,
            Self::Failed(_) => ui::PrintState::Failed,
        }
    }
}

impl Reason {
    const fn word(self) -> &'static str {
        match self {
            Self::QueueFull => "print-failed-queue-full",
            Self::NoAgent => "print-failed-no-agent",
            Self::Failure(failure) => match failure {
                Failure::PaperOut => "print-failed-paper-out",
                Failure::CoverOpen => "print-failed-cover-open",
                Failure::CutterError => "print-failed-cutter-error",
                Failure::Recoverable => "print-failed-recoverable",
                Failure::Unrecoverable => "print-failed-unrecoverable",
                Failure::Offline => "print-failed-offline",
                Failure::Disconnected => "print-failed-disconnected",
                Failure::Composition => "print-failed-composition",
                Failure::Interrupted => "print-failed-interrupted",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use terminal_api::interface::Time;

    use super::*;

    fn job(state: JobState, sent_percent: u8) -> Job {
        Job {
            id: "job".to_owned(),
            state,
            failure: (state == JobState::Failed).then_some(Failure::PaperOut),
            sent_percent,
            created_at: Time::from(jiff::Timestamp::UNIX_EPOCH),
        }
    }

    #[test]
    fn the_screen_follows_the_journal() {
        let table = [
            (JobState::Queued, Some(Stage::Sending)),
            (JobState::Sending, Some(Stage::Printing(60))),
            (JobState::Sent, Some(Stage::Printing(100))),
            (JobState::Proven, Some(Stage::PleaseTake)),
            (JobState::Uncertain, Some(Stage::Uncertain)),
            (
                JobState::Failed,
                Some(Stage::Failed(Reason::Failure(Failure::PaperOut))),
            ),
            (JobState::Cancelled, None),
            (JobState::CameOut, None),
            (JobState::NothingCameOut, None),
        ];
        for (state, stage) in table {
            assert_eq!(Stage::of(&job(state, 60)), stage, "{state:?}");
        }
    }

    #[test]
    fn only_a_proven_print_is_claimed() {
        use JobState::*;
        for state in [
            Queued,
            Sending,
            Sent,
            Uncertain,
            Failed,
            Cancelled,
            CameOut,
            NothingCameOut,
        ] {
            assert_ne!(Stage::of(&job(state, 100)), Some(Stage::PleaseTake), "{state:?}");
        }
    }

    #[test]
    fn a_broken_connection_leaves_open_whether_it_was_printed() {
        assert_eq!(Stage::refused(&CallError::Silent), Stage::Uncertain);
        assert_eq!(
            Stage::refused(&CallError::Refused(Refusal::PrinterUnavailable {
                state: PrinterState::PaperOut
            })),
            Stage::Failed(Reason::Failure(Failure::PaperOut))
        );
    }
}
