//! `hub keys`.

use std::path::PathBuf;

use anyhow::Result;
use catalog::clock::SystemClock;
use clap::Subcommand;
use hub::keys::{self, KeyName, RootOptions};

use super::days;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make all keys and the factory root DIR/root.json that terminals are given
    New {
        /// The folder, which must hold no keys yet
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// How many root keys to make
        #[arg(long, default_value_t = 1, value_name = "N")]
        root_keys: u8,
        /// How many of the root keys must sign a root
        #[arg(long, default_value_t = 1, value_name = "N")]
        root_threshold: u8,
        /// For how many days the root holds
        #[arg(long, default_value_t = 5 * 365, value_name = "DAYS")]
        root_days: u32,
    },
    /// Sign the next root: with a later expiry, and with new keys for those that were taken away
    Renew {
        /// The folder of keys
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Another folder with keys, such as a stick from the safe
        #[arg(long, value_name = "DIR")]
        with: Vec<PathBuf>,
        /// For how many days the new root holds
        #[arg(long, default_value_t = 5 * 365, value_name = "DAYS")]
        root_days: u32,
    },
    /// Replace a root key that was lost or stolen: the others sign
    ReplaceRoot {
        /// The folder of keys; the new key is made here
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Which one, from 1
        #[arg(value_name = "N")]
        number: u8,
        /// Another folder with keys, such as a stick from the safe
        #[arg(long, value_name = "DIR")]
        with: Vec<PathBuf>,
        /// For how many days the new root holds
        #[arg(long, default_value_t = 5 * 365, value_name = "DAYS")]
        root_days: u32,
    },
    /// Move keys to a folder of their own, such as a stick for the safe
    Move {
        /// The folder of keys
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Which: targets, snapshot, timestamp, root-1, root-2 …
        #[arg(value_name = "KEY", required = true)]
        keys: Vec<KeyName>,
        /// Where to
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
}

pub(crate) async fn run(command: Command) -> Result<()> {
    let keys = match command {
        Command::New {
            folder,
            root_keys,
            root_threshold,
            root_days,
        } => {
            let options = RootOptions {
                keys: root_keys,
                threshold: root_threshold,
                lifetime: days(root_days),
            };
            keys::create(&folder, options, &SystemClock).await?
        }
        Command::Renew {
            folder,
            with,
            root_days,
        } => keys::renew(&folder, &with, days(root_days), &SystemClock).await?,
        Command::ReplaceRoot {
            folder,
            number,
            with,
            root_days,
        } => keys::replace_root_key(&folder, &with, number, days(root_days), &SystemClock).await?,
        Command::Move { folder, keys, to } => {
            for key in keys {
                keys::relocate(&folder, key, &to)?;
                println!("{key} is now in {}", to.display());
            }
            return Ok(());
        }
    };
    let root = keys.root();
    println!(
        "{}: root version {}, holds until {}",
        keys.root_path().display(),
        root.version,
        root.expires
    );
    println!("Give this file to every terminal. Keep the root-*.pk8 files away from this machine.");
    Ok(())
}
