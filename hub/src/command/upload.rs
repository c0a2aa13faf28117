//! `hub upload`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use hub::upload::{Destination, Leftovers};
use url::Url;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the release
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// s3://BUCKET/PREFIX, set up by the AWS_… variables of the environment (AWS_ENDPOINT_URL for a store
    /// that is not Amazon's), or file:///FOLDER
    #[arg(value_name = "URL")]
    destination: Url,
    /// Delete what older releases left there
    #[arg(long)]
    delete: bool,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let settings = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
    let destination = Destination::open(&arguments.destination, settings)
        .with_context(|| format!("cannot write to {}", arguments.destination))?;
    let leftovers = if arguments.delete {
        Leftovers::Delete
    } else {
        Leftovers::Keep
    };
    let report = destination.upload(&arguments.repository, leftovers).await?;
    println!(
        "{} written, {} there already, {} deleted",
        report.written, report.present, report.deleted
    );
    Ok(())
}
