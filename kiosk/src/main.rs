//! The touch screen of the terminal, as a program.

use std::process::ExitCode;
use std::sync::Arc;

use catalog::clock::SystemClock;
use clap::Parser as _;
use kiosk::App;
use kiosk::options::Arguments;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let setup = Arguments::parse().setup()?;
    Ok(App::new(setup, Arc::new(SystemClock))?.run()?)
}
