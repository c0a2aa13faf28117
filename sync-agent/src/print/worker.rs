//! The one thread that talks to the printer.

use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use catalog::power::{Moment, point};
use hardware::arrival::Place;
use hardware::printer::{Doubt, Outcome, Printer, Sheets, Slot, Status};
use hardware::slip::{Fonts, Layout, render, set_text};
use terminal_api::config::PrinterMode;
use terminal_api::interface::{Change, Failure, JobState, PrinterState};
use tracing::{error, info, warn};

use super::journal::{cut_short_by, name};
use super::service::{Shared, Waiting};
use super::slot::{Finding, SlotWatch};
use crate::absence::{self, Absence};
use crate::backoff::Backoff;

/// Between two looks at an idle printer.
const LOOK: Duration = Duration::from_secs(3);
/// The same while a slip waits to be taken.
const LOOK_AT_SLOT: Duration = Duration::from_secs(1);
/// The longest pause between two tries to reach a printer that is not there.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a fault that passes by itself is waited for before a job.
const PATIENCE: Duration = Duration::from_secs(8);

pub(super) fn spawn(
    shared: Arc<Shared>,
    printer: Printer,
    place: Place,
    slot: SlotWatch,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        Worker {
            shared,
            printer,
            absence: Absence::new(place, Backoff::new(LOOK, LONGEST_PAUSE)),
            slot,
            fonts: None,
        }
        .run();
    })
}

struct Worker {
    shared: Arc<Shared>,
    printer: Printer,
    absence: Absence,
    slot: SlotWatch,
    fonts: Option<Fonts>,
}

/// Whether bytes of a job have left for the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Nothing,
    Something,
}

/// What ended a wait.
enum Waited {
    Job(Waiting),
    /// It is time to look at the printer.
    LongEnough,
    /// The service is gone.
    Closed,
}

impl Worker {
    fn run(mut self) {
        loop {
            let status = self.look();
            if status == Status::Disconnected {
                self.absence.is_away();
            } else {
                self.absence.is_over();
            }
            self.look_at_slot(status);
            match self.wait(status) {
                Waited::Job(job) => {
                    if self.work(&job.id, &job.layout) == Sent::Something {
                        self.slot.printed();
                    }
                    let mut queue = self.shared.queue();
                    queue.progress = None;
                    queue.in_hand = None;
                }
                Waited::LongEnough => {}
                Waited::Closed => return,
            }
        }
    }

    /// Waits for a job, until it is time to look at the printer again.
    fn wait(&mut self, status: Status) -> Waited {
        let pause = match status {
            Status::Disconnected => absence::LOOK,
            _ if self.slot.is_waiting() => LOOK_AT_SLOT,
            _ => LOOK,
        };
        loop {
            let queue = self.shared.queue();
            let (mut queue, _) = self
                .shared
                .wake
                .wait_timeout_while(queue, pause, |queue| queue.waiting.is_empty() && !queue.closed)
                .unwrap_or_else(PoisonError::into_inner);
            if queue.closed {
                return Waited::Closed;
            }
            if let Some(job) = queue.waiting.pop_front() {
                queue.in_hand = Some((job.id.clone(), job.origin));
                return Waited::Job(job);
            }
            drop(queue);
            if status != Status::Disconnected || self.absence.is_due() {
                return Waited::LongEnough;
            }
        }
    }

    /// Asks the printer and tells everybody.
    fn look(&mut self) -> Status {
        let had_part_of_a_job = self.printer.has_part_of_a_job();
        let status = self.printer.status();
        if had_part_of_a_job && !self.printer.has_part_of_a_job() {
            self.forget_what_was_cut_short();
        }
        self.shared.announce(Change::Printer(state(status)));
        self.shared.watch_paper(state(status));
        status
    }

    /// The printer was brought to the end of the job that was cut short: the next start need not do it again.
    fn forget_what_was_cut_short(&self) {
        if let Err(error) = self.shared.journal().end_what_was_cut_short() {
            warn!(%error, "with the next start a blank strip will be cut");
        }
    }

    /// Looks whether a slip is to be taken, and has one taken back in that nobody took.
    fn look_at_slot(&mut self, status: Status) {
        let slot = match status {
            Status::Disconnected => Slot::Unknown,
            _ => self.printer.slot(),
        };
        let is_silent = matches!(status, Status::Disconnected | Status::Offline);
        let finding = match slot {
            Slot::Unknown if is_silent => self.slot.lost(),
            slot => self.slot.look(slot, Instant::now()),
        };
        match finding {
            Finding::Nothing => {}
            Finding::News(slot) => self.shared.announce(Change::Slot(slot)),
            Finding::Retract => {
                info!("nobody took the slip: the printer is told to take it back in");
                if let Err(error) = self.printer.retract() {
                    warn!(%error, "the printer could not be told");
                }
            }
        }
    }

