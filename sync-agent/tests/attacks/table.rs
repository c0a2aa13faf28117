//! The attacks, and the error that each must meet.

use super::*;
use crate::support::area;

/// Every attack, by name.
pub(crate) const ATTACKS: &[Attack] = &[
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

fn change(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut content = fs::read(path).unwrap();
    edit(&mut content);
    catalog::atomic::write(path, &content).unwrap();
}
