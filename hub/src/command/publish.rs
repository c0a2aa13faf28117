//! `hub publish`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use catalog::check::Severity;
use catalog::clock::SystemClock;
use hub::keys::Keys;
use hub::page::PhonePages;
use hub::publish::{Content, Lifetimes, Outcome, Released, Settings, publish_content, renew_timestamp};
use url::Url;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The source folder
    #[arg(value_name = "DIR", required_unless_present = "only_timestamp")]
    source: Option<PathBuf>,
    /// The folder of keys made by `hub keys new`
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// Another folder with keys that were moved there
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// The folder of the release; the next generation is added to what is in it
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The address under which phones reach this release, such as https://zwgk.example.gov.cn
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,
    /// For how many days terminals trust that nothing newer exists; publish again before they are over
    #[arg(long, default_value_t = 7, value_name = "DAYS")]
    expires_days: u32,
    /// For how many days the content itself is vouched for
    #[arg(long, default_value_t = 365, value_name = "DAYS")]
    content_expires_days: u32,
    /// Number the release at least like this: only where an earlier release was lost
    #[arg(long, default_value_t = 1, value_name = "N")]
    least_version: u64,
    /// Let a new generation out in rings: how many of a thousand terminals take it first, then how many in all, up to
    /// 1000. `hub rollout` opens the next ring
    #[arg(long, value_name = "PERMILLE,…,1000", value_delimiter = ',')]
    rings: Option<Vec<u16>>,
    /// Renew the timestamp of the release that is current and nothing else; the timestamp key is the only one needed. For
    /// the daily run that nobody attends, so that it goes on while changed content waits for the other keys
    #[arg(long, conflicts_with_all = ["source", "rings", "public_url", "content_expires_days"])]
    only_timestamp: bool,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let keys = Keys::open_with(&arguments.keys, &arguments.with)?;
    let settings = Settings {
        keys: &keys,
        repository: &arguments.out,
        public_url: arguments.public_url.as_ref(),
        lifetimes: Lifetimes::days(
            arguments.content_expires_days,
            arguments.content_expires_days,
            arguments.expires_days,
        ),
        least_version: arguments.least_version,
        clock: &SystemClock,
    };
    let Some(source) = &arguments.source else {
        print_outcome(&renew_timestamp(&settings).await?);
        return Ok(());
    };
    let loaded = catalog::source::load(source)
        .with_context(|| format!("cannot read the source folder {}", source.display()))?;
    let report = super::check::judge(source, &loaded, Some(&arguments.keys))?;
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    for finding in errors.clone() {
        let record = finding.record.as_deref().unwrap_or_default();
        eprintln!("{} {record}: {}", finding.file, finding.message);
    }
    if errors.clone().next().is_some() {
        bail!(
            "{} errors, nothing was published; `hub check` tells more",
            errors.count()
        );
    }
    let content = Content {
        records: &loaded.records,
        files: &loaded.files,
        rings: arguments.rings.as_deref(),
    };
    print_outcome(&publish_content(content, &PhonePages::new(&loaded.records), &settings).await?);
    Ok(())
}

fn print_outcome(outcome: &Outcome) {
    match outcome {
        Outcome::Released(Released {
            generation,
            rows,
            snapshot_length,
            deltas,
            pages,
            expires,
        }) => {
            println!("generation {generation}: {rows} records, {pages} pages, {snapshot_length} bytes");
            for (from, length) in deltas {
                println!("  from generation {from}: {length} bytes");
            }
            println!("valid until {expires}");
        }
        Outcome::Refreshed { generation, expires } => {
            println!("generation {generation}: unchanged, valid until {expires}");
        }
    }
}

fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    match (url.scheme(), url.query(), url.fragment()) {
        ("http" | "https", None, None) => Ok(url),
        _ => Err("an http or https address without query and fragment is needed".to_owned()),
    }
}
