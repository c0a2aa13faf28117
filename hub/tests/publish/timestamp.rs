//! Signing the release that is current anew.

use std::fs;

use catalog::clock::{Clock as _, FixedClock, SystemClock};
use hub::keys::KeyError;
use hub::publish::{Lifetimes, NoPages, Outcome, PublishError, Settings, publish, renew_timestamp};
use jiff::SignedDuration;
use tough::Repository;

use crate::common::{Hub, area, areas, settings};
use crate::{check_whole, client, factory_root};

#[tokio::test]
async fn unchanged_content_renews_the_timestamp_and_nothing_else() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let root = factory_root(&hub);
    let before = client(&root, &hub.repository()).await.unwrap();
    // Signing content needs keys that an unattended refresh does not have.
    for key in ["targets.pk8", "snapshot.pk8", "root-1.pk8"] {
        fs::remove_file(hub.keys.root_path().with_file_name(key)).unwrap();
    }
    let outcome = hub.try_publish(&areas(&["a"])).await.unwrap();
    assert!(
        matches!(outcome, Outcome::Refreshed { generation: 1, .. }),
        "{outcome:?}"
    );
    let after = client(&root, &hub.repository()).await.unwrap();
    let versions = |repository: &Repository| {
        [
            repository.timestamp().signed.version.get(),
            repository.snapshot().signed.version.get(),
            repository.targets().signed.version.get(),
        ]
    };
    assert_eq!((versions(&before), versions(&after)), ([1, 1, 1], [2, 1, 1]));
}

#[tokio::test]
async fn content_without_its_keys_shows_nowhere_and_the_current_release_can_still_be_renewed() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a", "b"])).await;
    for key in ["targets.pk8", "snapshot.pk8", "root-1.pk8"] {
        fs::remove_file(hub.keys.root_path().with_file_name(key)).unwrap();
    }
    let folder = hub.repository();
    let files = || {
        let folders = ["i", "i/area-a", "i/area-b", "metadata", "targets"].map(|name| folder.join(name));
        let entries = folders
            .into_iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap());
        let mut files: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .map(|path| (fs::read(&path).unwrap_or_default(), path))
            .collect();
        files.sort();
        files
    };
    let before = files();
    let edited = [area("a", "new words"), area("c", "c")];
    let error = hub.try_publish(&edited).await.unwrap_err();
    assert!(
        matches!(
            error,
            PublishError::NoKeysForContent {
                source: KeyError::NoKey { .. }
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("--only-timestamp"), "{error}");
    assert_eq!(before, files());

    let outcome = renew_timestamp(&settings(&hub.keys, &folder)).await.unwrap();
    assert!(
        matches!(outcome, Outcome::Refreshed { generation: 1, .. }),
        "{outcome:?}"
    );
    let repository = client(&factory_root(&hub), &folder).await.unwrap();
    assert_eq!(repository.timestamp().signed.version.get(), 2);
    assert_eq!(check_whole(&repository).await.rows, 2);
}

#[tokio::test]
async fn a_renewed_timestamp_says_no_later_day_than_the_content_is_vouched_for() {
    let hub = Hub::new().await;
    let repository = hub.repository();
    let settings = settings(&hub.keys, &repository);
    let error = renew_timestamp(&settings).await.unwrap_err();
    assert!(matches!(error, PublishError::NothingPublished { .. }), "{error}");
    let short = Settings {
        lifetimes: Lifetimes::days(3, 2, 1),
        ..settings
    };
    publish(&areas(&["a"]), &NoPages, &short).await.unwrap();
    let Outcome::Refreshed { expires, .. } = renew_timestamp(&settings).await.unwrap() else {
        panic!("nothing new was released");
    };
    let published = client(&factory_root(&hub), &repository).await.unwrap();
    assert_eq!(expires, published.snapshot().signed.expires);
}

#[tokio::test]
async fn content_whose_signatures_would_run_out_is_signed_again_without_a_new_generation() {
    let hub = Hub::new().await;
    let long_ago = FixedClock(SystemClock.now() - SignedDuration::from_hours(24 * 360));
    let repository = hub.repository();
    let old = Settings {
        clock: &long_ago,
        ..settings(&hub.keys, &repository)
    };
    publish(&areas(&["a"]), &NoPages, &old).await.unwrap();
    let error = client(&factory_root(&hub), &repository).await.unwrap_err();
    assert!(
        matches!(error, tough::error::Error::ExpiredMetadata { .. }),
        "{error}"
    );
    let outcome = hub.try_publish(&areas(&["a"])).await.unwrap();
    assert!(
        matches!(outcome, Outcome::Refreshed { generation: 1, .. }),
        "{outcome:?}"
    );
    let repository = client(&factory_root(&hub), &repository).await.unwrap();
    assert_eq!(repository.targets().signed.version.get(), 2);
    assert_eq!(check_whole(&repository).await.generation, 1);
}
