//! The print queue: takes requests from the socket, hands layouts to the printer's worker.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use catalog::clock::Clock;
use hardware::arrival::Place;
use hardware::printer::{Printer, Profile};
use hardware::slip::Layout;
use terminal_api::config::{self, PlaceName, PrinterMode};
use terminal_api::interface::{
    Change, Failure, Job, JobState, Paper, Print, PrinterState, Refusal, SessionEnd,
};
use url::Url;

use super::journal::{Journal, JournalError, Work, name};
use super::layouts::Layouts;
use super::logo;
use super::paper::PaperCount;
use super::slot::SlotWatch;
use super::worker;
use crate::device::endpoint;
use crate::printing::Printing;

/// Prints that may wait. A resident stands in front of the machine: more is a mistake.
const QUEUE: usize = 8;

/// What the service works with.
pub struct Setup {
    /// The printer.
    pub printer: config::Printer,
    /// The link to the current generation, `STATE/current`.
    pub content: PathBuf,
    /// Where the terminal stands.
    pub place: PlaceName,
    /// The address of the phone pages; without it, codes carry text.
    pub public_url: Option<Url>,
    /// The journal.
    pub journal: Journal,
    /// The time on the slip.
    pub clock: Arc<dyn Clock>,
    /// Is told when a job or the printer's state changes.
    pub announce: Box<dyn Fn(Change) + Send + Sync>,
}

/// The print queue and its worker. The worker ends after the job in hand when this is dropped.
pub struct PrintService {
    shared: Arc<Shared>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

/// What callers and worker share.
pub(super) struct Shared {
    pub(super) mode: PrinterMode,
    layouts: Layouts,
    paper: Mutex<PaperCount>,
    journal: Mutex<Journal>,
    announce: Box<dyn Fn(Change) + Send + Sync>,
    queue: Mutex<Queue>,
    pub(super) wake: Condvar,
}

#[derive(Default)]
pub(super) struct Queue {
    pub(super) waiting: VecDeque<Waiting>,
    /// The job that the worker has begun with, and who wants it.
    pub(super) in_hand: Option<(String, Origin)>,
    /// The job in hand and how much of it has been sent.
    pub(super) progress: Option<(String, u8)>,
    pub(super) closed: bool,
}

/// A job before its first byte.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) layout: Layout,
    pub(super) origin: Origin,
}

/// Who wants a job.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A resident: it ends with the session.
    Resident,
    /// The hall's staff.
    Staff,
}

impl Work {
    const fn origin(&self) -> Origin {
        match self {
            Self::Slip(_) => Origin::Resident,
            Self::TestPage => Origin::Staff,
        }
    }
}

impl PrintService {
    /// Takes up what waited when the agent ended, and starts the worker.
    #[must_use]
    pub fn start(setup: Setup) -> Self {
        let profile = Profile::by_name(setup.printer.profile.name())
            .expect("every profile of the configuration has its driver")
            .clone();
        let paper = setup
            .journal
            .roll()
            .inspect_err(|error| tracing::warn!(%error, "the paper is counted anew"))
            .unwrap_or_default();
        let paper = PaperCount::new(&setup.printer, &profile, paper);
        let logo = setup.printer.logo.as_deref().and_then(|path| {
            logo::load(path, profile.paper)
                .inspect_err(|error| tracing::error!(%error, "slips are printed without a logo"))
                .ok()
        });
        let retract_after = setup.printer.retract_seconds;
        let slot = SlotWatch::new(retract_after.map(|seconds| Duration::from_secs(seconds.into())));
        let endpoint = endpoint(&setup.printer.endpoint);
        let place = Place::of(&endpoint);
        let mut printer = Printer::new(endpoint, profile.clone());
        let was_cut_short = setup
            .journal
            .was_cut_short()
            .inspect_err(|error| tracing::warn!(%error, "how the last print ended is not known"));
        if was_cut_short.unwrap_or(true) {
            printer.expect_part_of_a_job();
        }
        let shared = Arc::new(Shared {
            mode: setup.printer.mode,
            layouts: Layouts {
                profile,
                logo,
                content: setup.content,
                place: setup.place,
                public_url: setup.public_url,
                clock: setup.clock,
            },
            paper: Mutex::new(paper),
            journal: Mutex::new(setup.journal),
            announce: setup.announce,
            queue: Mutex::default(),
            wake: Condvar::new(),
        });
        shared.announce(Change::Paper(paper.told()));
        shared.take_up();
        let worker = worker::spawn(Arc::clone(&shared), printer, place, slot);
        Self {
            shared,
            worker: Mutex::new(Some(worker)),
        }
    }

    /// Lets the worker end after the job in hand.
    fn close(&self) {
        self.shared.queue().closed = true;
        self.shared.wake.notify_all();
    }
}

impl Drop for PrintService {
    fn drop(&mut self) {
        self.close();
    }
}

impl Printing for PrintService {
    fn print(&self, request: Print) -> Result<Job, Refusal> {
        self.queue(&Work::Slip(request))
    }

    fn test_page(&self) -> Result<Job, Refusal> {
        self.queue(&Work::TestPage)
    }

