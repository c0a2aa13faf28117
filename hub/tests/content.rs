//! Attachments and rings of a release, as they lie in its folder.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use catalog::record::{Attachment, BlobDigest, MediaType, Record};
use catalog::release::{LARGEST_ROW, Rollout, RolloutError, RolloutState, blob_target};
use common::{Hub, area, areas, settings};
use hub::publish::{Content, NoPages, Outcome, PublishError, change_rollout, publish_content, rollout};
use sha2::{Digest as _, Sha256};

const PDF: &[u8] = b"%PDF-1.7";

fn digest() -> BlobDigest {
    BlobDigest::new(Sha256::digest(PDF).into())
}

/// A document with one attachment.
fn document() -> Record {
    let attachment = Attachment {
        title: "申请表".to_owned(),
        media_type: MediaType::Pdf,
        length: PDF.len() as u64,
        sha256: digest(),
    };
    let json = serde_json::json!({
        "kind": "document", "id": "sc-99", "title": "关于申请表的通知", "doc_type": "normative",
        "validity": {"state": "unknown"}, "outline": [], "blocks": [],
        "provenance": {"mark": "curated"}, "attachments": [attachment],
    });
    serde_json::from_value(json).unwrap()
}

async fn release(hub: &Hub, records: &[Record], rings: Option<&[u16]>) -> Result<Outcome, PublishError> {
    let file = hub.folder.path().join("form.pdf");
    catalog::atomic::write(&file, PDF).unwrap();
    let files: BTreeMap<BlobDigest, PathBuf> = [(digest(), file)].into();
    let content = Content {
        records,
        files: &files,
        rings,
    };
    publish_content(content, &NoPages, &settings(&hub.keys, &hub.repository())).await
}

#[tokio::test]
async fn an_attachment_stays_as_long_as_a_release_that_names_it_stays_whole() {
    let hub = Hub::new().await;
    let blob = hub.repository().join("targets").join(blob_target(&digest()));
    release(&hub, &[area("0", "名"), document()], None).await.unwrap();
    assert_eq!(fs::read(&blob).unwrap(), PDF);
    for number in 1..=10 {
        assert!(blob.exists(), "before release {number} after it");
        release(&hub, &[area("0", &format!("名{number}"))], None)
            .await
            .unwrap();
    }
    assert!(!blob.exists());
}

#[tokio::test]
async fn an_attachment_without_its_file_or_with_another_one_stops_the_release() {
    let hub = Hub::new().await;
    let records = [document()];
    let publish = async |files: &BTreeMap<BlobDigest, PathBuf>| {
        let content = Content {
            records: &records,
            files,
            rings: None,
        };
        publish_content(content, &NoPages, &settings(&hub.keys, &hub.repository())).await
    };
    let error = publish(&BTreeMap::new()).await.unwrap_err();
    assert!(matches!(error, PublishError::NoBlob { .. }), "{error}");
    let other = hub.folder.path().join("other.pdf");
    catalog::atomic::write(&other, b"%PDF-1.8").unwrap();
    let error = publish(&[(digest(), other)].into()).await.unwrap_err();
    assert!(matches!(error, PublishError::BlobChanged { .. }), "{error}");
    assert!(
        !hub.repository()
            .join("targets")
            .join(blob_target(&digest()))
            .exists()
    );
    assert!(!hub.repository().join("metadata/timestamp.json").exists());
}

#[tokio::test]
async fn a_record_that_terminals_do_not_take_is_not_published() {
    let hub = Hub::new().await;
    let released = hub.release(&areas(&["0"])).await;
    assert_eq!(released.generation, 1);
    let name = "很".repeat(usize::try_from(LARGEST_ROW).unwrap() / 3);
    let error = hub
        .try_publish(&[area("0", "名"), area("1", &name)])
        .await
        .unwrap_err();
    assert!(
        matches!(&error, PublishError::RowTooLarge { limit, .. } if *limit == LARGEST_ROW),
        "{error}"
    );
}

#[tokio::test]
async fn a_rollout_changes_without_the_generation() {
    let hub = Hub::new().await;
    let repository = hub.repository();
    let settings = settings(&hub.keys, &repository);
    let records = [area("0", "名")];
    release(&hub, &records, Some(&[10, 1000])).await.unwrap();
    let first = Rollout::new(1, vec![10, 1000]).unwrap();
    assert_eq!(rollout(&settings).await.unwrap(), first);

    let held = change_rollout(&settings, |rollout| Ok(rollout.in_state(RolloutState::Held)));
    assert_eq!(held.await.unwrap(), first.in_state(RolloutState::Held));
    let outcome = release(&hub, &records, Some(&[10, 1000])).await.unwrap();
    assert!(
        matches!(outcome, Outcome::Refreshed { generation: 1, .. }),
        "{outcome:?}"
    );
    // Renewed signatures do not let go of what is held.
    assert_eq!(rollout(&settings).await.unwrap().state, RolloutState::Held);

    let error = change_rollout(&settings, Rollout::advanced).await.unwrap_err();
    assert!(
        matches!(error, PublishError::Rollout(RolloutError::Held(1))),
        "{error}"
    );
    change_rollout(&settings, |rollout| Ok(rollout.in_state(RolloutState::Running)))
        .await
        .unwrap();
    let advanced = change_rollout(&settings, Rollout::advanced).await.unwrap();
    assert_eq!((advanced.reach(), advanced.state), (1000, RolloutState::Running));
    let error = change_rollout(&settings, Rollout::advanced).await.unwrap_err();
    assert!(
        matches!(error, PublishError::Rollout(RolloutError::Complete(1))),
        "{error}"
    );

    let error = release(&hub, &[area("0", "新名")], Some(&[10, 20]))
        .await
        .unwrap_err();
    assert!(matches!(error, PublishError::Rollout(_)), "{error}");
    assert_eq!(rollout(&settings).await.unwrap().generation, 1);
}
