//! `fleet`: lets thousands of terminals live through a day, and says what reached the origin and what came of it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser;
use fleet::day::{self, Plan};
use fleet::{picture, report};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing_subscriber::EnvFilter;

/// A file system in memory, where there is one: an fsync costs nothing there.
const MEMORY: &str = "/dev/shm";
/// How many threads wait for disk and processor beside those that run tasks. There are few processors.
const BLOCKING_THREADS: usize = 16;

#[derive(Parser)]
#[command(
    name = "cargo xtask fleet",
    about = "A day of many terminals against a real nginx and the hub, in one process"
)]
struct Arguments {
    /// How many terminals
    #[arg(long, default_value_t = 1000)]
    terminals: usize,
    /// How long the day is, in hours of the fleet's own time
    #[arg(long, default_value_t = 24.0)]
    hours: f64,
    /// Within how many minutes all terminals are switched on
    #[arg(long, default_value_t = 10.0)]
    switched_on: f64,
    /// Seconds between two looks at the release, as in a terminal's configuration
    #[arg(long, default_value_t = 300)]
    poll_seconds: u64,
    /// Seconds between two reports, as in a terminal's configuration
    #[arg(long, default_value_t = 300)]
    report_seconds: u64,
    /// How many submissions residents hand in at a terminal in 24 hours
    #[arg(long, default_value_t = 2.0)]
    submissions: f64,
    /// How many of a hundred terminals are on lines that drop
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    dropping: u8,
    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where table and picture are put
    #[arg(long, default_value = "target/fleet")]
    out: PathBuf,
    /// Where the fleet lives meanwhile; by default in memory
    #[arg(long)]
    folder: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off,fleet=warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    open_files()?;
    let minutes = |minutes: f64| Duration::from_secs_f64(minutes * 60.0);
    let plan = Plan {
        terminals: arguments.terminals,
        length: minutes(arguments.hours * 60.0),
        switched_on: minutes(arguments.switched_on),
        poll: Duration::from_secs(arguments.poll_seconds),
        report: Duration::from_secs(arguments.report_seconds),
        submissions: arguments.submissions,
        dropping: arguments.dropping,
        seed: arguments.seed,
    };
    let place = arguments.folder.unwrap_or_else(|| {
        let memory = PathBuf::from(MEMORY);
        if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        }
    });
    let folder = tempfile::Builder::new()
        .prefix("fleet-")
        .tempdir_in(&place)
        .with_context(|| format!("cannot live in {}", place.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()?;
    let day = runtime.block_on(day::live(plan, folder.path()))?;
    runtime.shutdown_background();

    std::fs::create_dir_all(&arguments.out)?;
    let table = report::table(&day);
    let (text, drawing) = (arguments.out.join("fleet.txt"), arguments.out.join("fleet.svg"));
    catalog::atomic::write(&text, table.as_bytes())?;
    picture::draw(&day, &drawing)?;
    print!("{table}");
    println!("\n{}\n{}", text.display(), drawing.display());
    day::judge(&day)
}

/// As many open files as the process may have: each terminal holds the lock of its state folder.
fn open_files() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, most).context("cannot allow more open files")
}
