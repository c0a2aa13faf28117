//! Pictures and PDFs, and what the disk has room for.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use catalog::clock::{Clock, SystemClock};
use catalog::record::{Attachment, BlobDigest, MediaType, Record};
use catalog::release::blob_file;
use hub::publish::Content;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};
use sync_agent::release::{BlobFetcher, Blobs, Options, PullError, Pulled, Puller, Way};
use terminal_api::config::Hours;

use crate::proxy::{Fault, Proxy, Slow};
use crate::support::{Place, area, source};

/// A place whose first record has one PDF.
struct Scene {
    place: Place,
    proxy: Proxy,
    content: Vec<u8>,
    digest: BlobDigest,
}

/// A PDF of many different bytes.
fn pdf() -> Vec<u8> {
    let mut content = b"%PDF-1.7\n".to_vec();
    for number in 0_u32..8_000 {
        content.extend(Sha256::digest(number.to_le_bytes()));
    }
    content
}

fn document(attachments: &[Attachment]) -> Record {
    let json = serde_json::json!({
        "kind": "document", "id": "sc-99", "title": "关于申请表的通知", "doc_type": "normative",
        "validity": {"state": "unknown"}, "outline": [], "blocks": [],
        "provenance": {"mark": "curated"}, "attachments": attachments,
    });
    serde_json::from_value(json).unwrap()
}

impl Scene {
    async fn new() -> Self {
        let place = Place::new().await;
        let content = pdf();
        let digest = BlobDigest::new(Sha256::digest(&content).into());
        catalog::atomic::write(&place.path("form.pdf"), &content).unwrap();
        let scene = Self {
            proxy: Proxy::to(place.repository()).await,
            place,
            content,
            digest,
        };
        scene.publish("旧名", true).await;
        scene
    }

    async fn publish(&self, name: &str, with_pdf: bool) {
        let mut records = vec![area("area-0", name)];
        if with_pdf {
            records.push(document(&[self.attachment()]));
        }
        let files: BTreeMap<BlobDigest, PathBuf> =
            [(self.digest.clone(), self.place.path("form.pdf"))].into();
        let content = Content {
            records: &records,
            files: &files,
            rings: None,
        };
        self.place.publish_content(content).await;
    }

    fn attachment(&self) -> Attachment {
        Attachment {
            title: "申请表".to_owned(),
            media_type: MediaType::Pdf,
            length: self.content.len() as u64,
            sha256: self.digest.clone(),
        }
    }

    fn puller(&self, options: Options) -> Result<Puller, PullError> {
        let source = source(self.proxy.url.clone());
        self.place.puller(source, options, Arc::new(SystemClock))
    }

    /// Pulls the records in an agent of its own and returns what fetches the rest.
    async fn pulled(&self, options: Options) -> BlobFetcher {
        let mut puller = self.puller(options).unwrap();
        puller.pull().await.unwrap();
        puller.blobs()
    }

    async fn fetch(&self, fetcher: &BlobFetcher) -> Result<Blobs, PullError> {
        fetcher.fetch(&source(self.proxy.url.clone())).await
    }

    fn file(&self) -> PathBuf {
        blob_file(&self.place.state(), &self.digest)
    }
}

const ONE: Blobs = Blobs {
    fetched: 1,
    waiting: 0,
};
const LATER: Blobs = Blobs {
    fetched: 0,
    waiting: 1,
};

#[tokio::test]
async fn an_attachment_follows_its_record_and_is_fetched_once() {
    let scene = Scene::new().await;
    let fetcher = scene.pulled(Options::default()).await;
    assert_eq!(scene.place.shown(), (1, "旧名".to_owned()));
    assert!(!scene.file().exists());
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), ONE);
    assert!(fs::read(scene.file()).unwrap() == scene.content);

    // The next generation names the same file: nothing is to be fetched.
    scene.publish("新名", true).await;
    let fetcher = scene.pulled(Options::default()).await;
    scene.proxy.carried();
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), Blobs::default());
    assert_eq!(scene.proxy.carried().0.len(), 0);
}

