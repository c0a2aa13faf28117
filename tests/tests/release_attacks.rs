//! What stands between the hub and a terminal may be hostile: a web server, a cache, a USB stick.
//! Whatever it does, the terminal says what is wrong and keeps showing what it has.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs::{self, OpenOptions};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::clock::{Clock as _, FixedClock, SystemClock};
use catalog::record::{Area, Record, RecordId};
use catalog::release::Manifest;
use catalog::store::{Filter, Store};
use hub::keys::{self, Keys, RootOptions};
use hub::publish::{Lifetimes, NoPages, Outcome, Settings, publish};
use jiff::SignedDuration;
use sync_agent::release::{PullError, Pulled, Puller, Report, Role, SnapshotReason, Source, Way};
use url::Url;

/// A hub and a terminal.
struct Town {
    folder: tempfile::TempDir,
    keys: Keys,
}

impl Town {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = make_keys(&folder.path().join("keys")).await;
        Self { folder, keys }
    }

    /// A town whose terminal has pulled the first generation.
    async fn with_old_content() -> Self {
        let town = Self::new().await;
        town.publish(&["old"]).await;
        town.pull().await.unwrap();
        town
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    fn metadata(&self, name: &str) -> PathBuf {
        self.repository().join("metadata").join(name)
    }

    /// The file of a target of the newest generation.
    fn target(&self, name: &str) -> PathBuf {
        let targets = self.repository().join("targets");
        let generations = fs::read_dir(&targets).unwrap().map(|entry| entry.unwrap().path());
        let manifests = generations.filter(|path| path.to_string_lossy().ends_with(".manifest.json"));
        let newest = manifests
            .map(|path| (Manifest::parse(&fs::read(&path).unwrap()).unwrap(), path))
            .max_by_key(|(manifest, _)| manifest.generation)
            .unwrap();
        let (manifest, path) = newest;
        match name {
            "manifest" => path,
            "snapshot" => targets.join(format!(
                "{}.{}",
                manifest.snapshot.sha256, manifest.snapshot.target
            )),
            "delta" => targets.join(format!(
                "{}.{}",
                manifest.deltas[0].sha256, manifest.deltas[0].target
            )),
            name => panic!("there is no {name}"),
        }
    }

    fn settings<'a>(&'a self, repository: &'a Path) -> Settings<'a> {
        Settings {
            keys: &self.keys,
            repository,
            public_url: None,
            lifetimes: Lifetimes::default(),
            least_version: 1,
            clock: &SystemClock,
        }
    }

    async fn publish(&self, names: &[&str]) -> Outcome {
        publish(&areas(names), &NoPages, &self.settings(&self.repository()))
            .await
            .unwrap()
    }

    async fn pull(&self) -> Result<Report, PullError> {
        self.pull_from(Url::from_directory_path(self.repository()).unwrap())
            .await
    }

    async fn pull_from(&self, url: Url) -> Result<Report, PullError> {
        let source = Source::new(url, sync_agent::http::client().unwrap()).unwrap();
        let state = self.folder.path().join("state");
        Puller::new(source, &self.keys.root_path(), &state, Arc::new(SystemClock))?
            .pull()
            .await
    }

    /// What the terminal shows: the generation and the titles.
    fn content(&self) -> (u64, Vec<String>) {
        let store = Store::open(&self.folder.path().join("state/current")).unwrap();
        let list = store.list(&Filter::default()).unwrap();
        (
            store.meta().generation,
            list.into_iter().map(|summary| summary.title).collect(),
        )
    }

    /// Expects that a pull fails and that the terminal shows what it showed before.
    async fn refused(&self) -> PullError {
        let before = self.content();
        let error = self.pull().await.unwrap_err();
        assert_eq!(self.content(), before, "after: {error}");
        error
    }
}

async fn make_keys(folder: &Path) -> Keys {
    keys::create(folder, RootOptions::default(), &SystemClock)
        .await
        .unwrap()
}

fn areas(names: &[&str]) -> Vec<Record> {
    let area = |name: &&str| {
        Record::Area(Area {
            id: RecordId::try_from(format!("area-{name}")).unwrap(),
            code: (*name).to_owned(),
            name: (*name).to_owned(),
            current_name: (*name).to_owned(),
            name_en: None,
            founding_pilot: false,
            national_pilot: true,
            order: 1,
        })
    };
    names.iter().map(area).collect()
}

fn change(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut content = fs::read(path).unwrap();
    edit(&mut content);
    catalog::atomic::write(path, &content).unwrap();
}

fn cut(path: &Path) {
    change(path, |content| content.truncate(content.len() / 2));
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, &copy).unwrap();
        }
    }
}

/// Serves a release on the loopback interface while `visit` runs.
async fn served<T, F: Future<Output = T>>(repository: PathBuf, visit: impl FnOnce(Url) -> F) -> T {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(hub::serve::serve(repository, listener, async {
        stopped.await.unwrap_or_default();
    }));
    let result = visit(url).await;
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    result
}