    /// Asks the printer for as long as a fault may pass by itself and the job is wanted.
    fn look_patiently(&mut self, id: &str) -> Status {
        let until = Instant::now() + PATIENCE;
        loop {
            let status = self.look();
            if status != Status::Recoverable || Instant::now() >= until || !self.is_wanted(id) {
                return status;
            }
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// Whether nobody has cancelled the job.
    fn is_wanted(&self, id: &str) -> bool {
        let job = self.shared.journal().get(id);
        !matches!(job, Ok(Some(job)) if job.state != JobState::Queued)
    }

    fn work(&mut self, id: &str, layout: &Layout) -> Sent {
        if !self.is_wanted(id) {
            return Sent::Nothing;
        }
        let Some(sheets) = self.render(layout) else {
            self.advance(
                id,
                &[JobState::Queued],
                JobState::Failed,
                Some(&name(Failure::Composition)),
            );
            return Sent::Nothing;
        };
        let status = self.look_patiently(id);
        if !status.can_print() {
            self.advance(
                id,
                &[JobState::Queued],
                JobState::Failed,
                Some(&name(failure(status))),
            );
            return Sent::Nothing;
        }
        // On the disk before the first byte leaves; not queued any more means cancelled.
        if !self.advance(id, &[JobState::Queued], JobState::Sending, None) {
            return Sent::Nothing;
        }
        let shared = Arc::clone(&self.shared);
        let outcome = self
            .printer
            .send(&sheets, |percent| progress(&shared, id, percent));
        let sent = match outcome {
            Outcome::NotSent { .. } => Sent::Nothing,
            Outcome::Proven { .. } | Outcome::Uncertain(_) => Sent::Something,
        };
        if sent == Sent::Something
            && let Err(error) = self.shared.count_paper(|paper| paper.printed(&sheets))
        {
            warn!(%error, "the paper used is not remembered");
        }
        let under_way = [JobState::Sending, JobState::Sent];
        match outcome {
            Outcome::Proven { .. } => self.advance(id, &under_way, JobState::Proven, None),
            // Part of it lies in the printer, also over a restart of the agent, whatever cut it short.
            Outcome::Uncertain(doubt) => {
                let cut_short = cut_short_by(&reason(doubt));
                self.advance(id, &[JobState::Sending], JobState::Uncertain, Some(&cut_short))
                    || self.advance(id, &[JobState::Sent], JobState::Uncertain, Some(&reason(doubt)))
            }
            Outcome::NotSent { status } => {
                self.advance(id, &under_way, JobState::Failed, Some(&name(failure(status))))
            }
        };
        info!(job = id, ?outcome, "printed");
        sent
    }

    fn render(&mut self, layout: &Layout) -> Option<Sheets> {
        let profile = self.printer.profile();
        if self.shared.mode == PrinterMode::Text {
            match set_text(layout, profile.columns(), profile.characters) {
                Ok(sheets) => return Some(Sheets::Text(sheets)),
                Err(reason) => info!(%reason, "a slip goes out as a picture"),
            }
        }
        if self.fonts.is_none() {
            self.fonts = Fonts::system()
                .inspect_err(|error| error!(%error, "slips cannot be set"))
                .ok();
        }
        let rendering = render(layout, profile.paper, self.fonts.as_ref()?)
            .inspect_err(|error| error!(%error, "a slip cannot be rendered"))
            .ok()?;
        if !rendering.missing.is_empty() {
            warn!(characters = ?rendering.missing, "no font has these characters; 〓 stands for them");
        }
        Some(Sheets::Raster(rendering.sheets))
    }

    fn advance(&self, id: &str, from: &[JobState], to: JobState, reason: Option<&str>) -> bool {
        advance(&self.shared, id, from, to, reason)
    }
}

/// Moves a job on and tells everybody. A journal that cannot be written counts as not moved: without
/// the state `sending` on the disk nothing is sent.
fn advance(shared: &Shared, id: &str, from: &[JobState], to: JobState, reason: Option<&str>) -> bool {
    let moved = shared.journal().advance(id, from, to, reason);
    match moved {
        Ok(true) => tell(shared, id),
        Ok(false) => {}
        Err(ref error) => error!(job = id, state = ?to, %error, "the print journal failed"),
    }
    moved.is_ok_and(|moved| moved)
}

/// Tells how much has been sent: every tenth, and the end.
fn progress(shared: &Shared, id: &str, percent: u8) {
    let before = {
        let mut queue = shared.queue();
        queue.progress.replace((id.to_owned(), percent))
    };
    if before.is_none() {
        point("send slip", Moment::During);
    }
    let before = before.map_or(0, |(_, percent)| percent);
    if percent == 100 {
        advance(shared, id, &[JobState::Sending], JobState::Sent, None);
    } else if percent / 10 > before / 10 {
        tell(shared, id);
    }
}

fn tell(shared: &Shared, id: &str) {
    if let Ok(Some(job)) = shared.job(id) {
        shared.announce(Change::Job(job));
    }
}

fn state(status: Status) -> PrinterState {
    match status {
        Status::Ready => PrinterState::Ready,
        Status::NearEnd => PrinterState::NearEnd,
        Status::PaperOut => PrinterState::PaperOut,
        Status::CoverOpen => PrinterState::CoverOpen,
        Status::CutterError => PrinterState::CutterError,
        Status::Recoverable => PrinterState::Recoverable,
        Status::Unrecoverable => PrinterState::Unrecoverable,
        Status::Offline => PrinterState::Offline,
        Status::Disconnected => PrinterState::Disconnected,
    }
}

fn failure(status: Status) -> Failure {
    match status {
        Status::PaperOut => Failure::PaperOut,
        Status::CoverOpen => Failure::CoverOpen,
        Status::CutterError => Failure::CutterError,
        Status::Recoverable => Failure::Recoverable,
        Status::Unrecoverable => Failure::Unrecoverable,
        Status::Disconnected => Failure::Disconnected,
        // A printer that was ready a moment ago and took nothing.
        Status::Offline | Status::Ready | Status::NearEnd => Failure::Offline,
    }
}

/// For the operator's eyes in the journal.
fn reason(doubt: Doubt) -> String {
    match doubt {
        Doubt::Fault(status) => name(state(status)),
        Doubt::Stalled => "stalled".to_owned(),
        Doubt::NoProof => "no_proof".to_owned(),
    }
}
