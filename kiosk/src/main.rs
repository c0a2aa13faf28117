//! The touch screen of the terminal, as a program.

use std::process::ExitCode;
use std::sync::Arc;

use catalog::clock::SystemClock;
use clap::Parser as _;
use kiosk::App;
use kiosk::options::{Arguments, Command};

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
    let arguments = Arguments::parse();
    if let Some(Command::PrepareInput { folder, state }) = &arguments.command {
        return Ok(kiosk::keyboard::words::prepare(folder, state.as_deref())?);
    }
    Ok(App::new(arguments.setup()?, Arc::new(SystemClock))?.run()?)
}
