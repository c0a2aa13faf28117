//! Printing, as the resident sees it. The screen never claims a print that the printer did not prove.

mod stage;

use std::cell::RefCell;
use std::rc::Rc;

use catalog::record::RecordId;
use terminal_api::client::CallError;
use terminal_api::interface::{Job, JobState, Print, Refusal, TextSize};

use self::stage::Stage;
use crate::idle::Occupation;
use crate::navigation::Place;
use crate::{App, pages, phone, ui};

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
    /// The last request of the visits that are over.
    last_of_former: u64,
    job: Option<String>,
}

/// A slip that the resident wants again, because nothing came out. It is printed once the first one cannot come any more.
#[derive(Debug)]
pub(crate) struct Repeat {
    number: u64,
    /// The job of the first one.
    pub(crate) job: String,
    request: Print,
}

/// What became of the slip of which the resident says that it did not come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// It was taken out of the queue, or nothing was ever sent.
    WillNotCome,
    /// Nobody knows; the journal is to keep what the resident said.
    Uncertain,
    /// It is on its way, or came out.
    Comes,
    /// The agent does not say.
    Unknown,
}

impl First {
    const fn of(result: &Result<Job, CallError>) -> Self {
        match result {
            Ok(_) | Err(CallError::Refused(Refusal::NoSuchJob { .. })) => Self::WillNotCome,
            Err(CallError::Refused(Refusal::WrongState { state, .. })) => match state {
                JobState::Cancelled | JobState::Failed | JobState::NothingCameOut => Self::WillNotCome,
                JobState::Uncertain => Self::Uncertain,
                JobState::Queued
                | JobState::Sending
                | JobState::Sent
                | JobState::Proven
                | JobState::CameOut => Self::Comes,
            },
            Err(_) => Self::Unknown,
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
    sheet.on_came_out(app.react(came_out));
    sheet.on_nothing_came(app.react(nothing_came));
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

fn came_out(app: &App) {
    let job = app.printing().state.borrow().job.clone();
    if let Some(job) = job {
        app.agent().answer(job, true);
    }
    close(app);
}

/// The screen may be behind the journal: the first slip is taken out of the queue, in case it still waits, before
/// another is asked for.
fn nothing_came(app: &App) {
    let mut current = app.printing().state.borrow_mut();
    let (Some(job), Some(request)) = (current.job.clone(), current.request.clone()) else {
        drop(current);
        return again(app);
    };
    current.number += 1;
    current.stage = Stage::TakingOut;
    let number = current.number;
    drop(current);
    show(app);
    app.agent().take_out(Repeat { number, job, request });
}

/// The first slip was taken out of the queue, or was not.
pub(crate) fn taken_out(app: &App, repeat: Repeat, result: &Result<Job, CallError>) {
    let first = First::of(result);
    let (is_former, is_shown) = {
        let current = app.printing().state.borrow();
        (
            repeat.number <= current.last_of_former,
            repeat.number == current.number,
        )
    };
    if is_former {
        return;
    }
    if first == First::Uncertain {
        app.agent().answer(repeat.job.clone(), false);
    }
    match first {
        First::WillNotCome | First::Uncertain if is_shown => again(app),
        // The sheet was closed meanwhile; the resident still waits for the slip.
        First::WillNotCome | First::Uncertain => app.agent().print(repeat.number, repeat.request),
        First::Comes | First::Unknown if is_shown => {
            app.printing().state.borrow_mut().stage = if first == First::Comes {
                Stage::Sending
            } else {
                Stage::Uncertain
            };
            show(app);
            app.agent().job(repeat.job);
        }
        First::Comes | First::Unknown => {}
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
    let mut current = app.printing().state.borrow_mut();
    current.request = None;
    current.last_of_former = current.number;
    drop(current);
    close(app);
}

/// The agent took the request with this number, or did not.
pub(crate) fn accepted(app: &App, number: u64, result: Result<Job, CallError>) {
    let mut current = app.printing().state.borrow_mut();
    if current.number != number {
        let is_former = number <= current.last_of_former;
        drop(current);
        if is_former {
            nobody_waits(app, result);
        }
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

/// A print that the agent took after the visit that asked for it was over: every call has its own connection, so the
/// end may have overtaken it.
fn nobody_waits(app: &App, result: Result<Job, CallError>) {
    match result {
        Ok(job) => app.agent().cancel(job.id),
        Err(CallError::Refused(_)) => {}
        Err(CallError::Lost(_) | CallError::Silent) => app.agent().end_was_not_heard(),
    }
}

/// A job moved on.
pub(crate) fn moved_on(app: &App, job: &Job) {
    let mut current = app.printing().state.borrow_mut();
    if current.job.as_ref() != Some(&job.id) || current.stage == Stage::TakingOut {
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
    // One that is being taken out hears of it by its own call.
    if !current.stage.runs() || current.stage == Stage::TakingOut {
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
