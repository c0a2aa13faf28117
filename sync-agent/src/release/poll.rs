//! Looking at the release again and again, for as long as the terminal runs.

mod announce;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tracing::{info, warn};
use url::Url;

use super::sticks::Sticks;
use super::trial::Frames;
use super::{Import, Options, PullError, Puller, ReleaseHandle, Report, Source};
use crate::board::Board;
use crate::timer::Timer;

/// The first pause after a failure; it doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// How often sticks and the generation on trial are looked at.
const TICK: Duration = Duration::from_secs(2);
/// How long "nothing has changed" is believed without looking at the signatures again.
const VERIFY_EVERY: SignedDuration = SignedDuration::from_hours(6);

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
    setup: Setup,
    schedule: Schedule,
    /// `None` until the state folder could be taken hold of.
    puller: Option<Puller>,
    /// The release that was verified last in this run.
    known: Option<Known>,
    /// Fetches pictures and PDFs meanwhile.
    blobs: Option<AbortOnDropHandle>,
    /// The folder that the generation in use came from, while it is there: its pictures and PDFs are nearest.
    stick: Option<(PathBuf, Source)>,
    frames: Arc<Frames>,
    imports: mpsc::Receiver<Import>,
    sticks: Sticks,
}

/// A task that ends with its handle.
struct AbortOnDropHandle(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDropHandle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A verified release, by what tells it from a newer one.
struct Known {
    tag: Option<String>,
    /// When to verify it again though nothing seems to have changed: somebody could be saying so.
    until: Timestamp,
    use_of_it: Use,
}

/// What a terminal makes of a release that it has verified.
enum Use {
    /// What it offers is in use, as far as it is for this terminal.
    Taken,
    /// The terminal went back from it, for this reason.
    Bad { generation: u64, reason: String },
}

/// What a look found.
enum Look {
    /// The release is the one that was verified before.
    Unchanged,
    /// It was verified anew.
    Verified(Report),
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
            setup,
            puller: None,
            known: None,
            blobs: None,
            stick: None,
            frames,
            imports,
            sticks: Sticks::default(),
        };
        (poller, handle)
    }

    /// Polls until the future is dropped.
    pub async fn run(mut self) {
        loop {
            let looked = self.look().await;
            // A release that is known as bad is not asked for more often than a good one.
            let succeeded = matches!(looked, Ok(_) | Err(PullError::BadGeneration { .. }));
            self.announce(looked);
            let pause = self.schedule.pause(succeeded, jitter());
            self.meanwhile(pause).await;
        }
    }

    /// Until the next look: takes what is brought on sticks, and judges what is on trial.
    async fn meanwhile(&mut self, pause: Duration) {
        let timer = Arc::clone(&self.setup.timer);
        let mut over = timer.sleep(pause);
        loop {
            self.judge();
            self.look_for_sticks().await;
            // An agent with nothing to watch sleeps until its next look.
            let watches = self.setup.sticks.is_some() || self.is_on_trial();
            tokio::select! {
                () = &mut over => return,
                Some(Import { folder, answer }) = self.imports.recv() => {
                    let result = self.import(folder).await;
                    let _the_caller_went_away = answer.send(result);
                }
                () = self.frames.changed() => {}
                () = timer.sleep(TICK), if watches => {}
            }
        }
    }

    /// Whether a generation is on trial. Where that cannot be read, the next judgement says so again.
    fn is_on_trial(&self) -> bool {
        let trial = self.puller.as_ref().map(Puller::trial);
        !matches!(trial, None | Some(Ok(None)))
    }

    fn puller(&mut self) -> Result<&mut Puller, PullError> {
        if self.puller.is_none() {
            let setup = &self.setup;
            let mut puller = Puller::with_options(
                setup.source.clone(),
                &setup.factory_root,
                &setup.state,
                Arc::clone(&setup.clock),
                setup.options.clone(),
            )?;
            puller.count_start()?;
            let went_back = puller.went_back();
            self.puller = Some(puller);
            if let Some(went_back) = went_back {
                self.announce_return(went_back);
            }
        }
        Ok(self.puller.as_mut().expect("it was made above"))
    }

    async fn look(&mut self) -> Result<Look, PullError> {
        self.puller()?;
        let now = self.setup.clock.now();
        if let Some(Known {
            tag: Some(tag),
            until,
            use_of_it,
        }) = &self.known
            && now < *until
        {
            let source = &self.setup.source;
            let changed = source.changed_since(tag).await;
            let changed = changed.map_err(|error| PullError::Unreachable {
                url: source.base().clone(),
                source: error.into(),
            })?;
            if !changed {
                let unchanged = match use_of_it {
                    Use::Taken => Ok(Look::Unchanged),
                    Use::Bad { generation, reason } => Err(PullError::BadGeneration {
                        generation: *generation,
                        reason: reason.clone(),
                    }),
                };
                self.fetch_blobs();
                return unchanged;
            }
        }
        self.known = None;
        // Blobs that nobody needs any more are removed with the switch.
        self.blobs = None;
        let report = self.puller()?.pull().await;
        // Also after a failure: the generation in use may lack some.
        self.fetch_blobs();
        let (until, use_of_it) = match &report {
            Ok(report) => (report.expires_at.min(now + VERIFY_EVERY), Use::Taken),
            // Its signatures were good.
            Err(PullError::BadGeneration { generation, reason }) => {
                let (generation, reason) = (*generation, reason.clone());
                (now + VERIFY_EVERY, Use::Bad { generation, reason })
            }
            Err(_) => return report.map(Look::Verified),
        };
        self.known = Some(Known {
            tag: self.setup.source.tag(),
            until,
            use_of_it,
        });
        report.map(Look::Verified)
    }

    /// Takes the release in a folder.
    async fn import(&mut self, folder: PathBuf) -> Result<Report, PullError> {
        let unusable = |reason: &str| PullError::storage(&folder, reason.to_owned());
        let url = Url::from_directory_path(&folder).map_err(|()| unusable("not an absolute path"))?;
        let client = crate::http::client().map_err(|error| PullError::storage(&folder, error))?;
        let source = Source::new(url, client).ok_or_else(|| unusable("not a folder"))?;
        self.blobs = None;
        let result = self.puller()?.pull_from(&source).await;
        match &result {
            Ok(report) => {
                info!(folder = %folder.display(), generation = report.meta.generation, "imported");
                // The network is as it was; only the content changed.
                self.announce_report(report);
                // What is in use is another, and so may be what to think of the usual release.
                self.known = None;
                self.stick = Some((folder, source));
            }
            Err(error) => warn!(folder = %folder.display(), %error, "not imported"),
        }
        self.fetch_blobs();
        result
    }

    async fn look_for_sticks(&mut self) {
        let Some(folder) = &self.setup.sticks else { return };
        for release in self.sticks.look(folder) {
            // Nobody waits for an answer: what came of it is on the board.
            if let Err(error) = self.import(release).await {
                self.announce_refusal(&error);
            }
        }
    }

    /// Begins to fetch pictures and PDFs, unless it is being done.
    fn fetch_blobs(&mut self) {
        if self.blobs.as_ref().is_some_and(|task| !task.0.is_finished()) {
            return;
        }
        let Some(puller) = &self.puller else { return };
        self.stick.take_if(|(folder, _)| !folder.exists());
        let stick = self.stick.as_ref().map(|(_, source)| source.clone());
        let (fetcher, usual) = (puller.blobs(), puller.source().clone());
        self.blobs = Some(AbortOnDropHandle(tokio::spawn(async move {
            for source in stick.iter().chain([&usual]) {
                match fetcher.fetch(source).await {
                    Ok(blobs) if blobs.fetched > 0 => {
                        info!(fetched = blobs.fetched, "pictures and PDFs arrived");
                    }
                    Ok(_) => {}
                    // The next look tries again, and goes on where this one stopped.
                    Err(error) => warn!(%error, "pictures or PDFs are missing"),
                }
            }
        })));
    }

    /// Judges the generation on trial, and says so where the terminal had to go back.
    fn judge(&mut self) {
        let drawn = self.frames.seen();
        let Some(puller) = &mut self.puller else { return };
        match puller.judge(drawn) {
            Ok(None) => {}
            Ok(Some(went_back)) => {
                self.known = None;
                self.announce_return(went_back);
            }
            Err(error) => warn!(%error, "the generation on trial could not be judged"),
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
