//! `hub rollout`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use catalog::clock::SystemClock;
use catalog::release::{Rollout, RolloutError, RolloutState};
use clap::Subcommand;
use hub::keys::Keys;
use hub::publish::{Lifetimes, Settings, change_rollout, rollout};
use hub::rollout::{Threshold, Verdict, judge, read_reports};

#[derive(clap::Args)]
pub(crate) struct Release {
    /// The folder of keys made by `hub keys new`
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// Another folder with keys that were moved there
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// The folder of the release
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// For how many days terminals trust that nothing newer exists
    #[arg(long, default_value_t = 7, value_name = "DAYS")]
    expires_days: u32,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// How far the newest generation was let out
    Show(Release),
    /// Let no further terminal take the newest generation
    Hold(Release),
    /// Go on with the ring that was held
    Resume(Release),
    /// Open the next ring
    Advance(Release),
    /// Hold the newest generation where too many terminals went back from it; fails when they did
    Judge {
        #[command(flatten)]
        release: Release,
        /// A folder of reports, JSON lines in files *.jsonl
        #[arg(long, value_name = "DIR")]
        reports: PathBuf,
        /// More failures than this of a thousand terminals hold it
        #[arg(long, default_value_t = Threshold::default().failures, value_name = "PERMILLE")]
        failures: u16,
        /// So many terminals must have reported before anything is decided
        #[arg(long, default_value_t = Threshold::default().least, value_name = "N")]
        least: usize,
    },
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Show(release) => release.show().await,
        Command::Hold(release) => {
            release
                .change(|rollout| Ok(rollout.in_state(RolloutState::Held)))
                .await
        }
        Command::Resume(release) => {
            let running = |rollout: &Rollout| Ok(rollout.in_state(RolloutState::Running));
            release.change(running).await
        }
        Command::Advance(release) => release.change(Rollout::advanced).await,
        Command::Judge {
            release,
            reports,
            failures,
            least,
        } => release.judge(&reports, Threshold { failures, least }).await,
    }
}

impl Release {
    async fn show(&self) -> Result<()> {
        let keys = Keys::open_with(&self.keys, &self.with)?;
        print_rollout(&rollout(&self.settings(&keys)).await?);
        Ok(())
    }

    async fn change(&self, change: impl FnOnce(&Rollout) -> Result<Rollout, RolloutError>) -> Result<()> {
        let keys = Keys::open_with(&self.keys, &self.with)?;
        print_rollout(&change_rollout(&self.settings(&keys), change).await?);
        Ok(())
    }

    async fn judge(&self, reports: &Path, threshold: Threshold) -> Result<()> {
        let keys = Keys::open_with(&self.keys, &self.with)?;
        let present = rollout(&self.settings(&keys)).await?;
        let judgement = judge(&read_reports(reports)?, present.generation, threshold);
        println!(
            "generation {}: good on {} terminals, {} went back",
            present.generation, judgement.good, judgement.rolled_back
        );
        if judgement.verdict != Verdict::Failing {
            return Ok(());
        }
        // What was published meanwhile is not what was reported on.
        let hold = |rollout: &Rollout| {
            Ok(if rollout.generation == present.generation {
                rollout.in_state(RolloutState::Held)
            } else {
                rollout.clone()
            })
        };
        self.change(hold).await?;
        bail!(
            "too many terminals went back from generation {}",
            present.generation
        )
    }

    fn settings<'a>(&'a self, keys: &'a Keys) -> Settings<'a> {
        Settings {
            keys,
            repository: &self.out,
            public_url: None,
            lifetimes: Lifetimes::days(365, 365, self.expires_days),
            least_version: 1,
            clock: &SystemClock,
        }
    }
}

fn print_rollout(rollout: &Rollout) {
    let state = match rollout.state {
        RolloutState::Running => "running",
        RolloutState::Held => "held",
    };
    println!(
        "generation {}: ring {} of {}, {} of 1000 terminals, {state}",
        rollout.generation,
        rollout.ring + 1,
        rollout.rings.len(),
        rollout.reach()
    );
}
