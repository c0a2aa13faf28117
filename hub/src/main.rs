//! `hub`: the operator's command.

mod command;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use command::{
    cases, check, configuration, departments, devices, intake, keys, publish, retention, rollout, serve,
    upload,
};
use tracing_subscriber::EnvFilter;

/// Check, publish and serve the content of 明窗 terminals.
#[derive(Parser)]
#[command(name = "hub", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Applications for disclosure: list, show, advance, export
    #[command(subcommand)]
    Cases(cases::Command),
    /// Report what is wrong or missing in a source folder; fails on errors
    Check(check::Arguments),
    /// Codes that change settings of terminals when they are shown to their scanners
    #[command(subcommand)]
    Configuration(configuration::Command),
    /// Terminals that hand in: list, approve, forget, revoke
    #[command(subcommand)]
    Devices(devices::Command),
    /// Keys for what terminals hand in, and what they report
    #[command(subcommand)]
    Intake(intake::Command),
    /// Delegate records to departments, which sign them
    #[command(subcommand)]
    Departments(departments::Command),
    /// Make, renew, replace and move the keys that releases are signed with
    #[command(subcommand)]
    Keys(keys::Command),
    /// Sign a source folder and write it as the next release
    Publish(publish::Arguments),
    /// Erase what was kept for long enough
    #[command(subcommand)]
    Retention(retention::Command),
    /// Let a generation that was published in rings out further, or stop it
    #[command(subcommand)]
    Rollout(rollout::Command),
    /// Serve a release over HTTP, and take in what terminals hand in
    Serve(serve::Arguments),
    /// Copy a release to an object store
    Upload(upload::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    catalog::power::arm();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .init();
    let result = match Arguments::parse().command {
        Command::Cases(command) => cases::run(command).await,
        Command::Devices(command) => devices::run(command).await,
        Command::Intake(command) => intake::run(command).await,
        Command::Check(arguments) => check::run(&arguments),
        Command::Configuration(command) => configuration::run(command),
        Command::Departments(command) => departments::run(command),
        Command::Keys(command) => keys::run(command).await,
        Command::Publish(arguments) => publish::run(arguments).await,
        Command::Retention(command) => retention::run(command).await,
        Command::Rollout(command) => rollout::run(command).await,
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Upload(arguments) => upload::run(arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub: {}", catalog::explain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
