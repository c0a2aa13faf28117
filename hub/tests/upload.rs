//! A release in an object store: an S3-like one of our own that speaks its HTTP, and a folder.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use common::{Hub, areas};
use hub::upload::{Destination, Leftovers, Report, UploadError};
use url::Url;

/// What an S3-like store keeps and saw.
#[derive(Debug, Default)]
struct Bucket {
    objects: BTreeMap<String, (Vec<u8>, HeaderMap)>,
    /// The keys that were written, in order.
    written: Vec<String>,
    /// The parts of objects that are not whole yet.
    parts: BTreeMap<(String, u32), Vec<u8>>,
    /// Refuses to write from this many objects on.
    breaks_after: Option<usize>,
}

type Shared = Arc<Mutex<Bucket>>;

async fn s3(
    State(bucket): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut bucket = bucket.lock().unwrap();
    assert!(headers.contains_key("authorization"), "unsigned");
    let path = uri.path().strip_prefix("/releases").unwrap();
    let key = path.strip_prefix('/').unwrap_or_default().to_owned();
    match method {
        Method::PUT => {
            if bucket
                .breaks_after
                .is_some_and(|most| bucket.written.len() >= most)
            {
                return StatusCode::FORBIDDEN.into_response();
            }
            if let Some(part) = part_number(&uri) {
                bucket.parts.insert((key, part), body.to_vec());
            } else {
                bucket.written.push(key.clone());
                bucket.objects.insert(key, (body.to_vec(), headers));
            }
            [("etag", "\"1\"")].into_response()
        }
        Method::POST if uri.query() == Some("uploads=") => {
            bucket
                .objects
                .insert(format!("{key} in parts"), (Vec::new(), headers));
            format!(
                "<InitiateMultipartUploadResult><Bucket>releases</Bucket><Key>{key}</Key>\
                 <UploadId>one</UploadId></InitiateMultipartUploadResult>"
            )
            .into_response()
        }
        Method::POST if uri.query() == Some("uploadId=one") => {
            let (_, headers) = bucket.objects.remove(&format!("{key} in parts")).unwrap();
            let parts = std::mem::take(&mut bucket.parts);
            assert!(parts.keys().all(|(of, _)| *of == key));
            let whole = parts.into_values().flatten().collect();
            bucket.written.push(key.clone());
            bucket.objects.insert(key, (whole, headers));
            "<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>".into_response()
        }
        Method::GET if key.is_empty() => {
            let mut list = "<ListBucketResult><IsTruncated>false</IsTruncated>".to_owned();
            for (key, (content, _)) in &bucket.objects {
                write!(
                    list,
                    "<Contents><Key>{key}</Key><LastModified>2100-01-01T00:00:00.000Z</LastModified>\
                     <ETag>1</ETag><Size>{}</Size></Contents>",
                    content.len()
                )
                .unwrap();
            }
            (list + "</ListBucketResult>").into_response()
        }
        Method::POST if uri.query() == Some("delete") => {
            let body = String::from_utf8(body.to_vec()).unwrap();
            let mut deleted = "<DeleteResult>".to_owned();
            for part in body.split("<Key>").skip(1) {
                let (key, _) = part.split_once("</Key>").unwrap();
                bucket.objects.remove(key);
                write!(deleted, "<Deleted><Key>{key}</Key></Deleted>").unwrap();
            }
            (deleted + "</DeleteResult>").into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn part_number(uri: &Uri) -> Option<u32> {
    let mut fields = uri.query()?.split('&');
    let number = fields.find_map(|field| field.strip_prefix("partNumber="))?;
    number.parse().ok()
}

async fn store() -> (Shared, Destination) {
    let bucket = Shared::default();
    let router = Router::new()
        .fallback(s3)
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&bucket));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "hub"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "cn-east"),
        ("AWS_PROFILE_OF_SOMETHING_ELSE", "x"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let url = Url::parse("s3://releases/city").unwrap();
    (bucket, Destination::open(&url, settings).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_before_the_terminals_are_told_and_says_how_long_it_keeps() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a", "b"])).await;
    let (bucket, destination) = store().await;
    let first = destination
        .upload(&hub.repository(), Leftovers::Keep)
        .await
        .unwrap();
    let header = |key: &str, name: &str| {
        let bucket = bucket.lock().unwrap();
        let (_, headers) = &bucket.objects[key];
        headers[name].to_str().unwrap().to_owned()
    };
    let written = bucket.lock().unwrap().written.clone();
    assert_eq!(
        first,
        Report {
            written: written.len(),
            present: 0,
            deleted: 0
        }
    );
    assert_eq!(written.last().unwrap(), "city/metadata/timestamp.json");
    assert!(written.contains(&"city/i/area-a/index.html".to_owned()));
    assert!(!written.iter().any(|key| key.contains("lock")), "{written:?}");
    let page = written.iter().position(|key| key.contains("/i/")).unwrap();
    let content = written.iter().rposition(|key| key.contains("/targets/")).unwrap();
    assert!(content < page, "{written:?}");
    assert_eq!(
        header("city/metadata/timestamp.json", "cache-control"),
        "no-cache"
    );
    assert_eq!(
        header("city/i/area-a/index.html", "content-type"),
        "text/html; charset=utf-8"
    );
    let target = written.iter().find(|key| key.contains(".zst")).unwrap();
    assert!(header(target, "cache-control").contains("immutable"));
    assert_eq!(header(target, "content-type"), "application/zstd");

    let again = destination
        .upload(&hub.repository(), Leftovers::Keep)
        .await
        .unwrap();
    assert_eq!(
        again,
        Report {
            // The root, what belongs together, the content, and the timestamp.
            written: 4,
            present: first.written - 4,
            deleted: 0
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_was_signed_again_is_copied_after_the_targets_though_it_is_no_longer() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a", "b"])).await;
    let (bucket, destination) = store().await;
    let upload = async || {
        let uploaded = destination.upload(&hub.repository(), Leftovers::Keep).await;
        uploaded.unwrap()
    };
    upload().await;
    let name = "metadata/1.targets.json";
    let path = hub.repository().join(name);
    let signed = std::fs::read_to_string(&path).unwrap();
    let again = signed.replace("manifest.json", "manifesT.json");
    assert!(again != signed && again.len() == signed.len());
    catalog::atomic::write(&path, again.as_bytes()).unwrap();
    catalog::atomic::write(&hub.repository().join("targets/1.blob"), b"new").unwrap();

    let before = bucket.lock().unwrap().written.len();
    upload().await;
    let bucket = bucket.lock().unwrap();
    assert_eq!(bucket.objects[&format!("city/{name}")].0, again.as_bytes());
    let written = &bucket.written[before..];
    assert_eq!(written.first().unwrap(), "city/targets/1.blob");
    assert_eq!(written.last().unwrap(), "city/metadata/timestamp.json");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_object_goes_in_parts_and_says_what_it_is() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let large: Vec<u8> = (0..20_u32 << 20).map(|n| (n >> 12) as u8).collect();
    catalog::atomic::write(&hub.repository().join("targets/1.pdf"), &large).unwrap();
    let (bucket, destination) = store().await;
    let folder = tempfile::tempdir().unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    for destination in [destination, Destination::open(&url, []).unwrap()] {
        destination
            .upload(&hub.repository(), Leftovers::Keep)
            .await
            .unwrap();
    }
    let bucket = bucket.lock().unwrap();
    let (copy, headers) = &bucket.objects["city/targets/1.pdf"];
    assert!(*copy == large && headers["content-type"] == "application/pdf");
    assert!(std::fs::read(folder.path().join("targets/1.pdf")).unwrap() == large);
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_off_the_store_still_holds_the_release_of_before() {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    let (bucket, destination) = store().await;
    destination
        .upload(&hub.repository(), Leftovers::Keep)
        .await
        .unwrap();
    let newest = || {
        bucket.lock().unwrap().objects["city/metadata/timestamp.json"]
            .0
            .clone()
    };
    let before = newest();
    hub.release(&areas(&["a", "b"])).await;
    let written = bucket.lock().unwrap().written.len();
    bucket.lock().unwrap().breaks_after = Some(written + 2);
    let error = destination
        .upload(&hub.repository(), Leftovers::Delete)
        .await
        .unwrap_err();
    assert!(matches!(error, UploadError::Store(_)), "{error}");
    assert_eq!(newest(), before);

    bucket.lock().unwrap().breaks_after = None;
    bucket
        .lock()
        .unwrap()
        .objects
        .insert("city/targets/old.zst".into(), (vec![1], HeaderMap::new()));
    bucket
        .lock()
        .unwrap()
        .objects
        .insert("city/robots.txt".into(), (vec![1], HeaderMap::new()));
    let report = destination
        .upload(&hub.repository(), Leftovers::Delete)
        .await
        .unwrap();
    assert_eq!(report.deleted, 1);
    assert!(
        !bucket
            .lock()
            .unwrap()
            .objects
            .contains_key("city/targets/old.zst")
    );
    assert!(
        bucket.lock().unwrap().objects.contains_key("city/robots.txt"),
        "what no release has put there stays"
    );
    assert_ne!(newest(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_holds_a_release_that_another_hub_can_serve() {
    let hub = Hub::new().await;
    let target = tempfile::tempdir().unwrap();
    let url = Url::from_directory_path(target.path()).unwrap();
    let destination = Destination::open(&url, []).unwrap();
    let empty = destination.upload(&hub.repository(), Leftovers::Keep).await;
    assert!(matches!(empty, Err(UploadError::NoRelease { .. })));
    hub.release(&areas(&["a"])).await;
    destination
        .upload(&hub.repository(), Leftovers::Delete)
        .await
        .unwrap();
    for name in ["metadata/timestamp.json", "i/area-a/index.html", "index.html"] {
        let copy = std::fs::read(target.path().join(name)).unwrap();
        assert_eq!(
            copy,
            std::fs::read(hub.repository().join(name)).unwrap(),
            "{name}"
        );
    }
    assert!(Destination::open(&Url::parse("https://example.com/").unwrap(), []).is_err());
}
