//! Pulls of releases that a hub made, good and bad.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use catalog::clock::FixedClock;
use catalog::search::{Index, Query};
use catalog::store::Store;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use support::{Place, records, serve};
use sync_agent::release::{PullError, Pulled, SnapshotReason, Way};
use url::Url;

#[tokio::test]
async fn generations_arrive_over_http_first_whole_then_by_their_changes() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let url = serve(place.repository()).await;

    let first = place.pull(url.clone()).await.unwrap();
    let whole = Way::Snapshot(SnapshotReason::FirstPull);
    assert_eq!(first.pulled, Pulled::Switched { way: whole });
    assert_eq!(place.shown(), (1, "旧名".to_owned()));

    let again = place.pull(url.clone()).await.unwrap();
    assert_eq!(again.pulled, Pulled::UpToDate);

    place.publish(&records("新名")).await;
    let second = place.pull(url).await.unwrap();
    let way = Way::Delta {
        from: 1,
        put: 1,
        gone: 0,
    };
    assert_eq!(second.pulled, Pulled::Switched { way });
    assert_eq!(place.shown(), (2, "新名".to_owned()));
    assert!(place.state().join("gen-1/records.db").exists());
}

#[tokio::test]
async fn a_stick_is_as_good_as_a_server() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.publish(&records("新名")).await;
    let report = place.pull_folder(&place.repository()).await.unwrap();
    assert!(matches!(
        report.pulled,
        Pulled::Switched {
            way: Way::Delta { from: 1, .. }
        }
    ));
    assert_eq!(place.shown().0, 2);
}

#[tokio::test]
async fn a_pipe_on_a_stick_in_the_place_of_metadata_is_refused_and_not_waited_for() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.publish(&records("新名")).await;
    let snapshot = place.repository().join("metadata/2.snapshot.json");
    let kept = place.path("kept");
    fs::rename(&snapshot, &kept).unwrap();
    mknodat(CWD, &snapshot, FileType::Fifo, Mode::RUSR, 0).unwrap();
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(error.to_string().contains("not a plain file"), "{error}");
    assert_eq!(place.shown().0, 1);
    fs::remove_file(&snapshot).unwrap();
    fs::rename(&kept, &snapshot).unwrap();
    place.pull_folder(&place.repository()).await.unwrap();
    assert_eq!(place.shown().0, 2);
}

#[tokio::test]
async fn the_real_content_arrives_and_can_be_searched() {
    let place = Place::new().await;
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let content = catalog::source::load(&sample).unwrap().records;
    place.publish(&content).await;
    place.pull(serve(place.repository()).await).await.unwrap();
    let current = place.state().join("current");
    let store = Store::open(&current).unwrap();
    assert_eq!(store.len().unwrap(), content.len() as u64);
    let results = Index::open(&current).unwrap().search(&Query::new("居住证"));
    let first = store.get(&results.hits[0].id).unwrap().unwrap();
    assert!(first.title().contains("居住证"), "{}", first.title());
}

#[tokio::test]
async fn a_release_signed_by_somebody_else_is_forged() {
    let place = Place::new().await;
    place.publish(&records("真")).await;
    place.pull_folder(&place.repository()).await.unwrap();

    let forger = Place::new().await;
    forger.publish(&records("假")).await;
    forger.publish(&records("更假")).await;
    let error = place.pull_folder(&forger.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Forged { .. }), "{error}");
    assert_eq!(place.shown(), (1, "真".to_owned()));
}

#[tokio::test]
async fn metadata_that_was_edited_is_forged() {
    let place = Place::new().await;
    place.publish(&records("真")).await;
    let timestamp = place.repository().join("metadata/timestamp.json");
    let text = fs::read_to_string(&timestamp).unwrap();
    let edited = text.replace("\"version\":1", "\"version\":9");
    let edited = edited.replace("\"version\": 1", "\"version\": 9");
    assert_ne!(text, edited);
    catalog::atomic::write(&timestamp, edited.as_bytes()).unwrap();
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Forged { .. }), "{error}");
}

#[tokio::test]
async fn metadata_that_ends_early_or_does_not_end_is_refused() {
    let place = Place::new().await;
    place.publish(&records("真")).await;
    let timestamp = place.repository().join("metadata/timestamp.json");
    let good = fs::read(&timestamp).unwrap();
    cut_in_half(&timestamp);
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Truncated { .. }), "{error}");
    catalog::atomic::write(&timestamp, &good).unwrap();
    append_much(&timestamp);
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Endless { .. }), "{error}");
}

/// Publishes a second generation whose snapshot was tampered with, to a terminal that must take it
/// because its own content is too old for a delta.
async fn with_bad_snapshot(tamper: impl Fn(&Path)) -> (PullError, (u64, String)) {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.publish(&records("新名")).await;
    place.tamper("delta-1.jsonl.zst", |path| fs::remove_file(path).unwrap());
    place.tamper("snapshot.db.zst", tamper);
    let url = serve(place.repository()).await;
    (place.pull(url).await.unwrap_err(), place.shown())
}

fn cut_in_half(path: &Path) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
}

fn append_much(path: &Path) {
    let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(&vec![0; 1 << 20]).unwrap();
}

fn flip_a_byte(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    catalog::atomic::write(path, &bytes).unwrap();
}

