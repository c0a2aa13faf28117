//! `hub retention`: what is over its time.

use std::path::{Path, PathBuf};

use anyhow::Result;
use catalog::clock::{Clock as _, SystemClock};
use clap::Subcommand;
use hub::retention::{Erasure, Policy, apply, due};

use super::Database;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    database: Database,
    /// For how many days what is kept, as in `hub/retention.toml.example`, which holds where absent
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say how much would be erased now
    Show(Arguments),
    /// Erase now what is over its time; it does not come back
    Apply(Arguments),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    let now = SystemClock.now();
    let (erasure, verb) = match command {
        Command::Show(arguments) => {
            let policy = policy(arguments.policy.as_deref())?;
            (
                due(&arguments.database.open().await?, &policy, now).await?,
                "to erase",
            )
        }
        Command::Apply(arguments) => {
            let policy = policy(arguments.policy.as_deref())?;
            (
                apply(&arguments.database.open().await?, &policy, now).await?,
                "erased",
            )
        }
    };
    print(&erasure, verb);
    Ok(())
}

/// The policy in a file, or the one that holds without.
pub(crate) fn policy(file: Option<&Path>) -> Result<Policy> {
    Ok(match file {
        Some(file) => Policy::load(file)?,
        None => Policy::default(),
    })
}

fn print(erasure: &Erasure, verb: &str) {
    for (what, count) in erasure.each() {
        println!("{what:<26} {count} {verb}");
    }
}
