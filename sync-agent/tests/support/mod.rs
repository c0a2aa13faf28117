//! A hub's folders and a terminal's state folder, for tests.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "every test file uses its own part of this"
)]

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::clock::{Clock, SystemClock};
use catalog::record::{Area, Record, RecordId};
use catalog::store::Store;
use hub::keys::{self, Keys, RootOptions};
use hub::publish::{Content, Lifetimes, NoPages, Settings, publish, publish_content};
use sync_agent::http;
use sync_agent::release::{Options, PullError, Puller, Report, Source};
use url::Url;

pub fn area(id: &str, name: &str) -> Record {
    Record::Area(Area {
        id: RecordId::try_from(id).unwrap(),
        code: id.to_owned(),
        name: name.to_owned(),
        current_name: name.to_owned(),
        name_en: None,
        founding_pilot: true,
        national_pilot: true,
        order: 1,
    })
}

/// Enough records that a delta is smaller than the whole; the first one is named `first`.
pub fn records(first: &str) -> Vec<Record> {
    let mut records = vec![area("area-0", first)];
    records.extend((1..300).map(|number| area(&format!("area-{number}"), &format!("领域{}", number * 7919))));
    records
}

pub struct Place {
    folder: tempfile::TempDir,
    keys: Keys,
}

impl Place {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys::create(&folder.path().join("keys"), RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        Self { folder, keys }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn repository(&self) -> PathBuf {
        self.path("repo")
    }

    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    pub fn root(&self) -> PathBuf {
        self.path("factory-root.json")
    }

    /// Signs a newer root, with new keys for the roles whose files were removed.
    pub async fn renew_root(&mut self) {
        let lifetime = RootOptions::default().lifetime;
        self.keys = keys::renew(&self.path("keys"), &[], lifetime, &SystemClock)
            .await
            .unwrap();
    }

    pub async fn publish(&self, records: &[Record]) {
        self.publish_at(records, &SystemClock).await;
    }

    /// Publishes as if it were another time.
    pub async fn publish_at(&self, records: &[Record], clock: &dyn Clock) {
        if !self.root().exists() {
            fs::copy(self.keys.root_path(), self.root()).unwrap();
        }
        let repository = self.repository();
        let settings = self.settings(&repository, clock);
        publish(records, &NoPages, &settings).await.unwrap();
    }

    /// The repository as it is now, to be offered again later.
    pub fn keep_copy(&self, name: &str) -> PathBuf {
        let copy = self.path(name);
        copy_folder(&self.repository(), &copy);
        copy
    }

    /// Does something to every file of the release whose name ends like this, of all generations.
    pub fn tamper(&self, ending: &str, tamper: impl Fn(&Path)) {
        let mut found = 0;
        for entry in fs::read_dir(self.repository().join("targets")).unwrap() {
            let path = entry.unwrap().path();
            if path.to_str().unwrap().ends_with(ending) {
                tamper(&path);
                found += 1;
            }
        }
        assert!(found > 0, "no file {ending}");
    }

    /// The keys that the releases are signed with.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// One pull from `url`, as the command does it.
    pub async fn pull(&self, url: Url) -> Result<Report, PullError> {
        self.puller(source(url), Options::default(), Arc::new(SystemClock))?
            .pull()
            .await
    }

    /// An agent's hold on the state folder: what a restart of the agent makes anew.
    pub fn puller(
        &self,
        source: Source,
        options: Options,
        clock: Arc<dyn Clock>,
    ) -> Result<Puller, PullError> {
        Puller::with_options(source, &self.root(), &self.state(), clock, options)
    }

    /// Publishes with attachments or in rings.
    pub async fn publish_content(&self, content: Content<'_>) {
        if !self.root().exists() {
            fs::copy(self.keys.root_path(), self.root()).unwrap();
        }
        let repository = self.repository();
        publish_content(content, &NoPages, &self.settings(&repository, &SystemClock))
            .await
            .unwrap();
    }

    pub fn settings<'a>(&'a self, repository: &'a Path, clock: &'a dyn Clock) -> Settings<'a> {
        Settings {
            keys: &self.keys,
            repository,
            public_url: None,
            lifetimes: Lifetimes::default(),
            least_version: 1,
            clock,
        }
    }

    pub async fn pull_folder(&self, folder: &Path) -> Result<Report, PullError> {
        self.pull(Url::from_directory_path(folder).unwrap()).await
    }

    /// What the terminal shows: the generation and the name of the first area.
    pub fn shown(&self) -> (u64, String) {
        let store = Store::open(&self.state().join("current")).unwrap();
        let first = store
            .get(&RecordId::try_from("area-0").unwrap())
            .unwrap()
            .unwrap();
        (store.meta().generation, first.title().to_owned())
    }
}

/// A release at an address.
pub fn source(url: Url) -> Source {
    Source::new(url, http::client().unwrap()).unwrap()
}

/// A release at an address, with the cache of a hall at another.
pub fn nearby(release: &Url, cache: &Url) -> Source {
    let client = http::cache_client_at(&http::CertificateTime::default()).unwrap();
    source(release.clone()).with_cache(cache.clone(), client)
}

/// A release in a folder.
pub fn folder(path: &Path) -> Source {
    source(Url::from_directory_path(path).unwrap())
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Serves a release on a free port until the test ends.
pub async fn serve(repository: PathBuf) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(hub::serve::serve(repository, listener, std::future::pending()));
    format!("http://{address}/").parse().unwrap()
}