#[tokio::test]
async fn a_terminal_follows_the_hub_over_http_by_snapshot_first_and_delta_then() {
    let town = Town::new().await;
    town.publish(&["a", "b"]).await;
    served(town.repository(), async |url: Url| {
        let report = town.pull_from(url.clone()).await.unwrap();
        assert_eq!(
            report.pulled,
            Pulled::Switched {
                way: Way::Snapshot(SnapshotReason::FirstPull)
            }
        );
        town.publish(&["a", "c", "d"]).await;
        let report = town.pull_from(url.clone()).await.unwrap();
        let way = Way::Delta {
            from: 1,
            put: 2,
            gone: 1,
        };
        assert_eq!(report.pulled, Pulled::Switched { way });
        assert_eq!(
            town.content(),
            (2, vec!["a".to_owned(), "c".to_owned(), "d".to_owned()])
        );
        let report = town.pull_from(url).await.unwrap();
        assert_eq!(report.pulled, Pulled::UpToDate);
    })
    .await;
}

#[tokio::test]
async fn a_stick_brings_the_same_as_the_network() {
    let town = Town::with_old_content().await;
    town.publish(&["old", "new"]).await;
    let stick = town.folder.path().join("U 盘");
    copy_folder(&town.repository(), &stick);
    let report = town
        .pull_from(Url::from_directory_path(stick).unwrap())
        .await
        .unwrap();
    assert!(
        matches!(
            report.pulled,
            Pulled::Switched {
                way: Way::Delta { from: 1, .. }
            }
        ),
        "{report:?}"
    );
    assert_eq!(town.content(), (2, vec!["old".to_owned(), "new".to_owned()]));
}

#[tokio::test]
async fn a_terminal_that_was_away_skips_the_generations_between() {
    let town = Town::with_old_content().await;
    for name in ["b", "c", "d"] {
        town.publish(&["old", name]).await;
    }
    let report = town.pull().await.unwrap();
    assert!(
        matches!(
            report.pulled,
            Pulled::Switched {
                way: Way::Delta { from: 1, .. }
            }
        ),
        "{report:?}"
    );
    assert_eq!(town.content(), (4, vec!["old".to_owned(), "d".to_owned()]));
}

