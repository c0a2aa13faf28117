//! Bad lines: whatever they do, the terminal shows the old generation or the new one, whole, and takes the new one as soon as
//! the line is good.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::SystemClock;
use catalog::record::Record;
use catalog::store::Store;
use sync_agent::release::{Options, Patience, PullError, Puller, Report};

use crate::proxy::{Fault, Proxy};
use crate::support::{Place, area, copy_folder, source};

/// How many places of a release the line is cut at.
const CUTS: usize = 150;

/// A terminal that shows the first generation while the hub has the second.
struct Scene {
    place: Place,
    proxy: Proxy,
}

fn content(first: &str, count: usize) -> Vec<Record> {
    let mut records = vec![area("area-0", first)];
    records
        .extend((1..count).map(|number| area(&format!("area-{number}"), &format!("领域{}", number * 7919))));
    records
}

impl Scene {
    async fn new() -> Self {
        Self::with(60).await
    }

    /// With a release of so many records.
    async fn with(records: usize) -> Self {
        let place = Place::new().await;
        place.publish(&content("旧名", records)).await;
        place.pull_folder(&place.repository()).await.unwrap();
        fs::rename(place.state(), place.path("before")).unwrap();
        place.publish(&content("新名", records)).await;
        let proxy = Proxy::to(place.repository()).await;
        let scene = Self { place, proxy };
        scene.reset();
        scene
    }

    /// The terminal is as it was before it heard of the second generation.
    fn reset(&self) {
        let _not_there_yet = fs::remove_dir_all(self.place.state());
        copy_folder(&self.place.path("before"), &self.place.state());
        // The copy follows links.
        fs::remove_dir_all(self.place.state().join("current")).unwrap();
        catalog::atomic::relink(&self.place.state().join("current"), "gen-1".as_ref()).unwrap();
    }

    async fn pull(&self) -> Result<Report, PullError> {
        self.puller()?.pull().await
    }

    fn puller(&self) -> Result<Puller, PullError> {
        let options = Options {
            patience: Patience {
                metadata: Duration::from_secs(20),
                file: Duration::from_secs(20),
            },
            ..Options::default()
        };
        let source = source(self.proxy.url.clone());
        self.place.puller(source, options, Arc::new(SystemClock))
    }

    /// The generation shown, which must be whole.
    fn shown(&self) -> u64 {
        let store = Store::open(&self.place.state().join("current")).unwrap();
        store.quick_check().unwrap();
        let (generation, name) = self.place.shown();
        let expected = [(1, "旧名"), (2, "新名")];
        assert!(
            expected.contains(&(generation, name.as_str())),
            "{generation} {name}"
        );
        generation
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_a_pull_leaves_a_whole_generation_and_the_next_one_succeeds() {
    let scene = Scene::new().await;
    scene.pull().await.unwrap();
    let (_, total) = scene.proxy.carried();
    let mut refused = 0;
    for cut in (0..total).step_by((total / CUTS).max(1)) {
        scene.reset();
        scene.proxy.break_after(cut);
        let broken = scene.pull().await;
        assert_eq!(
            broken.is_ok(),
            scene.shown() == 2,
            "cut after {cut} of {total} bytes: {broken:?}"
        );
        refused += usize::from(broken.is_err());
        scene.proxy.break_after(usize::MAX);
        scene.pull().await.unwrap();
        assert_eq!(scene.shown(), 2, "after a cut after {cut} of {total} bytes");
    }
    assert!(refused >= CUTS, "only {refused} pulls were cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_after_every_single_byte_of_a_small_release_a_pull_changes_nothing() {
    let scene = Scene::with(3).await;
    scene.pull().await.unwrap();
    let (_, total) = scene.proxy.carried();
    scene.reset();
    let mut puller = scene.puller().unwrap();
    for cut in 0..total {
        // What the pull before has fetched is asked for anew: every byte comes over the line.
        let _nothing_fetched = fs::remove_dir_all(scene.place.state().join("partial"));
        scene.proxy.break_after(cut);
        let broken = puller.pull().await;
        assert!(broken.is_err(), "cut after {cut} of {total} bytes: {broken:?}");
        let current = fs::read_link(scene.place.state().join("current")).unwrap();
        assert_eq!(
            current.to_str(),
            Some("gen-1"),
            "cut after {cut} of {total} bytes"
        );
    }
    assert_eq!(scene.shown(), 1);
    scene.proxy.break_after(usize::MAX);
    puller.pull().await.unwrap();
    assert_eq!(scene.shown(), 2);
    println!("cut after each of {total} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_at_every_request_leaves_a_whole_generation_and_the_next_pull_succeeds() {
    let scene = Scene::new().await;
    scene.pull().await.unwrap();
    let (requests, _) = scene.proxy.carried();
    assert!(requests.len() >= 6, "{requests:?}");
    for fault in [
        Fault::Reset,
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(304),
        Fault::Portal,
        Fault::Longer,
        Fault::Shorter,
        Fault::Twice,
    ] {
        for request in 0..requests.len() {
            scene.reset();
            scene.proxy.fail(request, fault);
            let faulty = scene.pull().await;
            let shown = scene.shown();
            assert_eq!(faulty.is_ok(), shown == 2, "{fault:?} at {request}: {faulty:?}");
            scene.proxy.fail(0, Fault::None);
            scene.pull().await.unwrap();
            assert_eq!(scene.shown(), 2, "after {fault:?} at request {request}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_goes_quiet_is_given_up_and_the_next_pull_succeeds() {
    let scene = Scene::new().await;
    // The last request is the one for the delta.
    for request in [1, 5] {
        scene.reset();
        scene.proxy.fail(request, Fault::Stall);
        let error = scene.pull().await.unwrap_err();
        assert!(
            matches!(error, PullError::TooSlow { .. } | PullError::Unreachable { .. }),
            "{error}"
        );
        assert_eq!(scene.shown(), 1);
        scene.proxy.fail(0, Fault::None);
        scene.pull().await.unwrap();
        assert_eq!(scene.shown(), 2);
    }
}
