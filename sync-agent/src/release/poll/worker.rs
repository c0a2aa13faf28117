//! One look, one import, one judgement at a time.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};
use url::Url;

use super::Setup;
use crate::release::trial::{Drawn, OnTrial};
use crate::release::{PullError, Puller, Report, Source};

/// How long "nothing has changed" is believed without looking at the signatures again.
const VERIFY_EVERY: SignedDuration = SignedDuration::from_hours(6);

/// What holds the state folder and works in it.
pub(super) struct Worker {
    pub(super) setup: Setup,
    /// `None` until the state folder could be taken hold of.
    puller: Option<Puller>,
    /// The release that was verified last in this run.
    known: Option<Known>,
    /// Fetches pictures and PDFs meanwhile.
    blobs: Option<AbortOnDropHandle>,
    /// The folder that the generation in use came from, while it is there: its pictures and PDFs are nearest.
    stick: Option<(PathBuf, Source)>,
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
pub(super) enum Look {
    /// The release is the one that was verified before.
    Unchanged,
    /// It was verified anew.
    Verified(Report),
}

impl Worker {
    pub(super) const fn new(setup: Setup) -> Self {
        Self {
            setup,
            puller: None,
            known: None,
            blobs: None,
            stick: None,
        }
    }

    /// What pulls, made at its first use.
    pub(super) fn puller(&mut self) -> Result<&mut Puller, PullError> {
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

    /// Looks at the release. This may be dropped wherever the puller's shield is not held.
    pub(super) async fn look(&mut self) -> Result<Look, PullError> {
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
    pub(super) async fn import(&mut self, folder: PathBuf) -> Result<Report, PullError> {
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

    /// Takes the releases on sticks.
    pub(super) async fn import_sticks(&mut self, releases: Vec<PathBuf>) {
        for release in releases {
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
    pub(super) fn judge(&mut self, drawn: Drawn) {
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
    /// What is on trial and cannot be judged yet. Where that cannot be read, the next judgement says so again.
    pub(super) fn undecided(&self, drawn: Drawn) -> Option<OnTrial> {
        self.puller.as_ref()?.undecided(drawn).ok().flatten()
    }
}
