//! A rollout is judged by what terminals report, as an operator or a timer does it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::process::Command;

use catalog::release::{Rollout, RolloutState};
use catalog::submission::enrolment::{Enrolment, Standing};
use catalog::submission::{DeviceId, DeviceKey, GenerationOutcome, GenerationReport};
use common::{Hub, PlainPages, areas, settings};
use hub::database::Address;
use hub::publish::{Content, Lifetimes, Settings, change_rollout, publish_content, rollout};
use hub::store::Store;
use jiff::Timestamp;
use tough::{FilesystemTransport, Repository, RepositoryLoader};
use url::Url;

const RINGS: [u16; 2] = [100, 1000];

async fn publish_in_rings(hub: &Hub, names: &[&str], lifetimes: Lifetimes) {
    let records = areas(names);
    let content = Content {
        records: &records,
        files: &BTreeMap::new(),
        rings: Some(&RINGS),
    };
    let repository = hub.repository();
    let settings = Settings {
        lifetimes,
        ..settings(&hub.keys, &repository)
    };
    publish_content(content, &PlainPages, &settings).await.unwrap();
}

async fn present(hub: &Hub) -> Rollout {
    rollout(&settings(&hub.keys, &hub.repository())).await.unwrap()
}

async fn store(hub: &Hub) -> Store {
    Store::open(&Address::File(hub.folder.path().join("hub.db")))
        .await
        .unwrap()
}

/// An approved terminal reports what became of a generation.
async fn reports(store: &Store, generation: i64, place: u16, outcome: GenerationOutcome) -> DeviceId {
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let public_key = DeviceKey::generate().unwrap().public();
    let enrolment = Enrolment {
        public_key,
        place: "斜塘街道".into(),
        division: "320571".into(),
    };
    let device = store.enrol(&enrolment, now).await.unwrap().id;
    store
        .decide(device, Standing::Approved, "tester", now)
        .await
        .unwrap();
    let report = GenerationReport {
        outcome,
        reason: (outcome == GenerationOutcome::RolledBack).then(|| "\u{1b}[2Jblank".to_owned()),
        found_at: now,
        place,
    };
    store
        .keep_generation_report(device, generation, &report, now)
        .await
        .unwrap();
    device
}

/// Runs `hub rollout` with the release and the database; whether it succeeded, and what it said.
fn command(hub: &Hub, name: &str, more: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hub"))
        .args(["rollout", name, "--keys"])
        .arg(hub.folder.path().join("keys"))
        .arg("--out")
        .arg(hub.repository())
        .args(more)
        .env("HUB_DATABASE", hub.folder.path().join("hub.db"))
        .env("RUST_LOG", "error")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn a_ring_that_fails_is_held_and_the_operator_sees_by_which_terminals() {
    let hub = Hub::new().await;
    let store = store(&hub).await;
    publish_in_rings(&hub, &["1"], Lifetimes::default()).await;
    for place in 0..4 {
        reports(&store, 1, place, GenerationOutcome::Good).await;
    }
    let failed = reports(&store, 1, 50, GenerationOutcome::RolledBack).await;
    // Reports of another generation, and of a terminal that was revoked, count nothing.
    reports(&store, 2, 60, GenerationOutcome::RolledBack).await;
    let revoked = reports(&store, 1, 70, GenerationOutcome::RolledBack).await;
    store
        .decide(revoked, Standing::Revoked, "tester", Timestamp::UNIX_EPOCH)
        .await
        .unwrap();

    let (good, said) = command(&hub, "status", &[]);
    assert!(good, "{said}");
    assert!(
        said.contains("ring 1, up to 100: good on 4 terminals, 1 went back"),
        "{said}"
    );
    assert!(said.contains(&format!("{failed} went back")), "{said}");
    assert!(
        said.contains("blank") && !said.contains('\u{1b}'),
        "a terminal writes on the screen"
    );

    let (good, said) = command(&hub, "judge", &["--least", "6"]);
    assert!(good, "too few have reported: {said}");
    assert_eq!(present(&hub).await.state, RolloutState::Running);
    let (good, said) = command(&hub, "judge", &["--least", "5", "--failures", "200"]);
    assert!(good, "one of five is not too many: {said}");
    let (good, said) = command(&hub, "judge", &["--least", "5"]);
    assert!(!good && said.contains("held"), "{said}");
    assert_eq!(present(&hub).await.state, RolloutState::Held);

    // A timer asks again and again: nothing is signed anew for it.
    let timestamp = hub.repository().join("metadata/timestamp.json");
    let before = std::fs::read(&timestamp).unwrap();
    assert!(!command(&hub, "judge", &["--least", "5"]).0);
    assert_eq!(std::fs::read(&timestamp).unwrap(), before);
}

#[tokio::test]
async fn a_release_for_everybody_is_not_complained_about() {
    let hub = Hub::new().await;
    hub.release(&areas(&["1"])).await;
    let (good, said) = command(&hub, "judge", &[]);
    assert!(good, "{said}");
    assert!(!command(&hub, "status", &[]).0);
}

#[tokio::test]
async fn a_change_of_the_rollout_does_not_vouch_longer_for_the_content_than_its_publication() {
    let hub = Hub::new().await;
    publish_in_rings(&hub, &["1"], Lifetimes::days(30, 40, 7)).await;
    let before = load(&hub).await;
    let repository = hub.repository();
    let settings = settings(&hub.keys, &repository);
    change_rollout(&settings, |rollout| Ok(rollout.in_state(RolloutState::Held)))
        .await
        .unwrap();
    let after = load(&hub).await;
    assert!(after.targets().signed.version > before.targets().signed.version);
    assert_eq!(after.targets().signed.expires, before.targets().signed.expires);
    assert_eq!(after.snapshot().signed.expires, before.snapshot().signed.expires);

    // What would run out before the timestamp is renewed, as a publication does it.
    publish_in_rings(&hub, &["2"], Lifetimes::days(3, 3, 1)).await;
    let before = load(&hub).await;
    change_rollout(&settings, |rollout| Ok(rollout.in_state(RolloutState::Held)))
        .await
        .unwrap();
    let after = load(&hub).await;
    assert!(after.targets().signed.expires > before.targets().signed.expires);
}

async fn load(hub: &Hub) -> Repository {
    let root = std::fs::read(hub.keys.root_path()).unwrap();
    let url = |name| Url::from_directory_path(hub.repository().join(name)).unwrap();
    RepositoryLoader::new(&root, url("metadata"), url("targets"))
        .transport(FilesystemTransport)
        .load()
        .await
        .unwrap()
}
