//! `hub rollout`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use catalog::clock::SystemClock;
use catalog::release::{Rollout, RolloutError, RolloutState};
use catalog::submission::GenerationOutcome;
use clap::Subcommand;
use hub::keys::Keys;
use hub::publish::{Lifetimes, PublishError, Settings, change_rollout, rollout};
use hub::rollout::{Counts, SuperviseError, Threshold, Verdict, count, supervise, total};
use hub::store::Reported;

use super::Database;

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
    /// How far the newest generation was let out; with the hub's database also what terminals report of it
    #[command(visible_alias = "show")]
    Status {
        #[command(flatten)]
        release: Release,
        #[command(flatten)]
        database: Option<Database>,
    },
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
        #[command(flatten)]
        database: Database,
        /// More failures than this of a thousand terminals hold it
        #[arg(long, default_value_t = Threshold::default().failures, value_name = "PERMILLE")]
        failures: u16,
        /// So many terminals, of a ring or of all, must have reported before anything is decided
        #[arg(long, default_value_t = Threshold::default().least, value_name = "N")]
        least: usize,
    },
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Status { release, database } => release.show(database).await,
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
            database,
            failures,
            least,
        } => release.judge(&database, Threshold { failures, least }).await,
    }
}

impl Release {
    async fn show(&self, database: Option<Database>) -> Result<()> {
        let keys = Keys::open_with(&self.keys, &self.with)?;
        let rollout = rollout(&self.settings(&keys)).await?;
        print_rollout(&rollout);
        if let Some(database) = database {
            let reports = database
                .open()
                .await?
                .generation_reports(rollout.generation)
                .await?;
            print_counts(&rollout, &count(&rollout, &reports));
            print_failures(&reports);
        }
        Ok(())
    }

    async fn change(&self, change: impl FnOnce(&Rollout) -> Result<Rollout, RolloutError>) -> Result<()> {
        let keys = Keys::open_with(&self.keys, &self.with)?;
        print_rollout(&change_rollout(&self.settings(&keys), change).await?);
        Ok(())
    }

    async fn judge(&self, database: &Database, threshold: Threshold) -> Result<()> {
        let keys = Keys::open_with(&self.keys, &self.with)?;
        let store = database.open().await?;
        let supervised = match supervise(&self.settings(&keys), &store, threshold).await {
            // A release for everybody is nothing that a timer should complain about.
            Err(SuperviseError::Publish(none @ PublishError::NoRollout { .. })) => {
                println!("{none}");
                return Ok(());
            }
            supervised => supervised?,
        };
        print_rollout(&supervised.rollout);
        print_counts(&supervised.rollout, &supervised.rings);
        if supervised.verdict == Verdict::Failing {
            bail!("too many terminals went back from it");
        }
        Ok(())
    }

    fn settings<'a>(&'a self, keys: &'a Keys) -> Settings<'a> {
        Settings {
            keys,
            repository: &self.out,
            public_url: None,
            lifetimes: Lifetimes {
                timestamp: super::days(self.expires_days),
                ..Lifetimes::default()
            },
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

fn print_counts(rollout: &Rollout, rings: &[Counts]) {
    for (number, (reach, counts)) in (1..).zip(rollout.rings.iter().zip(rings)) {
        println!(
            "  ring {number}, up to {reach}: good on {} terminals, {} went back",
            counts.good, counts.rolled_back
        );
    }
    let all = total(rings);
    println!(
        "  all: good on {} terminals, {} went back",
        all.good, all.rolled_back
    );
}

fn print_failures(reports: &[Reported]) {
    for Reported { device, report } in reports {
        if report.outcome == GenerationOutcome::RolledBack {
            // A terminal's own words: nothing of them reaches the operator's screen as it is.
            let reason = report
                .reason
                .as_deref()
                .unwrap_or("no reason given")
                .escape_debug();
            println!("  {device} went back at {}: {reason}", report.found_at);
        }
    }
}
