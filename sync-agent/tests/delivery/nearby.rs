//! A cache in the same hall changes where bytes come from, and never what is believed.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::SystemClock;
use sync_agent::http::{self, CertificateTime};
use sync_agent::release::{Options, Pulled, Report, Source, Way};
use url::Url;

use crate::proxy::{Proxy, Slow};
use crate::support::{Place, copy_folder, nearby, records};

async fn pull(place: &Place, source: Source) -> Report {
    let mut puller = place
        .puller(source, Options::default(), Arc::new(SystemClock))
        .unwrap();
    puller.pull().await.unwrap()
}

#[tokio::test]
async fn all_that_never_changes_comes_from_the_cache() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let (origin, cache) = (
        Proxy::to(place.repository()).await,
        Proxy::to(place.repository()).await,
    );
    pull(&place, nearby(&origin.url, &cache.url)).await;
    assert_eq!(place.shown().0, 1);
    let (asked, _) = origin.carried();
    assert!(
        asked.iter().any(|request| request.contains("timestamp.json")),
        "{asked:?}"
    );
    // The root that does not exist yet is the one other thing that is asked of the origin.
    let others = asked.iter().filter(|request| !request.contains("timestamp.json"));
    assert!(
        others.clone().all(|request| request.contains("2.root.json")),
        "{asked:?}"
    );
    assert!(
        cache
            .carried()
            .0
            .iter()
            .any(|request| request.contains(".snapshot.db.zst"))
    );
}

#[tokio::test]
async fn with_the_cache_gone_the_terminal_goes_direct() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let origin = Proxy::to(place.repository()).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone: Url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    pull(&place, nearby(&origin.url, &gone)).await;
    assert_eq!(place.shown().0, 1);
}

/// A source whose usual client waits for a silent server for so long only.
#[expect(
    clippy::disallowed_methods,
    reason = "the usual client waits for longer than a test should take"
)]
fn impatient(release: &Url, cache: &Url, silence: Duration) -> Source {
    let client = reqwest::Client::builder().read_timeout(silence).build().unwrap();
    let patient = http::cache_client_at(&CertificateTime::default()).unwrap();
    Source::new(release.clone(), client)
        .unwrap()
        .with_cache(cache.clone(), patient)
}

#[tokio::test]
async fn a_cache_that_waits_for_another_terminals_download_is_not_given_up() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let (origin, cache) = (
        Proxy::to(place.repository()).await,
        Proxy::to(place.repository()).await,
    );
    let silence = Duration::from_secs(5);
    cache.slow_down(".snapshot.db.zst", Slow::HeldBack(silence.mul_f64(1.5)));
    pull(&place, impatient(&origin.url, &cache.url, silence)).await;
    assert_eq!(place.shown().0, 1);
    let (asked, _) = origin.carried();
    assert!(
        !asked.iter().any(|request| request.contains(".snapshot.db.zst")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_cache_that_has_another_release_is_gone_past() {
    let (place, other) = (Place::new().await, Place::new().await);
    place.publish(&records("真")).await;
    other.publish(&records("假")).await;
    let (origin, cache) = (
        Proxy::to(place.repository()).await,
        Proxy::to(other.repository()).await,
    );
    pull(&place, nearby(&origin.url, &cache.url)).await;
    assert_eq!(place.shown(), (1, "真".to_owned()));
}

#[tokio::test]
async fn with_the_origin_gone_the_cache_says_what_is_newest() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let (origin, cache) = (
        Proxy::to(place.repository()).await,
        Proxy::to(place.repository()).await,
    );
    origin.break_after(0);
    pull(&place, nearby(&origin.url, &cache.url)).await;
    assert_eq!(place.shown().0, 1);
}

#[tokio::test]
async fn a_delta_that_only_the_cache_has_damaged_comes_from_the_release_itself_and_costs_no_snapshot() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 3] = [
        ("wrong", |delta| delta[20] ^= 1),
        ("truncated", |delta| delta.truncate(20)),
        ("longer", |delta| delta.resize(delta.len() + 1000, 0)),
    ];
    for (what, damage) in damages {
        let place = Place::new().await;
        place.publish(&records("旧名")).await;
        place.pull_folder(&place.repository()).await.unwrap();
        place.publish(&records("新名")).await;
        let copy = place.path("nearby");
        copy_folder(&place.repository(), &copy);
        for entry in fs::read_dir(copy.join("targets")).unwrap() {
            let path = entry.unwrap().path();
            if path.to_str().unwrap().ends_with(".delta-1.jsonl.zst") {
                let mut delta = fs::read(&path).unwrap();
                damage(&mut delta);
                catalog::atomic::write(&path, &delta).unwrap();
            }
        }
        let (origin, cache) = (Proxy::to(place.repository()).await, Proxy::to(copy).await);
        let report = pull(&place, nearby(&origin.url, &cache.url)).await;
        let way = Way::Delta {
            from: 1,
            put: 1,
            gone: 0,
        };
        assert_eq!(report.pulled, Pulled::Switched { way }, "{what}");
        let (asked, _) = cache.carried();
        assert!(
            asked.iter().any(|request| request.contains(".delta-1.jsonl.zst")),
            "{what}: the cache was not asked: {asked:?}"
        );
    }
}
