//! `hub intake`: keys, and what terminals report.

use std::path::PathBuf;

use anyhow::Result;
use catalog::clock::{Clock as _, SystemClock, day_in_china};
use clap::Subcommand;
use hub::intake;

use super::{Database, days, open};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make the keys of a hub that takes submissions in, and DIR/hub.json that terminals are given
    Keys {
        /// The folder, which must hold no keys yet
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Make a new sealing key; what terminals sealed to the one before is taken for a time, and can be opened for ever
    ReplaceSealingKey {
        /// The folder of hub.json
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The private half; DIR/sealing.key where absent
        #[arg(long, value_name = "FILE")]
        sealing_key: Option<PathBuf>,
        /// For how many days the hub takes what waits at terminals, sealed to the key before
        #[arg(long, default_value_t = 180, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
        grace_days: u32,
    },
    /// Write what residents handed in as JSON lines; needs the sealing key
    Open(open::Arguments),
    /// Show what terminals are used for, added up over all of them
    Usage {
        #[command(flatten)]
        database: Database,
        /// Over how many days
        #[arg(long, default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: u32,
    },
    /// Show the envelopes that came twice with different content
    Alarms {
        #[command(flatten)]
        database: Database,
    },
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Keys { folder } => {
            intake::create_keys(&folder, &SystemClock)?;
            println!(
                "{}: give this file to every terminal",
                folder.join("hub.json").display()
            );
            println!(
                "{}: keep it away from this machine; without it nobody reads what residents hand in",
                folder.join("sealing.key").display()
            );
        }
        Command::ReplaceSealingKey {
            folder,
            sealing_key,
            grace_days,
        } => {
            let private = sealing_key.unwrap_or_else(|| folder.join("sealing.key"));
            let former = intake::replace_sealing_key(&folder, &private, days(grace_days), &SystemClock)?;
            println!(
                "{}: opens what was sealed before; keep it beside {}",
                former.display(),
                private.display()
            );
            println!(
                "{}: give it to every hub and start them again; then give it to every terminal",
                folder.join("hub.json").display()
            );
        }
        Command::Open(arguments) => open::run(arguments).await?,
        Command::Usage {
            database,
            days: count,
        } => {
            let store = database.open().await?;
            let from = day_in_china(SystemClock.now() - days(count));
            for total in store.totals(from).await? {
                println!("{}  {:<32} {}", total.day, total.metric, total.total);
            }
            for missed in store.missed(from).await? {
                println!("not found  {}  on {} visits", missed.term, missed.visits);
            }
        }
        Command::Alarms { database } => {
            for alarm in database.open().await?.alarms().await? {
                println!(
                    "{}  {}  {}  {}",
                    alarm.raised_at, alarm.device, alarm.submission, alarm.reason
                );
            }
        }
    }
    Ok(())
}
