//! How long a terminal takes from the first request to the switch, over the loopback interface.
//!
//! Prints one line a figure: `name milliseconds`. The floor is 5000 ms for the first pull of the sample.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use catalog::clock::SystemClock;
use catalog::record::Record;
use hub::keys::{self, RootOptions};
use hub::publish::{Lifetimes, NoPages, Settings, publish};
use sync_agent::release::{Puller, Source};
use url::Url;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (repository, state) = (folder.path().join("repository"), folder.path().join("state"));
    let keys = keys::create(&folder.path().join("keys"), RootOptions::default(), &SystemClock).await?;
    let settings = Settings {
        keys: &keys,
        repository: &repository,
        public_url: None,
        lifetimes: Lifetimes::default(),
        least_version: 1,
        clock: &SystemClock,
    };
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let mut records = catalog::source::load(&sample)?.records;
    let start = Instant::now();
    publish(&records, &NoPages, &settings).await?;
    report("publish-first", start);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = Url::parse(&format!("http://{}/", listener.local_addr()?))?;
    let server = tokio::spawn(hub::serve::serve(
        repository.clone(),
        listener,
        std::future::pending(),
    ));
    let source = || -> Result<Source> {
        Source::new(url.clone(), sync_agent::http::client()?).context("http is a source")
    };
    let root = keys.root_path();
    let pull = async |name| -> Result<()> {
        let start = Instant::now();
        Puller::new(source()?, &root, &state, Arc::new(SystemClock))?
            .pull()
            .await?;
        report(name, start);
        Ok(())
    };
    pull("pull-first").await?;
    for record in records.iter_mut().take(2) {
        if let Record::Area(area) = record {
            area.name.push('*');
        }
    }
    records.pop();
    let start = Instant::now();
    publish(&records, &NoPages, &settings).await?;
    report("publish-next", start);
    pull("pull-delta").await?;
    pull("pull-unchanged").await?;
    server.abort();
    Ok(())
}

fn report(name: &str, start: Instant) {
    println!("{name} {:.1}", start.elapsed().as_secs_f64() * 1000.0);
}
