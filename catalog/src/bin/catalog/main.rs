//! `catalog`: looks into a generation with the code of the terminal: search it, show a record, build one.

mod build;
mod search;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "catalog", about = "Search and show what a terminal holds", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Search a generation as the terminal does
    Search(search::Options),
    /// Print a record as JSON
    Show {
        /// The generation's folder, such as STATE/current
        store: PathBuf,
        /// The record's id
        id: String,
    },
    /// Build a generation (store and index) straight from a source folder, unsigned
    Build {
        /// The source folder, such as hub/sample
        source: PathBuf,
        /// The generation's folder; it is made, and must not hold a store yet
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Search(options) => search::run(&options),
        Command::Show { store, id } => show::run(&store, &id),
        Command::Build { source, out } => build::run(&source, &out),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough, such as `head`, is no error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("catalog: {}", catalog::explain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
