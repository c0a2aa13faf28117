//! `hub serve`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the release
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: String,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { repository, listen } = arguments;
    ensure!(repository.is_dir(), "{} is not a folder", repository.display());
    let listener = TcpListener::bind(&listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!(
        "serving {} at http://{}/",
        repository.display(),
        listener.local_addr()?
    );
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    hub::serve::serve(repository, listener, stop)
        .await
        .context("the server stopped")
}