#[tokio::test]
async fn a_release_that_somebody_else_signed_is_forged() {
    let town = Town::with_old_content().await;
    let theirs = Town::new().await;
    for names in [["x"], ["y"]] {
        theirs.publish(&names).await;
    }
    fs::remove_dir_all(town.repository()).unwrap();
    copy_folder(&theirs.repository(), &town.repository());
    let error = town.refused().await;
    assert!(
        matches!(
            error,
            PullError::Forged {
                role: Role::Timestamp,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_changed_word_breaks_the_signature() {
    let town = Town::with_old_content().await;
    town.publish(&["new"]).await;
    change(&town.metadata("timestamp.json"), |content| {
        let text = String::from_utf8(content.clone()).unwrap();
        *content = text.replace("\"version\": 2", "\"version\": 3").into_bytes();
    });
    let error = town.refused().await;
    assert!(
        matches!(
            error,
            PullError::Forged {
                role: Role::Timestamp,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_root_that_was_not_signed_by_the_old_one_is_forged() {
    let town = Town::with_old_content().await;
    let folder = town.folder.path().join("other");
    make_keys(&folder).await;
    keys::renew(&folder, SignedDuration::from_hours(24), &SystemClock)
        .await
        .unwrap();
    fs::copy(folder.join("2.root.json"), town.metadata("2.root.json")).unwrap();
    let error = town.refused().await;
    assert!(
        matches!(error, PullError::Forged { role: Role::Root, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn files_that_end_early_are_truncated() {
    let town = Town::with_old_content().await;
    town.publish(&["new"]).await;
    cut(&town.target("manifest"));
    let error = town.refused().await;
    assert!(matches!(error, PullError::Truncated { .. }), "{error}");
    cut(&town.metadata("timestamp.json"));
    let error = town.refused().await;
    assert!(matches!(error, PullError::Truncated { .. }), "{error}");
}

#[tokio::test]
async fn a_truncated_snapshot_leaves_a_new_terminal_without_content_and_without_rubbish() {
    let town = Town::new().await;
    town.publish(&["new"]).await;
    let good = fs::read(town.target("snapshot")).unwrap();
    cut(&town.target("snapshot"));
    let error = town.pull().await.unwrap_err();
    assert!(matches!(error, PullError::Truncated { .. }), "{error}");
    let state = town.folder.path().join("state");
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&state).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert!(
        names()
            .iter()
            .all(|name| !name.starts_with("gen-") && name != "current"),
        "{:?}",
        names()
    );
    catalog::atomic::write(&town.target("snapshot"), &good).unwrap();
    town.pull().await.unwrap();
    assert_eq!(town.content().0, 1);
}

#[tokio::test]
async fn a_broken_delta_is_made_good_by_the_snapshot_and_not_silently() {
    let town = Town::with_old_content().await;
    town.publish(&["new"]).await;
    cut(&town.target("delta"));
    let report = town.pull().await.unwrap();
    let Pulled::Switched {
        way: Way::Snapshot(reason),
    } = report.pulled
    else {
        panic!("{report:?}")
    };
    assert!(
        matches!(reason, SnapshotReason::DeltaFailed { from: 1, .. }),
        "{reason}"
    );
    assert_eq!(town.content(), (2, vec!["new".to_owned()]));
}

#[tokio::test]
async fn a_release_whose_signatures_ran_out_is_expired() {
    let town = Town::with_old_content().await;
    let (repository, clock) = (
        town.repository(),
        FixedClock(SystemClock.now() - SignedDuration::from_hours(24 * 30)),
    );
    let past = Settings {
        clock: &clock,
        ..town.settings(&repository)
    };
    publish(&areas(&["new"]), &NoPages, &past).await.unwrap();
    let error = town.refused().await;
    assert!(
        matches!(
            error,
            PullError::Expired {
                role: Role::Timestamp
            }
        ),
        "{error}"
    );
    // The operator publishes again, and all is well.
    town.publish(&["new"]).await;
    town.pull().await.unwrap();
    assert_eq!(town.content(), (2, vec!["new".to_owned()]));
}

#[tokio::test]
async fn an_earlier_release_put_back_is_rolled_back() {
    let town = Town::with_old_content().await;
    let kept = town.folder.path().join("kept");
    copy_folder(&town.repository(), &kept);
    town.publish(&["new"]).await;
    town.pull().await.unwrap();
    fs::remove_dir_all(town.repository()).unwrap();
    copy_folder(&kept, &town.repository());
    let error = town.refused().await;
    assert!(
        matches!(
            &error,
            PullError::RolledBack {
                seen: 2,
                offered: 1,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(town.content(), (2, vec!["new".to_owned()]));
}

#[tokio::test]
async fn a_refreshed_timestamp_put_back_is_rolled_back_although_the_content_is_the_same() {
    let town = Town::with_old_content().await;
    let earlier = fs::read(town.metadata("timestamp.json")).unwrap();
    town.publish(&["old"]).await;
    town.pull().await.unwrap();
    catalog::atomic::write(&town.metadata("timestamp.json"), &earlier).unwrap();
    let error = town.refused().await;
    assert!(
        matches!(
            &error,
            PullError::RolledBack {
                seen: 2,
                offered: 1,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn parts_of_two_releases_do_not_make_a_third() {
    let town = Town::with_old_content().await;
    town.publish(&["second"]).await;
    let older = ["1.targets.json", "1.snapshot.json"].map(|name| fs::read(town.metadata(name)).unwrap());
    for (name, older) in ["2.targets.json", "2.snapshot.json"].into_iter().zip(older) {
        let good = fs::read(town.metadata(name)).unwrap();
        catalog::atomic::write(&town.metadata(name), &older).unwrap();
        let error = town.refused().await;
        assert!(matches!(error, PullError::WrongDigest { .. }), "{name}: {error}");
        catalog::atomic::write(&town.metadata(name), &good).unwrap();
    }
    // A signed file of the first release under the name of one of the second.
    let manifest = town.target("manifest");
    change(&manifest, |content| {
        let text = String::from_utf8(content.clone()).unwrap();
        *content = text
            .replace("\"generation\": 2", "\"generation\": 1")
            .into_bytes();
    });
    let error = town.refused().await;
    assert!(matches!(error, PullError::WrongDigest { .. }), "{error}");
}

#[tokio::test]
async fn files_that_never_end_are_given_up() {
    let town = Town::with_old_content().await;
    town.publish(&["new"]).await;
    for path in [town.target("manifest"), town.metadata("2.targets.json")] {
        let good = fs::read(&path).unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        std::io::Write::write_all(&mut file, &vec![b' '; 1 << 20]).unwrap();
        let error = town.refused().await;
        assert!(
            matches!(error, PullError::Endless { .. }),
            "{}: {error}",
            path.display()
        );
        catalog::atomic::write(&path, &good).unwrap();
    }
    let timestamp = town.metadata("timestamp.json");
    fs::remove_file(&timestamp).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &timestamp).unwrap();
    let error = town.refused().await;
    assert!(matches!(error, PullError::Endless { .. }), "{error}");
}

#[tokio::test]
async fn a_missing_file_says_which() {
    let town = Town::with_old_content().await;
    town.publish(&["new"]).await;
    let manifest = town.target("manifest");
    fs::remove_file(&manifest).unwrap();
    let error = town.refused().await;
    assert!(
        matches!(&error, PullError::NotFound { url } if url.path().ends_with(".manifest.json")),
        "{error}"
    );
}