#[tokio::test]
async fn a_download_goes_on_where_it_was_cut_also_after_a_restart() {
    let scene = Scene::new().await;
    let fetcher = scene.pulled(Options::default()).await;
    let half = scene.content.len() / 2;
    scene.proxy.break_after(half);
    let error = scene.fetch(&fetcher).await.unwrap_err();
    assert!(matches!(error, PullError::Unreachable { .. }), "{error}");
    assert!(!scene.file().exists());

    scene.proxy.break_after(usize::MAX);
    scene.proxy.carried();
    let fetcher = scene.puller(Options::default()).unwrap().blobs();
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), ONE);
    let (requests, bytes) = scene.proxy.carried();
    assert!(requests[0].contains("range: bytes="), "{}", requests[0]);
    assert!(
        bytes < half + 10_000,
        "{bytes} bytes for the other half of {}",
        scene.content.len()
    );
    assert!(fs::read(scene.file()).unwrap() == scene.content);
}

#[tokio::test]
async fn a_half_fetched_file_that_rotted_is_found_out_and_fetched_anew() {
    let scene = Scene::new().await;
    let fetcher = scene.pulled(Options::default()).await;
    scene.proxy.break_after(scene.content.len() / 2);
    scene.fetch(&fetcher).await.unwrap_err();
    let partial = scene.place.state().join("partial").join(scene.digest.as_str());
    let mut rotten = fs::read(&partial).unwrap();
    rotten[1000] ^= 1;
    catalog::atomic::write(&partial, &rotten).unwrap();
    scene.proxy.break_after(usize::MAX);
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), ONE);
    assert!(fs::read(scene.file()).unwrap() == scene.content);
}

#[tokio::test]
async fn a_half_fetched_delta_that_rotted_does_not_cost_a_snapshot() {
    let scene = Scene::new().await;
    scene.pulled(Options::default()).await;
    scene.publish("二", true).await;
    let targets = fs::read_dir(scene.place.repository().join("targets")).unwrap();
    let names = targets.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut digests = names.filter_map(|name| Some(name.strip_suffix(".delta-1.jsonl.zst")?.to_owned()));
    let partial = scene.place.state().join("partial").join(digests.next().unwrap());
    catalog::atomic::write(&partial, b"rotten").unwrap();
    let report = scene.puller(Options::default()).unwrap().pull().await.unwrap();
    assert!(
        matches!(
            report.pulled,
            Pulled::Switched {
                way: Way::Delta { from: 1, .. }
            }
        ),
        "{report:?}"
    );
}

#[tokio::test]
async fn another_file_under_its_name_is_refused() {
    let scene = Scene::new().await;
    let fetcher = scene.pulled(Options::default()).await;
    scene.place.tamper(".blob", |path| {
        let mut other = scene.content.clone();
        other[5000] ^= 1;
        catalog::atomic::write(path, &other).unwrap();
    });
    let error = scene.fetch(&fetcher).await.unwrap_err();
    assert!(matches!(error, PullError::WrongDigest { .. }), "{error}");
    scene.place.tamper(".blob", |path| {
        let mut longer = scene.content.clone();
        longer.resize(longer.len() + 100_000, 0);
        catalog::atomic::write(path, &longer).unwrap();
    });
    let error = scene.fetch(&fetcher).await.unwrap_err();
    assert!(matches!(error, PullError::Endless { .. }), "{error}");
    assert!(!scene.file().exists());
}

#[tokio::test]
async fn what_no_kept_generation_names_is_removed() {
    let scene = Scene::new().await;
    let fetcher = scene.pulled(Options::default()).await;
    scene.fetch(&fetcher).await.unwrap();
    for (name, is_kept) in [("二", true), ("三", true), ("四", false)] {
        scene.publish(name, false).await;
        scene.pulled(Options::default()).await;
        assert_eq!(scene.file().exists(), is_kept, "{name}");
    }
}

/// Options with hours for attachments, from and until so many hours after now.
fn within(from: i64, until: i64) -> Options {
    let local = SystemClock.now().to_zoned(TimeZone::system()).time();
    let hour = |hours: i64| local.wrapping_add(hours.hours()).strftime("%H:%M").to_string();
    Options {
        hours: Some(Hours::try_from(format!("{}-{}", hour(from), hour(until))).unwrap()),
        ..Options::default()
    }
}

/// A clock that a test sets to so many hours after now.
#[derive(Default)]
struct Later(Mutex<i64>);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_hours(*self.0.lock().unwrap())
    }
}

