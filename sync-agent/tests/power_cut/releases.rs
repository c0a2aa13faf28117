//! A pull, cut at every step. After each cut the terminal has the old generation or the new one, whole, and the next start makes
//! good what was left half done. A further scenario is a row in [`SCENARIOS`].

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Command, Stdio};

use catalog::record::{Attachment, BlobDigest, MediaType, Record};
use catalog::release::blob_file;
use catalog::store::Store;
use hub::publish::Content;
use sha2::{Digest as _, Sha256};

use crate::scenario::{self, keep};
use crate::support::{Place, area};

/// What is going on when the power is cut.
struct Scenario {
    name: &'static str,
    /// Makes what the terminal has and what the hub has. The terminal has `state`, if anything.
    set_up: fn() -> Pin<Box<dyn Future<Output = Place>>>,
    /// A step without which the scenario would not be what its name says.
    must_reach: &'static str,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "the first pull",
        set_up: || {
            Box::pin(async {
                let place = Place::new().await;
                publish(&place, "一", true).await;
                place
            })
        },
        must_reach: "unpack snapshot/during",
    },
    Scenario {
        name: "a pull by delta",
        set_up: || {
            Box::pin(async {
                let place = pulled().await;
                publish(&place, "二", true).await;
                place
            })
        },
        must_reach: "apply delta/during",
    },
    Scenario {
        name: "a pull by snapshot because the delta is missing",
        set_up: || {
            Box::pin(async {
                let place = pulled().await;
                publish(&place, "二", true).await;
                place.tamper(".delta-1.jsonl.zst", |path| fs::remove_file(path).unwrap());
                place
            })
        },
        must_reach: "unpack snapshot/during",
    },
    Scenario {
        name: "a pull that removes the oldest generation and its attachment",
        set_up: || {
            Box::pin(async {
                let place = pulled().await;
                for name in ["二", "三"] {
                    publish(&place, name, false).await;
                    place.pull_folder(&place.repository()).await.unwrap();
                }
                publish(&place, "四", false).await;
                place
            })
        },
        must_reach: "remove blob/before",
    },
    Scenario {
        name: "new keys: two roots to follow, and a pull",
        set_up: || {
            Box::pin(async {
                let mut place = pulled().await;
                for lost in ["timestamp", "snapshot"] {
                    fs::remove_file(place.path("keys").join(format!("{lost}.pk8"))).unwrap();
                    place.renew_root().await;
                }
                publish(&place, "二", true).await;
                place
            })
        },
        must_reach: "write root.json/during",
    },
    Scenario {
        name: "a pull after one that was cut while it fetched",
        set_up: || {
            Box::pin(async {
                let place = pulled().await;
                publish(&place, "二", true).await;
                let cut = ("POWER_CUT", "download/during/0");
                assert!(!run(&place, &[cut]), "the pull before");
                place
            })
        },
        must_reach: "remove what is old/before",
    },
    Scenario {
        name: "damaged content is replaced",
        set_up: || {
            Box::pin(async {
                let place = pulled().await;
                fs::remove_file(place.state().join("gen-1/records.db")).unwrap();
                place
            })
        },
        must_reach: "relink/during",
    },
];

/// A place whose terminal has the first generation with its attachment.
async fn pulled() -> Place {
    let place = Place::new().await;
    publish(&place, "一", true).await;
    assert!(run(&place, &[]), "the first pull");
    place
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.7 ".repeat(20_000)
}

fn digest() -> BlobDigest {
    BlobDigest::new(Sha256::digest(pdf()).into())
}

