//! The touch screen of the terminal, as a program.

use std::os::unix::process::CommandExt as _;
use std::process::ExitCode;
use std::sync::Arc;

use catalog::clock::SystemClock;
use clap::Parser as _;
use kiosk::App;
use kiosk::options::{Arguments, Command};
use terminal_api::logging::may_be_logged;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

/// Where both backends look for the scale when they make the window; a scale that is set later does not last.
const SCALE_VARIABLE: &str = "SLINT_SCALE_FACTOR";

fn main() -> ExitCode {
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .with(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with(filter_fn(may_be_logged))
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
    let setup = arguments.setup()?;
    if std::env::var_os(SCALE_VARIABLE).is_none() {
        return Err(with_scale(setup.scale));
    }
    Ok(App::new(setup, Arc::new(SystemClock))?.run()?)
}

/// Becomes this program again, with the scale where Slint looks for it. It returns only when that fails.
fn with_scale(scale: f32) -> anyhow::Error {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return anyhow::Error::new(error).context("the program does not know its own file"),
    };
    let error = std::process::Command::new(&program)
        .args(std::env::args_os().skip(1))
        .env(SCALE_VARIABLE, scale.to_string())
        .exec();
    anyhow::Error::new(error).context(format!("cannot start {}", program.display()))
}
