//! What stands between the hub and a terminal may be hostile: a web server, a cache, a stick, in the end the hub itself.
//!
//! Every attack is refused by an error of its own while the terminal shows what it had; once the attacker has gone, the
//! terminal takes the true release.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod insider;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::{Clock, FixedClock, SystemClock};
use catalog::release::Manifest;
use hub::keys::{self, RootOptions};
use jiff::SignedDuration;
use server::{Behaviour, hostile};
use support::{Place, copy_folder, folder, records, source};
use sync_agent::release::{Options, Patience, PullError, Role, Source};
use table::ATTACKS;

/// A way to offer the terminal something else than the hub published.
struct Attack {
    name: &'static str,
    offer: fn(Scene) -> Offering,
    /// Whether this is the error that the attack must meet.
    refused: fn(&PullError) -> bool,
}

/// What an attacker has: the first release, which the terminal shows, and a copy of the second, to work on.
#[derive(Clone)]
struct Scene {
    place: Arc<Place>,
    first: PathBuf,
    second: PathBuf,
}

/// What is offered, and at what time.
struct Offer {
    source: Source,
    clock: Arc<dyn Clock>,
}

type Offering = Pin<Box<dyn Future<Output = Offer>>>;

impl Offer {
    fn folder(path: &Path) -> Self {
        Self::of(folder(path))
    }

    fn of(source: Source) -> Self {
        Self {
            source,
            clock: Arc::new(SystemClock),
        }
    }
}

impl Scene {
    fn metadata(&self, name: &str) -> PathBuf {
        self.second.join("metadata").join(name)
    }

    /// The file of a target of the second release.
    fn target(&self, ending: &str) -> PathBuf {
        target(&self.second, ending)
    }

    /// Does something to the second release's files and offers what comes out.
    fn tampered(self, tamper: impl FnOnce(&Self) + 'static) -> Offering {
        Box::pin(async move {
            tamper(&self);
            Offer::folder(&self.second)
        })
    }

    /// Answers every request like this.
    fn answered(behaviour: Behaviour) -> Offering {
        Box::pin(async move { Offer::of(source(hostile(behaviour).await)) })
    }

    /// Has something else signed with the hub's own keys.
    fn signed(self, forgery: insider::Forgery) -> Offering {
        Box::pin(async move {
            insider::sign(self.place.keys(), &self.second, forgery).await;
            Offer::folder(&self.second)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attack_meets_its_own_error_and_the_old_content_stays() {
    for Attack { name, offer, refused } in ATTACKS {
        let place = Arc::new(Place::new().await);
        place.publish(&records("旧名")).await;
        place.pull_folder(&place.repository()).await.unwrap();
        let first = place.keep_copy("first");
        let other = Arc::clone(&place);
        let second = {
            // The attacker works on a hub of the same keys, so that the true one is as it was.
            let repository = other.path("second");
            copy_folder(&first, &repository);
            let settings = other.settings(&repository, &SystemClock);
            hub::publish::publish(&records("新名"), &hub::publish::NoPages, &settings)
                .await
                .unwrap();
            repository
        };
        let scene = Scene {
            place: Arc::clone(&place),
            first,
            second,
        };
        let Offer { source, clock } = offer(scene).await;
        let error = place
            .puller(source, impatient(), clock)
            .unwrap()
            .pull()
            .await
            .expect_err(name);
        assert!(refused(&error), "{name}: {error}");
        assert_eq!(place.shown(), (1, "旧名".to_owned()), "{name}");

        // An insider's release counts as seen: the true one must be newer.
        let repository = place.repository();
        let mut settings = place.settings(&repository, &SystemClock);
        settings.least_version = insider::VERSION + 1;
        hub::publish::publish(&records("真名"), &hub::publish::NoPages, &settings)
            .await
            .unwrap();
        place
            .pull_folder(&repository)
            .await
            .unwrap_or_else(|error| panic!("{name}: the true release afterwards: {error}"));
        assert_eq!(place.shown().1, "真名", "{name}");
    }
}

/// So that a slow attack does not take minutes.
fn impatient() -> Options {
    Options {
        patience: Patience {
            metadata: Duration::from_secs(10),
            file: Duration::from_secs(10),
        },
        ..Options::default()
    }
}

/// The file of a target of the newest generation in a release.
fn target(repository: &Path, ending: &str) -> PathBuf {
    let targets = repository.join("targets");
    let files = fs::read_dir(&targets).unwrap().map(|entry| entry.unwrap().path());
    let (manifest, path) = files
        .filter(|path| path.to_string_lossy().ends_with(".manifest.json"))
        .map(|path| (Manifest::parse(&fs::read(&path).unwrap()).unwrap(), path))
        .max_by_key(|(manifest, _)| manifest.generation)
        .unwrap();
    match ending {
        ".manifest.json" => path,
        ".snapshot.db.zst" => targets.join(format!("{}{ending}", manifest.snapshot.sha256)),
        ".delta-1.jsonl.zst" => targets.join(format!("{}{ending}", manifest.deltas[0].sha256)),
        ending => panic!("there is no {ending}"),
    }
}
