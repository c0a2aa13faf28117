//! The subcommands of `hub`: arguments in, words for the operator out.

pub(crate) mod cases;
pub(crate) mod check;
pub(crate) mod configuration;
pub(crate) mod departments;
pub(crate) mod devices;
pub(crate) mod intake;
pub(crate) mod keys;
pub(crate) mod open;
pub(crate) mod publish;
pub(crate) mod retention;
pub(crate) mod rollout;
pub(crate) mod serve;
pub(crate) mod upload;

use anyhow::{Context as _, Result};
use hub::database::Address;
use hub::store::Store;
use jiff::SignedDuration;

/// The hub's database.
#[derive(clap::Args)]
pub(crate) struct Database {
    /// The hub's database: a file, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, env = "HUB_DATABASE", value_name = "DATABASE", hide_env_values = true)]
    database: String,
}

impl Database {
    async fn open(&self) -> Result<Store> {
        let address: Address = self.database.parse()?;
        Ok(Store::open(&address).await?)
    }
}

/// The hub's database, where one is at hand.
#[derive(clap::Args)]
pub(crate) struct DatabaseAtHand {
    /// The hub's database: a file, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, env = "HUB_DATABASE", value_name = "DATABASE", hide_env_values = true)]
    database: Option<String>,
}

impl DatabaseAtHand {
    async fn open(self) -> Result<Option<Store>> {
        match self.database {
            Some(database) => Ok(Some(Database { database }.open().await?)),
            None => Ok(None),
        }
    }
}

/// Who does it; kept with what was done.
#[derive(clap::Args)]
pub(crate) struct Staff {
    /// Who does it; your user name where absent
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl Staff {
    fn name(&self) -> Result<String> {
        match &self.by {
            Some(name) => Ok(name.clone()),
            None => std::env::var("USER").context("say with --by who does it"),
        }
    }
}

/// What a terminal said of itself, without what would steer the terminal window of whoever reads it: control characters, and
/// those that turn the direction of writing.
fn plain(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|&c| !c.is_control() && !turns(c)).collect()
}

/// A number of days as a duration.
fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}
