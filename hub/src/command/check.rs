//! `hub check`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use catalog::check::{Report, Severity, check};
use catalog::clock::{Clock as _, SystemClock};
use catalog::source::Loaded;
use hub::check::{Listing, text};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The source folder
    #[arg(value_name = "DIR")]
    source: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// List every warning, also the 21st of a kind
    #[arg(long)]
    all: bool,
}

/// Judges what was read as of today.
pub(crate) fn judge(loaded: &Loaded) -> Report {
    let today = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    check(loaded, today)
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let source = &arguments.source;
    let loaded = catalog::source::load(source)
        .with_context(|| format!("cannot read the source folder {}", source.display()))?;
    let report = judge(&loaded);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        let listing = if arguments.all {
            Listing::Full
        } else {
            Listing::Short
        };
        print!("{}", text(&report, listing));
    }
    match report.count(Severity::Error) {
        0 => Ok(()),
        errors => bail!("{errors} errors"),
    }
}
