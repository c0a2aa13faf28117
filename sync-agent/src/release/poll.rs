//! Looking at the release again and again, for as long as the terminal runs.

mod announce;
mod waiting;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::Clock;
use tokio::sync::mpsc;

use super::trial::Frames;
use super::{Import, Options, PullError, ReleaseHandle, Source};
use crate::board::Board;
use crate::timer::Timer;
use waiting::{Event, Waiting};
use worker::{Look, Worker};

/// The first pause after a failure; it doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// When to look next.
#[derive(Debug, Clone)]
pub struct Schedule {
    poll: Duration,
    failures: u32,
}

impl Schedule {
    /// A schedule that looks every `poll` while all goes well.
    #[must_use]
    pub fn every(poll: Duration) -> Self {
        Self { poll, failures: 0 }
    }

    /// The pause after a look. `jitter`, from 0 to 1, spreads the terminals of a city so that they do
    /// not all come back at the same moment.
    pub fn pause(&mut self, succeeded: bool, jitter: f64) -> Duration {
        self.failures = if succeeded { 0 } else { self.failures + 1 };
        let pause = match self.failures {
            0 => self.poll,
            failures => self.poll.min(FIRST_PAUSE * 2_u32.pow((failures - 1).min(16))),
        };
        pause.mul_f64(0.8 + 0.4 * jitter)
    }
}

/// What a poller works with.
pub struct Setup {
    /// Where releases come from.
    pub source: Source,
    /// The factory root of trust.
    pub factory_root: PathBuf,
    /// The state folder.
    pub state: PathBuf,
    /// The pause between two looks.
    pub poll: Duration,
    /// The folder below which sticks are mounted.
    pub sticks: Option<PathBuf>,
    /// How to pull.
    pub options: Options,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What it sleeps by.
    pub timer: Arc<dyn Timer>,
    /// Where to say how things are.
    pub board: Arc<Board>,
}

/// Keeps the content fresh and the board informed.
pub struct Poller {
    schedule: Schedule,
    worker: Worker,
    waiting: Waiting,
    timer: Arc<dyn Timer>,
}

impl Poller {
    /// A poller and what asks it.
    #[must_use]
    pub fn new(setup: Setup) -> (Self, ReleaseHandle) {
        let frames = Arc::<Frames>::default();
        // One at a time: whoever asks waits for the answer anyway.
        let (ask, imports) = mpsc::channel(1);
        let handle = ReleaseHandle::new(Arc::clone(&frames), ask, Arc::clone(&setup.clock));
        let poller = Self {
            schedule: Schedule::every(setup.poll),
            waiting: Waiting::new(&setup, frames, imports),
            timer: Arc::clone(&setup.timer),
            worker: Worker::new(setup),
        };
        (poller, handle)
    }

    /// Polls until the future is dropped.
    pub async fn run(mut self) {
        loop {
            let looked = self.look().await;
            // A release that is known as bad is not asked for more often than a good one.
            let succeeded = matches!(looked, Ok(_) | Err(PullError::BadGeneration { .. }));
            self.worker.announce(looked);
            let pause = self.schedule.pause(succeeded, jitter());
            self.meanwhile(pause).await;
        }
    }

    /// Looks at the release. What is brought meanwhile, and what is on trial, does not wait for a slow line: the look is broken
    /// off, and begun again afterwards. What was fetched of files until then stays.
    async fn look(&mut self) -> Result<Look, PullError> {
        loop {
            let shield = self.worker.puller()?.shield();
            self.worker.judge(self.waiting.seen());
            let on_trial = self.worker.undecided(self.waiting.seen());
            let event = tokio::select! {
                // The shield is looked at after the look has gone as far as it goes.
                biased;
                looked = self.worker.look() => return looked,
                event = shield.unless_held(self.waiting.event(on_trial)) => event,
            };
            self.take(event).await;
        }
    }

    /// Until the next look: takes what is brought on sticks, and judges what is on trial.
    async fn meanwhile(&mut self, pause: Duration) {
        let timer = Arc::clone(&self.timer);
        let mut over = timer.sleep(pause);
        loop {
            self.worker.judge(self.waiting.seen());
            let plugged_in = self.waiting.new_sticks();
            self.worker.import_sticks(plugged_in).await;
            let on_trial = self.worker.undecided(self.waiting.seen());
            tokio::select! {
                () = &mut over => return,
                event = self.waiting.event(on_trial) => self.take(event).await,
            }
        }
    }

    async fn take(&mut self, event: Event) {
        match event {
            Event::Import(Import { folder, answer }) => {
                let result = self.worker.import(folder).await;
                let _the_caller_went_away = answer.send(result);
            }
            Event::Sticks(releases) => self.worker.import_sticks(releases).await,
            // Whoever takes an event judges next.
            Event::Judgement => {}
        }
    }
}

/// A number from 0 to 1 that differs from terminal to terminal and from time to time.
fn jitter() -> f64 {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests;
