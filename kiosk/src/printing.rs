//! Printing, as the resident sees it. The screen never claims a print that the printer did not prove.

use std::cell::RefCell;
use std::rc::Rc;

use catalog::record::RecordId;
use terminal_api::client::CallError;
use terminal_api::interface::{Failure, Job, JobState, Print, PrinterState, Refusal, TextSize};

use crate::idle::Occupation;
use crate::navigation::Place;
use crate::{App, pages, phone, ui};

/// Where the resident's print stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Stage {
    /// Nothing is printed.
    #[default]
    Idle,
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

/// The print of this visit.
#[derive(Debug, Default)]
pub(crate) struct Printing {
    state: RefCell<Current>,
}

#[derive(Debug, Default)]
struct Current {
    stage: Stage,
    /// What was asked for, to print it again when the resident says so.
    request: Option<Print>,
    /// Counts requests, so that a late answer to an earlier one is not taken for this one's.
    number: u64,
    job: Option<String>,
}

impl Stage {
    /// What a job in this state looks like; `None` when nothing is left to show.
    fn of(job: &Job) -> Option<Self> {
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
    const fn refused(error: &CallError) -> Self {
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
    const fn runs(&self) -> bool {
        matches!(self, Self::Sending | Self::Printing(_))
    }

    /// The keys of its title and its text.
    const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Idle | Self::Sending => ("print-sending", "print-sending-text"),
            Self::Printing(_) => ("print-printing", "print-printing-text"),
            Self::PleaseTake => ("print-take", "print-take-text"),
            Self::Uncertain => ("print-uncertain", "print-uncertain-text"),
            Self::Failed(reason) => (reason.word(), "print-failed-text"),
        }
    }

    const fn state(&self) -> ui::PrintState {
        match self {
            Self::Idle | Self::Sending => ui::PrintState::Sending,
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

/// Answers what is pressed on the sheet. Called once.
pub(crate) fn attach(app: &Rc<App>) {
    app.global::<ui::Actions>().on_print(app.react(start));
    let sheet = app.global::<ui::Printing>();
    sheet.on_done(app.react(close));
    sheet.on_close(app.react(close));
    sheet.on_again(app.react(again));
    sheet.on_came_out(app.react(|app| {
        answer(app, true);
        close(app);
    }));
    sheet.on_nothing_came(app.react(|app| {
        answer(app, false);
        again(app);
    }));
    sheet.on_to_phone(app.react(|app| {
        close(app);
        phone::open(app);
    }));
}

/// The records that printing and taking along are about: the page that is open, or the list.
pub(crate) fn chosen(app: &App) -> Vec<RecordId> {
    match app.place() {
        Place::Record { id, .. } => vec![id],
        Place::MyList => app.session().list().to_vec(),
        _ => Vec::new(),
    }
}

fn start(app: &App) {
    let records = chosen(app);
    if records.is_empty() || app.printing().state.borrow().stage.runs() {
        return;
    }
    let article = match app.place() {
        Place::Record { article, .. } => article.map(|article| article.to_string()),
        _ => None,
    };
    let ticks: Vec<u32> = match records.as_slice() {
        [id] => pages::ticks(app, id)
            .into_iter()
            .map(|index| index as u32)
            .collect(),
        _ => Vec::new(),
    };
    let request = Print {
        records: records.iter().map(ToString::to_string).collect(),
        article,
        language: app.session().language,
        size: if app.session().sight.is_large() {
            TextSize::Large
        } else {
            TextSize::Normal
        },
        ticks: (!ticks.is_empty()).then_some(ticks),
    };
    app.printing().state.borrow_mut().request = Some(request);
    again(app);
}

/// Prints what was asked for as a new job: only ever by the resident's choice.
fn again(app: &App) {
    let (number, request) = {
        let mut current = app.printing().state.borrow_mut();
        let Some(request) = current.request.clone() else {
            return;
        };
        current.number += 1;
        current.job = None;
        current.stage = Stage::Sending;
        (current.number, request)
    };
    show(app);
    app.agent().print(number, request);
}

fn answer(app: &App, came_out: bool) {
    let job = app.printing().state.borrow().job.clone();
    if let Some(job) = job {
        app.agent().answer(job, came_out);
    }
}

/// The sheet closes; what is with the printer goes on.
fn close(app: &App) {
    let mut current = app.printing().state.borrow_mut();
    current.stage = Stage::Idle;
    current.job = None;
    current.number += 1;
    drop(current);
    show(app);
}

/// Forgets the print: the visit is over.
pub(crate) fn wipe(app: &App) {
    app.printing().state.borrow_mut().request = None;
    close(app);
}

/// The agent took the request with this number, or did not.
pub(crate) fn accepted(app: &App, number: u64, result: Result<Job, CallError>) {
    let mut current = app.printing().state.borrow_mut();
    if current.number != number {
        return;
    }
    match result {
        Ok(job) => {
            current.stage = Stage::of(&job).unwrap_or_default();
            current.job = Some(job.id);
        }
        Err(error) => {
            tracing::warn!(%error, "the slip was not accepted");
            current.stage = Stage::refused(&error);
        }
    }
    drop(current);
    show(app);
}

/// A job moved on.
pub(crate) fn moved_on(app: &App, job: &Job) {
    let mut current = app.printing().state.borrow_mut();
    if current.job.as_ref() != Some(&job.id) {
        return;
    }
    current.stage = Stage::of(job).unwrap_or_default();
    drop(current);
    show(app);
}

/// The agent is there again: the job that was waited for is asked for.
pub(crate) fn connected(app: &App) {
    let job = app.printing().state.borrow().job.clone();
    if let Some(job) = job {
        app.agent().job(job);
    }
}

/// The agent went away: what runs is uncertain until it comes back.
pub(crate) fn disconnected(app: &App) {
    let mut current = app.printing().state.borrow_mut();
    if !current.stage.runs() {
        return;
    }
    current.stage = Stage::Uncertain;
    drop(current);
    show(app);
}

/// Somebody took the slip out of the slot: what asked for it closes.
pub(crate) fn taken(app: &App) {
    let asks = app.printing().state.borrow().stage == Stage::PleaseTake;
    if asks {
        close(app);
    }
}

/// Whether the sheet is on the screen.
pub(crate) fn is_shown(app: &App) -> bool {
    app.printing().state.borrow().stage != Stage::Idle
}

/// Shows the sheet as it stands.
pub(crate) fn show(app: &App) {
    let stage = app.printing().state.borrow().stage.clone();
    let (sheet, words) = (app.global::<ui::Printing>(), app.words());
    let (title, text) = stage.words();
    sheet.set_state(stage.state());
    sheet.set_sent(match stage {
        Stage::Printing(percent) => f32::from(percent.min(100)) / 100.0,
        _ => 0.0,
    });
    sheet.set_title(words.get(title).into());
    sheet.set_text(words.get(text).into());
    sheet.set_can_print(app.service().can_print());
    let was_shown = sheet.get_shown();
    sheet.set_shown(stage != Stage::Idle);
    match (was_shown, stage) {
        (true, Stage::Idle) => app.set_occupation(Occupation::Reading),
        (false, Stage::Idle) => {}
        _ => app.set_occupation(Occupation::Busy),
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
