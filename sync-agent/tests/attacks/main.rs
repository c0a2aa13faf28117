//! What stands between the hub and a terminal may be hostile: a web server, a cache, a stick, in the end the hub itself.
//!
//! Every attack is refused by an error of its own while the terminal shows what it had; once the attacker has gone, the
//! terminal takes the true release.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod insider;
mod server;
#[path = "../support/mod.rs"]
mod support;

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
use support::{Place, area, copy_folder, folder, records, source};
use sync_agent::release::{Options, Patience, PullError, Role, Source};

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

const ATTACKS: &[Attack] = &[
    Attack {
        name: "tampered: a byte of the content is flipped",
        offer: |scene| {
            scene.tampered(|scene| {
                fs::remove_file(scene.target(".delta-1.jsonl.zst")).unwrap();
                change(&scene.target(".snapshot.db.zst"), |content| content[100] ^= 1);
            })
        },
        refused: |error| matches!(error, PullError::WrongDigest { .. }),
    },
    Attack {
        name: "tampered: a word of the metadata is changed",
        offer: |scene| {
            scene.tampered(|scene| {
                change(&scene.metadata("timestamp.json"), |content| {
                    let text = String::from_utf8(content.clone()).unwrap();
                    *content = text.replace("\"version\": 2", "\"version\": 3").into_bytes();
                });
            })
        },
        refused: |error| {
            matches!(
                error,
                PullError::Forged {
                    role: Role::Timestamp,
                    ..
                }
            )
        },
    },
    Attack {
        name: "swapped: a signed file under another's name",
        offer: |scene| {
            scene.tampered(|scene| {
                fs::copy(
                    target(&scene.first, ".manifest.json"),
                    scene.target(".manifest.json"),
                )
                .unwrap();
            })
        },
        refused: |error| matches!(error, PullError::WrongDigest { .. } | PullError::Truncated { .. }),
    },
    Attack {
        name: "replayed: the release before the last one seen",
        offer: |scene| {
            Box::pin(async move {
                // A timestamp that was only renewed counts as well: the terminal sees it first.
                scene.place.publish(&records("旧名")).await;
                scene.place.pull_folder(&scene.place.repository()).await.unwrap();
                Offer::folder(&scene.first)
            })
        },
        refused: |error| {
            matches!(
                error,
                PullError::RolledBack {
                    seen: 2,
                    offered: 1,
                    ..
                }
            )
        },
    },
    Attack {
        name: "frozen: the same release for ever",
        offer: |scene| {
            Box::pin(async move {
                let later = SystemClock.now() + SignedDuration::from_hours(24 * 8);
                Offer {
                    source: folder(&scene.first),
                    clock: Arc::new(FixedClock(later)),
                }
            })
        },
        refused: |error| {
            matches!(
                error,
                PullError::Expired {
                    role: Role::Timestamp
                }
            )
        },
    },
    Attack {
        name: "endless: a file of content that does not end",
        offer: |scene| {
            scene.tampered(|scene| {
                fs::remove_file(scene.target(".delta-1.jsonl.zst")).unwrap();
                change(&scene.target(".snapshot.db.zst"), |content| {
                    content.resize(4 << 20, 0);
                });
            })
        },
        refused: |error| matches!(error, PullError::Endless { .. }),
    },
    Attack {
        name: "endless: metadata that does not end",
        offer: |_| Scene::answered(Behaviour::Endless),
        refused: |error| matches!(error, PullError::Endless { .. }),
    },
    Attack {
        name: "slow: a byte now and then",
        offer: |_| Scene::answered(Behaviour::Drip),
        refused: |error| matches!(error, PullError::TooSlow { .. }),
    },
    Attack {
        name: "mix and match: the older snapshot role with the newer timestamp",
        offer: |scene| {
            scene.tampered(|scene| {
                fs::copy(
                    scene.first.join("metadata/1.snapshot.json"),
                    scene.metadata("2.snapshot.json"),
                )
                .unwrap();
            })
        },
        refused: |error| matches!(error, PullError::WrongDigest { .. }),
    },
    Attack {
        name: "mix and match: the older targets with the newer snapshot role",
        offer: |scene| {
            scene.tampered(|scene| {
                fs::copy(
                    scene.first.join("metadata/1.targets.json"),
                    scene.metadata("2.targets.json"),
                )
                .unwrap();
            })
        },
        refused: |error| matches!(error, PullError::WrongDigest { .. } | PullError::Endless { .. }),
    },
    Attack {
        name: "wrong key: another hub's release",
        offer: |scene| {
            Box::pin(async move {
                let forger = Place::new().await;
                forger.publish(&records("假")).await;
                forger.publish(&records("更假")).await;
                let copy = scene.second.join("forged");
                copy_folder(&forger.repository(), &copy);
                Offer::folder(&copy)
            })
        },
        refused: |error| {
            matches!(
                error,
                PullError::Forged {
                    role: Role::Timestamp,
                    ..
                }
            )
        },
    },
    Attack {
        name: "wrong key: a root that the old one did not sign",
        offer: |scene| {
            Box::pin(async move {
                let other = scene.second.join("other-keys");
                let options = RootOptions::default();
                keys::create(&other, options, &SystemClock).await.unwrap();
                keys::renew(&other, &[], options.lifetime, &SystemClock)
                    .await
                    .unwrap();
                fs::copy(other.join("2.root.json"), scene.metadata("2.root.json")).unwrap();
                Offer::folder(&scene.second)
            })
        },
        refused: |error| matches!(error, PullError::Forged { role: Role::Root, .. }),
    },
    Attack {
        name: "expired: signatures of long ago",
        offer: |scene| {
            Box::pin(async move {
                let repository = scene.second.clone();
                let past = FixedClock(SystemClock.now() - SignedDuration::from_hours(24 * 30));
                let settings = scene.place.settings(&repository, &past);
                hub::publish::publish(&records("过期"), &hub::publish::NoPages, &settings)
                    .await
                    .unwrap();
                Offer::folder(&repository)
            })
        },
        refused: |error| {
            matches!(
                error,
                PullError::Expired {
                    role: Role::Timestamp
                }
            )
        },
    },
    Attack {
        name: "forged 304: nothing has changed, says somebody who was not asked that",
        offer: |_| Scene::answered(Behaviour::NotModified),
        refused: |error| matches!(error, PullError::UnexpectedAnswer { status: 304, .. }),
    },
    Attack {
        name: "captive portal: a page to log in on",
        offer: |_| Scene::answered(Behaviour::Portal),
        refused: |error| matches!(error, PullError::Malformed { .. }),
    },
    Attack {
        name: "path traversal: a target that leads out of the release",
        offer: |scene| scene.signed(insider::Forgery::outside()),
        refused: |error| matches!(error, PullError::Malformed { what, .. } if what.contains("..")),
    },
    Attack {
        name: "bomb: a snapshot of a few bytes that unpacks to gigabytes",
        offer: |scene| scene.signed(insider::Forgery::bomb()),
        refused: |error| matches!(error, PullError::Bomb { limit: 65_536, .. }),
    },
    Attack {
        name: "oversized row: a record that fills the memory",
        offer: |scene| scene.signed(insider::Forgery::store(&[area("area-0", &"很".repeat(2 << 20))])),
        refused: |error| matches!(error, PullError::OversizedRow(_)),
    },
    Attack {
        name: "a manifest that says less of a file than is signed, so that the disk seems to have room",
        offer: |scene| {
            let mut forgery = insider::Forgery::store(&[area("area-0", "别的")]);
            forgery.length = Some(1);
            scene.signed(forgery)
        },
        refused: |error| {
            matches!(error, PullError::Malformed { what, .. } if what == "snapshot.db.zst")
                && error.to_string().contains("the manifest says 1 bytes")
        },
    },
    Attack {
        name: "other content than the manifest says",
        offer: |scene| {
            let mut forgery = insider::Forgery::store(&[area("area-0", "别的")]);
            forgery.rows = 2;
            scene.signed(forgery)
        },
        refused: |error| matches!(error, PullError::Malformed { .. }),
    },
    Attack {
        name: "truncated: a file that ends early",
        offer: |scene| {
            scene.tampered(|scene| {
                change(&scene.target(".manifest.json"), |content| {
                    content.truncate(content.len() / 2);
                });
            })
        },
        refused: |error| matches!(error, PullError::Truncated { .. }),
    },
    Attack {
        name: "withheld: a file that is signed and not there",
        offer: |scene| scene.tampered(|scene| fs::remove_file(scene.target(".manifest.json")).unwrap()),
        refused: |error| matches!(error, PullError::NotFound { url } if url.path().ends_with(".manifest.json")),
    },
];

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

fn change(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut content = fs::read(path).unwrap();
    edit(&mut content);
    catalog::atomic::write(path, &content).unwrap();
}
