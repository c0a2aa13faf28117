//! The command `sync-agent`.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::Arc;

use anyhow::Context as _;
use catalog::clock::{Clock, SystemClock};
use clap::{Args, Parser, Subcommand};
use sync_agent::daemon::Ended;
use sync_agent::identity::Identity;
use sync_agent::logging::{self, LogFormat};
use sync_agent::outbox::Outbox;
use sync_agent::release::{Blobs, Pulled, Puller, Source, StateFolder, certificate_time};
use sync_agent::{daemon, http};
use terminal_api::config::{Config, DEFAULT_PATH};
use url::Url;

/// The terminal's daemon: releases in, slips out, devices in hand.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// How log lines look; RUST_LOG chooses what is logged.
    #[arg(long, value_enum, default_value = "text", global = true)]
    log: LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Pull once and exit: 0 when the newest release that is for this terminal is in use.
    Pull(Pull),
    /// Print a new identity, to be sealed by systemd-creds and loaded as `mingchuang-identity`.
    Identity,
    /// Send again what the hub refused, once the reason is gone.
    Retry {
        /// The terminal's configuration.
        #[arg(long, default_value = DEFAULT_PATH)]
        config: PathBuf,
    },
    /// Run for as long as the terminal does.
    Run {
        /// The terminal's configuration.
        #[arg(long, default_value = DEFAULT_PATH)]
        config: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Pull {
    /// The release: http, https, file, or a folder.
    #[arg(long)]
    from: String,
    /// A cache of the release nearby, asked first.
    #[arg(long)]
    cache: Option<Url>,
    /// The factory root of trust.
    #[arg(long)]
    root: PathBuf,
    /// The state folder.
    #[arg(long)]
    state: PathBuf,
}

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    catalog::power::arm();
    let cli = Cli::parse();
    logging::start(cli.log);
    let ended = run(cli.command).and_then(|ended| match ended {
        Ended::Told => Ok(()),
        Ended::Reconfigured => start_anew(),
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sync-agent: {}", catalog::explain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Puts a new run of this program in the place of this one: same process, same arguments. Returns only if it fails.
fn start_anew() -> anyhow::Result<()> {
    let program = std::env::current_exe().context("where this program is")?;
    let error = process::Command::new(&program)
        .args(std::env::args_os().skip(1))
        .exec();
    Err(error).with_context(|| format!("{} cannot be started anew", program.display()))
}

#[tokio::main]
async fn run(command: Command) -> anyhow::Result<Ended> {
    match command {
        Command::Run { config } => return daemon::run(Config::load(&config)?).await,
        Command::Pull(pull) => pull.run().await?,
        Command::Identity => println!("{}", *Identity::generate()?.to_json()),
        Command::Retry { config } => {
            let state = Config::load(&config)?.release.state;
            let released = Outbox::open_beside(&state)?.release()?;
            println!("{released} will be sent again within a minute");
        }
    }
    Ok(Ended::Told)
}

impl Pull {
    async fn run(&self) -> anyhow::Result<()> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let time = certificate_time(&StateFolder::open(&self.state)?, &clock);
        let mut source = Source::new(release_url(&self.from)?, http::client_at(&time)?)
            .with_context(|| format!("{} is neither http, https nor file", self.from))?;
        if let Some(cache) = &self.cache {
            source = source.with_cache(cache.clone(), http::cache_client_at(&time)?);
        }
        let mut puller = Puller::new(source, &self.root, &self.state, clock)?;
        let report = puller.pull().await?;
        let generation = report.meta.generation;
        match report.pulled {
            Pulled::NotYet { newest } => {
                println!("generation {generation} is in use; {newest} is not for this terminal yet");
            }
            Pulled::UpToDate => println!("generation {generation} is in use and the newest"),
            Pulled::Switched { way } => println!("generation {generation} is now in use, by {way}"),
        }
        let blobs = puller.blobs().fetch(puller.source()).await?;
        if blobs != Blobs::default() {
            println!("{} pictures and PDFs were fetched", blobs.fetched);
        }
        Ok(())
    }
}

/// The address of a release, which may be given as the path of a folder.
fn release_url(text: &str) -> anyhow::Result<Url> {
    if text.contains("://") {
        return text.parse().with_context(|| format!("{text:?} is no address"));
    }
    let folder = std::path::absolute(text).with_context(|| format!("{text:?} is no folder"))?;
    Ok(Url::from_directory_path(folder).expect("the path was made absolute"))
}