#[tokio::test]
async fn a_download_ends_with_its_hours_and_goes_on_when_they_come_again() {
    let scene = Scene::new().await;
    let clock = Arc::<Later>::default();
    let release = source(scene.proxy.url.clone());
    let mut puller = scene
        .place
        .puller(release, within(-2, 2), Arc::<Later>::clone(&clock))
        .unwrap();
    puller.pull().await.unwrap();
    let fetcher = puller.blobs();
    scene.proxy.slow_down(".blob", Slow::Drips);
    let partial = scene.place.state().join("partial").join(scene.digest.as_str());
    let in_the_middle = async {
        let is_there = || fs::metadata(&partial).is_ok_and(|file| file.len() > 100_000);
        while !is_there() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        *clock.0.lock().unwrap() = 8;
    };
    let (outcome, ()) = tokio::join!(scene.fetch(&fetcher), in_the_middle);
    assert_eq!(outcome.unwrap(), LATER);

    scene.proxy.hurry();
    *clock.0.lock().unwrap() = 0;
    scene.proxy.carried();
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), ONE);
    let (requests, _) = scene.proxy.carried();
    assert!(requests[0].contains("range: bytes="), "{}", requests[0]);
    assert!(fs::read(scene.file()).unwrap() == scene.content);
}

#[tokio::test]
async fn attachments_wait_for_their_hour_and_records_do_not() {
    let scene = Scene::new().await;
    let fetcher = scene.pulled(within(2, 4)).await;
    assert_eq!(scene.place.shown().0, 1);
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), LATER);
    let fetcher = scene.puller(within(-2, 2)).unwrap().blobs();
    assert_eq!(scene.fetch(&fetcher).await.unwrap(), ONE);
}

#[tokio::test]
async fn a_release_that_the_disk_has_no_room_for_is_not_fetched() {
    let scene = Scene::new().await;
    let full = Options {
        keep_free: u64::MAX / 2,
        ..Options::default()
    };
    let mut puller = scene.puller(full).unwrap();
    let error = puller.pull().await.unwrap_err();
    assert!(matches!(error, PullError::NoSpace { .. }), "{error}");
    let (requests, _) = scene.proxy.carried();
    assert!(
        requests
            .iter()
            .all(|request| !request.contains(".snapshot.db.zst")),
        "{requests:?}"
    );
}

/// How many files the long list names.
const MANY: usize = 300;

#[tokio::test]
async fn a_long_list_of_attachments_goes_on_where_it_was_cut() {
    let place = Place::new().await;
    let file = |number: usize| {
        let content = format!("%PDF-1.7\n{number}");
        let digest = BlobDigest::new(Sha256::digest(content.as_bytes()).into());
        let path = place.path(&format!("{number}.pdf"));
        catalog::atomic::write(&path, content.as_bytes()).unwrap();
        (digest, path)
    };
    let files: BTreeMap<BlobDigest, PathBuf> = (0..MANY).map(file).collect();
    let attachments: Vec<Attachment> = files
        .iter()
        .map(|(digest, path)| Attachment {
            title: "申请表".to_owned(),
            media_type: MediaType::Pdf,
            length: fs::metadata(path).unwrap().len(),
            sha256: digest.clone(),
        })
        .collect();
    let records = [area("area-0", "名"), document(&attachments)];
    place
        .publish_content(Content {
            records: &records,
            files: &files,
            rings: None,
        })
        .await;
    let proxy = Proxy::to(place.repository()).await;
    let pull = async || {
        let source = source(proxy.url.clone());
        let mut puller = place.puller(source, Options::default(), Arc::new(SystemClock))?;
        puller.pull().await
    };
    // How many requests come before the one for the list, as another terminal makes them.
    let is_list = |request: &String| request.contains(".blobs.json");
    proxy.fail(usize::MAX, Fault::None);
    let before = {
        let scratch = place.path("scratch");
        let source = source(proxy.url.clone());
        let mut other = Puller::new(source, &place.root(), &scratch, Arc::new(SystemClock)).unwrap();
        other.pull().await.unwrap();
        let (requests, _) = proxy.carried();
        requests.iter().position(is_list).unwrap()
    };

    proxy.fail(before, Fault::Cut);
    let error = pull().await.unwrap_err();
    assert!(matches!(error, PullError::Unreachable { .. }), "{error}");
    proxy.fail(usize::MAX, Fault::None);
    pull().await.unwrap();
    let (requests, _) = proxy.carried();
    let list = requests.iter().find(|request| is_list(request)).unwrap();
    assert!(list.contains("range: bytes="), "{list}");
    let kept = fs::read(place.state().join("current/blobs.json")).unwrap();
    assert_eq!(catalog::release::read_blobs(&kept).unwrap().len(), MANY);
    assert_eq!(fs::read_dir(place.state().join("partial")).unwrap().count(), 0);
}