/// Publishes a generation whose first record is named `name`.
async fn publish(place: &Place, name: &str, with_pdf: bool) {
    catalog::atomic::write(&place.path("form.pdf"), &pdf()).unwrap();
    let mut records: Vec<Record> = vec![area("area-0", name)];
    records.extend((1..60).map(|number| area(&format!("area-{number}"), &format!("领域{}", number * 7919))));
    if with_pdf {
        let attachment = Attachment {
            title: "申请表".to_owned(),
            media_type: MediaType::Pdf,
            length: pdf().len() as u64,
            sha256: digest(),
        };
        let json = serde_json::json!({
            "kind": "document", "id": "sc-99", "title": "关于申请表的通知", "doc_type": "normative",
            "validity": {"state": "unknown"}, "outline": [], "blocks": [],
            "provenance": {"mark": "curated"}, "attachments": [attachment],
        });
        records.push(serde_json::from_value(json).unwrap());
    }
    let files: BTreeMap<BlobDigest, PathBuf> = [(digest(), place.path("form.pdf"))].into();
    let content = Content {
        records: &records,
        files: &files,
        rings: None,
    };
    place.publish_content(content).await;
}

/// Runs a pull in a process of its own; whether it ended well.
fn run(place: &Place, environment: &[(&str, &str)]) -> bool {
    Command::new(env!("CARGO_BIN_EXE_sync-agent"))
        .args(["pull", "--from"])
        .arg(place.repository())
        .arg("--root")
        .arg(place.root())
        .arg("--state")
        .arg(place.state())
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

/// The points that a run without a cut reaches, each with the number of times before.
fn points(place: &Place) -> Vec<String> {
    let log = place.path("points");
    assert!(run(place, &[("POWER_LOG", log.to_str().unwrap())]));
    scenario::points(&log)
}

/// The generation and its name, checked whole; `None` without content.
fn shown(place: &Place) -> Option<(u64, String)> {
    let current = place.state().join("current");
    fs::symlink_metadata(&current).ok()?;
    let store = Store::open(&current).ok()?;
    store.quick_check().unwrap();
    Some(place.shown())
}

/// What is left in the state folder that should not be there.
fn litter(state: &Path) -> Vec<String> {
    let names = fs::read_dir(state)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut litter: Vec<String> = names
        .map(|name| name.into_string().unwrap())
        .filter(|name| name.contains(".tmp") || name.contains(".new"))
        .collect();
    litter.extend(
        fs::read_dir(state.join("partial"))
            .into_iter()
            .flatten()
            .map(|entry| format!("partial/{}", entry.unwrap().file_name().display())),
    );
    litter
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_anywhere_a_generation_is_whole_and_the_next_start_repairs() {
    let mut table = String::new();
    let mut cases = 0;
    for Scenario {
        name,
        set_up,
        must_reach,
    } in SCENARIOS
    {
        let place = set_up().await;
        let (state, before) = (place.state(), place.path("before"));
        fs::create_dir_all(&state).unwrap();
        let old = shown(&place);
        keep(&state, &before);
        let points = points(&place);
        assert!(
            points.iter().any(|point| point.starts_with(must_reach)),
            "{name} does not reach {must_reach}: {points:#?}"
        );
        let new = shown(&place).unwrap();
        for point in &points {
            keep(&before, &state);
            let ended_well = run(&place, &[("POWER_CUT", point)]);
            assert!(!ended_well, "{name}: was not killed at {point}");
            let after = shown(&place);
            assert!(
                after == old || after.as_ref() == Some(&new),
                "{name}, cut at {point}: {after:?} instead of {old:?} or {new:?}"
            );
            assert!(run(&place, &[]), "{name}: the start after a cut at {point}");
            assert_eq!(
                shown(&place).as_ref(),
                Some(&new),
                "{name}: after a cut at {point}"
            );
            assert_eq!(litter(&state), [""; 0], "{name}: after a cut at {point}");
            let blob = blob_file(&state, &digest());
            if let Ok(content) = fs::read(&blob) {
                assert!(content == pdf(), "{name}: the attachment after a cut at {point}");
            }
        }
        cases += points.len();
        let _infallible = writeln!(table, "{:>6}  {name}", points.len());
    }
    println!("{table}{cases:>6}  cases");
    assert!(cases >= 300, "only {cases} cases:\n{table}");
}
