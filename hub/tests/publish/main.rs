//! What the hub publishes, seen by a TUF client that knows nothing of the hub.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod timestamp;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use catalog::clock::SystemClock;
use catalog::record::Record;
use catalog::release::{Limits, Manifest, apply_delta, unpack_snapshot, verify};
use common::{Hub, area, areas, settings};
use hub::keys::{self, RootOptions};
use hub::publish::{NoPages, Outcome, PublishError, Settings, publish};
use jiff::SignedDuration;
use tough::{FilesystemTransport, IntoVec as _, Repository, RepositoryLoader, TargetName};
use url::Url;

/// Loads a release as a terminal does that was given `root`.
async fn client(root: &[u8], repository: &Path) -> Result<Repository, tough::error::Error> {
    let url = |name| Url::from_directory_path(repository.join(name)).unwrap();
    RepositoryLoader::new(&root, url("metadata"), url("targets"))
        .transport(FilesystemTransport)
        .load()
        .await
}

fn factory_root(hub: &Hub) -> Vec<u8> {
    fs::read(hub.keys.root_path()).unwrap()
}

async fn target(repository: &Repository, name: &str) -> Vec<u8> {
    let name = TargetName::new(name).unwrap();
    repository
        .read_target(&name)
        .await
        .unwrap()
        .unwrap()
        .into_vec()
        .await
        .unwrap()
}

async fn manifest(repository: &Repository) -> Manifest {
    Manifest::parse(&target(repository, "manifest.json").await).unwrap()
}

/// Fetches every target, so that length and digest of each are checked, and the whole store.
async fn check_whole(repository: &Repository) -> Manifest {
    for name in repository.targets().signed.targets.keys() {
        target(repository, name.raw()).await;
    }
    let manifest = manifest(repository).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let snapshot = target(repository, &manifest.snapshot.target).await;
    unpack_snapshot(&snapshot[..], &path, 1 << 30).unwrap();
    verify(&path, &manifest).unwrap();
    manifest
}

#[tokio::test]
async fn a_client_with_the_factory_root_gets_what_was_published() {
    let hub = Hub::new().await;
    let released = hub.release(&areas(&["a", "b"])).await;
    let repository = client(&factory_root(&hub), &hub.repository()).await.unwrap();
    let manifest = check_whole(&repository).await;
    assert_eq!((manifest.generation, manifest.rows), (1, 2));
    assert_eq!(released.snapshot_length, manifest.snapshot.length);
    assert!(manifest.deltas.is_empty());
}

#[tokio::test]
async fn every_earlier_generation_has_a_delta_that_leads_to_the_newest() {
    let hub = Hub::new().await;
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<Record> = (0..200)
        .map(|n| area(&n.to_string(), &"规划".repeat(n % 40)))
        .collect();
    let mut stores = Vec::new();
    for edit in 1..=4 {
        let mut records = many.clone();
        records[edit] = area(&edit.to_string(), "修改");
        records.remove(100 + edit);
        hub.release(&records).await;
        let repository = client(&factory_root(&hub), &hub.repository()).await.unwrap();
        let manifest = check_whole(&repository).await;
        let froms: Vec<u64> = manifest.deltas.iter().map(|delta| delta.from).collect();
        assert_eq!(froms, (1..edit as u64).rev().collect::<Vec<_>>());
        for (from, store) in (1..).zip(&stores) {
            let path = folder.path().join("copy.db");
            fs::copy(store, &path).unwrap();
            let delta = manifest.delta_from(from).unwrap();
            let content = target(&repository, &delta.target).await;
            assert_eq!(content.len() as u64, delta.length);
            let applied = apply_delta(&path, &content[..], &manifest, Limits::default()).unwrap();
            // What was edited meanwhile, there and back, and none of the other rows.
            assert!(applied.put <= 5 && applied.gone == 1, "{applied:?}");
            verify(&path, &manifest).unwrap();
        }
        let path = folder.path().join(format!("{edit}.db"));
        let snapshot = target(&repository, &manifest.snapshot.target).await;
        unpack_snapshot(&snapshot[..], &path, 1 << 30).unwrap();
        stores.push(path);
    }
}

