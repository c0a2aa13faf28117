//! The hub's web server, asked without a network.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use common::{Hub, areas};
use tower::ServiceExt as _;

async fn ask(hub: &Hub, request: Request<Body>) -> Response<Body> {
    hub::serve::router(hub.repository())
        .oneshot(request)
        .await
        .unwrap()
}

async fn get(hub: &Hub, path: &str) -> Response<Body> {
    ask(hub, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

fn header_of(response: &Response<Body>, name: header::HeaderName) -> String {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

async fn published() -> Hub {
    let hub = Hub::new().await;
    hub.release(&areas(&["a"])).await;
    hub
}

#[tokio::test]
async fn a_page_lies_at_its_short_address_and_can_run_nothing() {
    let hub = published().await;
    for path in ["/i/area-a", "/i/area-a/"] {
        let response = get(&hub, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            header_of(&response, header::CONTENT_TYPE),
            "text/html; charset=utf-8"
        );
        let policy = header_of(&response, header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("script"),
            "{policy}"
        );
        assert_eq!(text(response).await, "<p>a of generation 1");
    }
}

#[tokio::test]
async fn an_unchanged_timestamp_is_not_sent_again() {
    let hub = published().await;
    let path = "/metadata/timestamp.json";
    let first = get(&hub, path).await;
    assert_eq!(header_of(&first, header::CONTENT_TYPE), "application/json");
    assert_eq!(header_of(&first, header::CACHE_CONTROL), "no-cache");
    let tag = header_of(&first, header::ETAG);
    let again = || {
        let request = Request::get(path).header(header::IF_NONE_MATCH, &tag);
        ask(&hub, request.body(Body::empty()).unwrap())
    };
    let same = again().await;
    assert_eq!(
        (same.status(), header_of(&same, header::ETAG)),
        (StatusCode::NOT_MODIFIED, tag.clone())
    );
    hub.release(&areas(&["b"])).await;
    let changed = again().await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_ne!(header_of(&changed, header::ETAG), tag);
}

#[tokio::test]
async fn a_broken_off_target_is_continued_where_it_ended() {
    let hub = published().await;
    let targets = std::fs::read_dir(hub.repository().join("targets")).unwrap();
    let path = targets
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().unwrap() == "zst")
        .unwrap();
    let whole = std::fs::read(&path).unwrap();
    let url = format!("/targets/{}", path.file_name().unwrap().to_str().unwrap());
    let request = Request::get(url)
        .header(header::RANGE, "bytes=10-")
        .body(Body::empty())
        .unwrap();
    let response = ask(&hub, request).await;
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(header_of(&response, header::CONTENT_TYPE), "application/zstd");
    assert!(header_of(&response, header::CACHE_CONTROL).contains("immutable"));
    assert_eq!(
        to_bytes(response.into_body(), 1 << 20).await.unwrap(),
        whole[10..]
    );
}

#[tokio::test]
async fn nothing_outside_the_release_is_reachable() {
    let hub = published().await;
    for path in [
        "/.lock",
        "/keys/root.json",
        "/metadata/../../keys/targets.pk8",
        "/metadata/%2e%2e/%2e%2e/keys/targets.pk8",
        "/metadata/..%2f..%2fkeys%2ftargets.pk8",
        "/i/../metadata/timestamp.json",
        "/i/..%2fmetadata",
        "/i/%2e%2e",
        "/i/area-b",
        "/targets/",
    ] {
        let response = get(&hub, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache", "{path}");
    }
    let response = get(&hub, "/i/area-b").await;
    assert!(text(response).await.contains("没有找到这个页面"));
}

#[tokio::test]
async fn health_tells_whether_there_is_something_to_serve() {
    let hub = Hub::new().await;
    assert_eq!(
        get(&hub, "/healthz").await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    hub.release(&areas(&["a"])).await;
    assert_eq!(get(&hub, "/healthz").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_read_now_is_not_said_to_be_gone() {
    let hub = published().await;
    let paths = [
        ("/", "index.html"),
        ("/i/area-a", "i/area-a/index.html"),
        ("/metadata/timestamp.json", "metadata/timestamp.json"),
    ];
    for (path, name) in paths {
        let file = hub.repository().join(name);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(get(&hub, path).await.status(), StatusCode::NOT_FOUND, "{path}");
        std::fs::create_dir(&file).unwrap();
        let response = get(&hub, path).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache", "{path}");
    }
    // Neither missing nor readable, as a file is when too many are open.
    let stuck = hub.repository().join("targets/1.blob");
    std::os::unix::fs::symlink("1.blob", stuck).unwrap();
    let response = get(&hub, "/targets/1.blob").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache");
}
