//! `hub check`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use catalog::check::{Report, Severity, check};
use catalog::clock::{Clock as _, SystemClock};
use catalog::source::Loaded;
use hub::check::{Listing, text};
use hub::departments::{self, Departments};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The source folder
    #[arg(value_name = "DIR")]
    source: PathBuf,
    /// The folder of keys: records that it delegates to departments must be signed by them
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// List every warning, also the 21st of a kind
    #[arg(long)]
    all: bool,
}

/// Judges what was read as of today, and whether departments signed what was delegated to them.
pub(crate) fn judge(source: &Path, loaded: &Loaded, keys: Option<&Path>) -> Result<Report> {
    let today = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut report = check(loaded, today);
    if let Some(keys) = keys {
        let departments = Departments::read(keys)?;
        let findings = departments::check(source, loaded, &departments)?;
        report.findings.splice(..0, findings);
    }
    Ok(report)
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let source = &arguments.source;
    let loaded = catalog::source::load(source)
        .with_context(|| format!("cannot read the source folder {}", source.display()))?;
    let report = judge(source, &loaded, arguments.keys.as_deref())?;
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