#[tokio::test]
async fn a_file_that_ends_early_is_refused_and_the_old_content_stays() {
    let (error, shown) = with_bad_snapshot(cut_in_half).await;
    assert!(matches!(error, PullError::Truncated { .. }), "{error}");
    assert_eq!(shown, (1, "旧名".to_owned()));
}

#[tokio::test]
async fn a_file_that_does_not_end_is_refused_and_the_old_content_stays() {
    let (error, shown) = with_bad_snapshot(append_much).await;
    assert!(matches!(error, PullError::Endless { .. }), "{error}");
    assert_eq!(shown, (1, "旧名".to_owned()));
}

#[tokio::test]
async fn a_file_with_another_content_is_refused_and_the_old_content_stays() {
    let (error, shown) = with_bad_snapshot(flip_a_byte).await;
    assert!(matches!(error, PullError::WrongDigest { .. }), "{error}");
    assert_eq!(shown, (1, "旧名".to_owned()));
}

#[tokio::test]
async fn a_bad_delta_is_made_good_by_the_snapshot_and_the_reason_is_told() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.publish(&records("新名")).await;
    place.tamper("delta-1.jsonl.zst", flip_a_byte);
    let report = place.pull_folder(&place.repository()).await.unwrap();
    match report.pulled {
        Pulled::Switched {
            way: Way::Snapshot(SnapshotReason::DeltaFailed { from: 1, reason }),
        } => assert!(reason.contains("wrong digest"), "{reason}"),
        pulled => panic!("{pulled:?}"),
    }
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn content_that_rotted_on_the_disk_is_made_good_by_the_snapshot() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.publish(&records("新名")).await;
    cut_in_half(&place.state().join("gen-1/records.db"));
    let report = place.pull_folder(&place.repository()).await.unwrap();
    assert!(
        matches!(
            report.pulled,
            Pulled::Switched {
                way: Way::Snapshot(SnapshotReason::DeltaFailed { .. } | SnapshotReason::Damaged { .. })
            }
        ),
        "{report:?}"
    );
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn an_older_release_is_refused_with_both_versions() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let old = place.keep_copy("old");
    place.publish(&records("新名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    match place.pull_folder(&old).await.unwrap_err() {
        PullError::RolledBack { what, seen, offered } => {
            assert_eq!((what.as_str(), seen, offered), ("timestamp metadata", 2, 1));
        }
        error => panic!("{error}"),
    }
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn an_expired_release_is_refused() {
    let place = Place::new().await;
    let long_ago = FixedClock("2020-01-01T00:00:00Z".parse().unwrap());
    place.publish_at(&records("旧名"), &long_ago).await;
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Expired { .. }), "{error}");
    assert!(!place.state().join("current").exists());
}

#[tokio::test]
async fn new_roots_are_followed_kept_and_never_taken_back() {
    let mut place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    let with_old_keys = place.keep_copy("old-keys");

    // The timestamp key was stolen: a new root replaces it.
    fs::remove_file(place.path("keys/timestamp.pk8")).unwrap();
    place.renew_root().await;
    place.publish(&records("新名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    assert_eq!(place.shown(), (2, "新名".to_owned()));

    // Whoever has the old key cannot bring the old state back by hiding the new root.
    let error = place.pull_folder(&with_old_keys).await.unwrap_err();
    assert!(matches!(error, PullError::Forged { .. }), "{error}");
}

#[tokio::test]
async fn a_verified_root_is_kept_even_when_the_rest_is_refused() {
    let mut place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.renew_root().await;
    let long_ago = FixedClock("2020-01-01T00:00:00Z".parse().unwrap());
    place.publish_at(&records("新名"), &long_ago).await;
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Expired { .. }), "{error}");
    let kept = fs::read_to_string(place.state().join("root.json")).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept["signed"]["version"], 2);
}

#[tokio::test]
async fn damaged_content_is_replaced_whole() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    fs::remove_file(place.state().join("gen-1/records.db")).unwrap();
    let report = place.pull_folder(&place.repository()).await.unwrap();
    assert!(matches!(
        report.pulled,
        Pulled::Switched {
            way: Way::Snapshot(SnapshotReason::Damaged { .. })
        }
    ));
    assert_eq!(place.shown(), (1, "旧名".to_owned()));
}

#[tokio::test]
async fn nobody_there_and_nothing_there_are_told_apart() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = place.pull(format!("http://{address}/").parse().unwrap()).await;
    let error = error.unwrap_err();
    assert!(matches!(error, PullError::Unreachable { .. }), "{error}");

    let empty = place.path("empty");
    fs::create_dir(&empty).unwrap();
    let error = place.pull(serve(empty).await).await.unwrap_err();
    assert!(matches!(error, PullError::NotFound { .. }), "{error}");

    let unplugged = Url::from_directory_path(place.path("no-stick")).unwrap();
    let error = place.pull(unplugged).await.unwrap_err();
    assert!(matches!(error, PullError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_factory_root_that_is_not_there_is_named() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    fs::remove_file(place.root()).unwrap();
    let error = place.pull_folder(&place.repository()).await.unwrap_err();
    assert!(matches!(error, PullError::Root { .. }), "{error}");
    assert!(error.to_string().contains("factory-root.json"), "{error}");
}