#[tokio::test]
async fn the_public_address_is_part_of_the_release() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let (repository, url) = (hub.repository(), Url::parse("https://example.gov.cn/").unwrap());
    let with_address = Settings {
        public_url: Some(&url),
        ..settings(&hub.keys, &repository)
    };
    publish(&areas(&["a"]), &NoPages, &with_address).await.unwrap();
    let manifest = check_whole(&client(&factory_root(&hub), &repository).await.unwrap()).await;
    assert_eq!(
        (manifest.generation, manifest.public_url.as_deref()),
        (2, Some("https://example.gov.cn"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_never_sees_half_a_release_while_the_next_one_is_written() {
    let hub = Hub::new().await;
    hub.release(&areas(&["first"])).await;
    let (root, repository) = (factory_root(&hub), hub.repository());
    let reader = tokio::spawn(async move {
        let mut seen = BTreeMap::new();
        while seen.keys().last() != Some(&8) {
            let repository = client(&root, &repository).await.unwrap();
            let manifest = check_whole(&repository).await;
            seen.insert(manifest.generation, manifest.rows);
        }
        seen
    });
    for generation in 2..=8 {
        let names: Vec<String> = (0..generation).map(|n| n.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        hub.release(&areas(&names)).await;
        tokio::task::yield_now().await;
    }
    let seen = reader.await.unwrap();
    for (generation, rows) in seen {
        assert_eq!(rows, generation.max(1), "generation {generation}");
    }
}

#[tokio::test]
async fn a_release_of_other_keys_is_not_written_over() {
    let (ours, theirs) = (Hub::new().await, Hub::new().await);
    let released = theirs.release(&areas(&["a"])).await;
    let repository = theirs.repository();
    let error = publish(&areas(&["b"]), &NoPages, &settings(&ours.keys, &repository))
        .await
        .unwrap_err();
    assert!(matches!(error, PublishError::ForeignRepository { .. }), "{error}");
    let manifest = check_whole(&client(&factory_root(&theirs), &repository).await.unwrap()).await;
    assert_eq!(manifest.generation, released.generation);
}

#[tokio::test]
async fn a_damaged_release_is_not_continued() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let path = hub.repository().join("metadata/1.targets.json");
    let damaged = fs::read_to_string(&path).unwrap().replace("manifest", "minifest");
    catalog::atomic::write(&path, damaged.as_bytes()).unwrap();
    let error = hub.try_publish(&areas(&["b"])).await.unwrap_err();
    assert!(matches!(error, PublishError::DamagedRepository { .. }), "{error}");
}

#[tokio::test]
async fn terminals_follow_a_renewed_root_to_new_keys() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let factory = factory_root(&hub);
    let folder = hub.keys.root_path().parent().unwrap().to_owned();
    for stolen in ["timestamp.pk8", "targets.pk8"] {
        fs::remove_file(folder.join(stolen)).unwrap();
    }
    let keys = keys::renew(&folder, &[], RootOptions::default().lifetime, &SystemClock)
        .await
        .unwrap();
    let repository = hub.repository();
    let outcome = publish(&areas(&["a"]), &NoPages, &settings(&keys, &repository))
        .await
        .unwrap();
    assert!(
        matches!(outcome, Outcome::Refreshed { generation: 1, .. }),
        "{outcome:?}"
    );
    let seen = client(&factory, &repository).await.unwrap();
    assert_eq!(seen.root().signed.version.get(), 2);
    check_whole(&seen).await;
}

#[tokio::test]
async fn a_lost_release_is_continued_above_what_terminals_saw() {
    let hub = Hub::new().await;
    let repository = hub.repository();
    let continued = Settings {
        least_version: 40,
        ..settings(&hub.keys, &repository)
    };
    publish(&areas(&["a"]), &NoPages, &continued).await.unwrap();
    let seen = client(&factory_root(&hub), &repository).await.unwrap();
    assert_eq!(seen.timestamp().signed.version.get(), 40);
    assert_eq!(check_whole(&seen).await.generation, 40);
}

#[tokio::test]
async fn the_folder_stays_small_however_often_is_published() {
    let hub = Hub::new().await;
    let mut files = Vec::new();
    for n in 0..16 {
        hub.release(&areas(&[&n.to_string()])).await;
        files.push(fs::read_dir(hub.repository().join("metadata")).unwrap().count());
    }
    // One root, ten versions of two roles, the timestamp.
    assert_eq!(files[15], 22);
    let repository = client(&factory_root(&hub), &hub.repository()).await.unwrap();
    check_whole(&repository).await;
    let names = fs::read_dir(hub.repository().join("targets")).unwrap();
    let deltas = names.filter(|name| {
        name.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("delta")
    });
    // Those of the ten newest generations: 6 to 15 of them.
    assert_eq!(deltas.count(), (6..=15).sum::<usize>());
}

#[tokio::test]
async fn what_an_interrupted_publication_left_does_no_harm() {
    let hub = Hub::new().await;
    hub.release(&areas(&["first"])).await;
    let timestamp = hub.repository().join("metadata/timestamp.json");
    let before = fs::read(&timestamp).unwrap();
    hub.release(&areas(&["never", "seen"])).await;
    // As if the power had failed before the last step.
    catalog::atomic::write(&timestamp, &before).unwrap();
    for names in [&["second"][..], &["third", "fourth"]] {
        hub.release(&areas(names)).await;
        let repository = client(&factory_root(&hub), &hub.repository()).await.unwrap();
        assert_eq!(check_whole(&repository).await.rows, names.len() as u64);
    }
    let left = fs::read_dir(hub.repository().join("targets")).unwrap().count();
    // Three manifests, three snapshots, 0 + 1 + 2 deltas.
    assert_eq!(left, 9);
}

#[tokio::test]
async fn the_page_of_a_record_that_is_gone_says_so() {
    let hub = Hub::new().await;
    let page = |id: &str| fs::read_to_string(hub.repository().join("i").join(id).join("index.html")).unwrap();
    hub.release(&areas(&["a", "b"])).await;
    assert_eq!(page("area-b"), "<p>b of generation 1");
    hub.release(&areas(&["a"])).await;
    assert_eq!(page("area-a"), "<p>a of generation 2");
    assert_eq!(page("area-b"), "<p>area-b was withdrawn");
}

#[tokio::test]
async fn two_publications_do_not_run_at_once() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let lock = fs::File::open(hub.repository().join(".lock")).unwrap();
    lock.lock().unwrap();
    let error = hub.try_publish(&areas(&["b"])).await.unwrap_err();
    assert!(matches!(error, PublishError::Busy { .. }), "{error}");
    drop(lock);
    hub.release(&areas(&["b"])).await;
}

#[tokio::test]
async fn an_expired_root_is_not_published_under() {
    let folder = tempfile::tempdir().unwrap();
    let options = RootOptions {
        lifetime: SignedDuration::from_hours(-1),
        ..RootOptions::default()
    };
    let keys = keys::create(&folder.path().join("keys"), options, &SystemClock)
        .await
        .unwrap();
    let repository = folder.path().join("repo");
    let error = publish(&areas(&["a"]), &NoPages, &settings(&keys, &repository))
        .await
        .unwrap_err();
    assert!(matches!(error, PublishError::RootExpired { .. }), "{error}");
}