    fn end_session(&self) -> Result<SessionEnd, Refusal> {
        let ended: Vec<String> = {
            let queue = self.shared.queue();
            let waiting = queue.waiting.iter().map(|job| (&job.id, job.origin));
            let in_hand = queue.in_hand.iter().map(|(id, origin)| (id, *origin));
            waiting
                .chain(in_hand)
                .filter(|(_, origin)| *origin == Origin::Resident)
                .map(|(id, _)| id.clone())
                .collect()
        };
        // One that is in hand and no longer queued goes on: it is printed already.
        let cancelled = ended.iter().filter(|id| self.cancel(id).is_ok()).count();
        Ok(SessionEnd {
            cancelled: cancelled as u32,
        })
    }

    fn new_roll(&self) -> Result<Paper, Refusal> {
        self.shared
            .count_paper(PaperCount::renew)
            .map_err(|error| unavailable(&error))
    }

    fn finish(&self) {
        self.close();
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = worker.take() {
            // A panic there has been reported already.
            drop(worker.join());
        }
    }

    fn job(&self, id: &str) -> Result<Job, Refusal> {
        self.shared
            .job(id)?
            .ok_or_else(|| Refusal::NoSuchJob { job: id.to_owned() })
    }

    fn answer(&self, job: &str, came_out: bool) -> Result<Job, Refusal> {
        let to = if came_out {
            JobState::CameOut
        } else {
            JobState::NothingCameOut
        };
        self.settle(job, JobState::Uncertain, to)
    }

    fn cancel(&self, job: &str) -> Result<Job, Refusal> {
        let cancelled = self.settle(job, JobState::Queued, JobState::Cancelled)?;
        self.shared.queue().waiting.retain(|waiting| waiting.id != job);
        Ok(cancelled)
    }
}

impl PrintService {
    fn queue(&self, work: &Work) -> Result<Job, Refusal> {
        let layout = self.shared.layouts.of(work)?;
        let job = {
            let mut queue = self.shared.queue();
            if queue.waiting.len() >= QUEUE {
                return Err(Refusal::QueueFull);
            }
            let job = self
                .shared
                .journal()
                .queue(work)
                .map_err(|error| unavailable(&error))?;
            queue.waiting.push_back(Waiting {
                id: job.id.clone(),
                layout,
                origin: work.origin(),
            });
            job
        };
        self.shared.announce(Change::Job(job.clone()));
        self.shared.wake.notify_all();
        Ok(job)
    }

    /// Moves a job on at a resident's wish.
    fn settle(&self, id: &str, from: JobState, to: JobState) -> Result<Job, Refusal> {
        let moved = self
            .shared
            .journal()
            .advance(id, &[from], to, None)
            .map_err(|error| unavailable(&error))?;
        let job = self.job(id)?;
        if !moved {
            return Err(Refusal::WrongState {
                job: job.id,
                state: job.state,
            });
        }
        self.shared.announce(Change::Job(job.clone()));
        Ok(job)
    }
}

impl Shared {
    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts what waited when the agent ended back into the queue. What can no longer be composed, such as a
    /// record that was withdrawn, has failed.
    fn take_up(&self) {
        let waiting = self.journal().waiting();
        let waiting = waiting
            .inspect_err(|error| tracing::error!(%error, "waiting prints are lost"))
            .unwrap_or_default();
        for (id, work) in waiting {
            match self.layouts.of(&work) {
                Ok(layout) => self.queue().waiting.push_back(Waiting {
                    id,
                    layout,
                    origin: work.origin(),
                }),
                Err(refusal) => {
                    tracing::warn!(job = id, %refusal, "a waiting print cannot be composed any more");
                    let reason = name(Failure::Composition);
                    let failed =
                        self.journal()
                            .advance(&id, &[JobState::Queued], JobState::Failed, Some(&reason));
                    if let Err(error) = failed {
                        tracing::error!(job = id, %error, "the print journal failed");
                    }
                }
            }
        }
    }

    /// Changes the count of paper, keeps it, and tells how it is.
    pub(super) fn count_paper(&self, change: impl FnOnce(&mut PaperCount)) -> Result<Paper, JournalError> {
        let (roll, told) = {
            let mut paper = self.paper.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut paper);
            (paper.roll(), paper.told())
        };
        self.journal().keep_roll(roll)?;
        self.announce(Change::Paper(told));
        Ok(told)
    }

    /// Watches whether the printer has a new roll.
    pub(super) fn watch_paper(&self, state: PrinterState) {
        let renewed = self
            .paper
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .watch(state);
        if renewed && let Err(error) = self.count_paper(|_| {}) {
            tracing::warn!(%error, "the new roll is not remembered");
        }
    }

    pub(super) fn announce(&self, change: Change) {
        (self.announce)(change);
    }

    /// A job with its progress.
    pub(super) fn job(&self, id: &str) -> Result<Option<Job>, Refusal> {
        let job = self.journal().get(id).map_err(|error| unavailable(&error))?;
        Ok(job.map(|mut job| {
            if let Some((_, percent)) = self
                .queue()
                .progress
                .as_ref()
                .filter(|(in_hand, _)| in_hand == id)
            {
                job.sent_percent = job.sent_percent.max(*percent);
            }
            job
        }))
    }
}

fn unavailable(error: &JournalError) -> Refusal {
    tracing::error!(%error, "the print journal failed");
    Refusal::Unavailable {
        reason: error.to_string(),
    }
}
