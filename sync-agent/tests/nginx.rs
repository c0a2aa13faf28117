//! A real nginx with the examples that operators are given: in front of a release, and as the cache of a hall.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod support;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, RANGE, REFERRER_POLICY,
};
use support::{Place, records};
use sync_agent::http;
use sync_agent::release::{Options, Pulled, Way};
use url::Url;

/// How long nginx may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running nginx; dropping it ends it.
struct Nginx {
    child: Child,
    /// The release.
    origin: Url,
    /// The cache of the hall.
    cache: Url,
}

/// Whether the test can run. Where nginx is missing it says so, and fails where everything must be there.
fn is_installed() -> bool {
    let found = Command::new("nginx")
        .arg("-v")
        .stderr(Stdio::null())
        .status()
        .is_ok();
    let missing = "nginx is not installed: `cargo xtask setup` installs it";
    assert!(found || std::env::var_os("CI").is_none(), "{missing}");
    if !found {
        eprintln!("skipped: {missing}");
    }
    found
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub").join(name);
    fs::read_to_string(path).unwrap()
}

/// Replaces what an operator replaces.
fn set(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the example has no {from}");
    text.replace(from, to)
}

impl Nginx {
    fn start(repository: &Path, folder: &Path) -> Self {
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [origin, cache] = ports.map(|listener| listener.local_addr().unwrap());
        let server = example("nginx.conf.example");
        let server = set(&server, "listen 80;", &format!("listen {origin};"));
        let server = set(&server, "/srv/mingchuang/release", repository.to_str().unwrap());
        let hall = example("site-cache.conf.example");
        let hall = set(&hall, "listen 8080;", &format!("listen {cache};"));
        let hall = set(
            &hall,
            "https://release.example.gov.cn",
            &format!("http://{origin}"),
        );
        let hall = set(
            &hall,
            "/var/cache/nginx/mingchuang",
            folder.join("cache").to_str().unwrap(),
        );
        let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
            .concat();
        let user = if rustix::process::geteuid().is_root() {
            "user root;\n"
        } else {
            ""
        };
        let config = format!(
            "{user}daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n\
             events {{}}\nhttp {{\nlog_format plain '$server_port $uri';\n\
             access_log {folder}/access.log plain;\n{folders}{server}\n{hall}\n}}\n",
            folder = folder.display()
        );
        let path = folder.join("nginx.conf");
        catalog::atomic::write(&path, config.as_bytes()).unwrap();
        let mut child = Command::new("nginx")
            .arg("-e")
            .arg(folder.join("error.log"))
            .arg("-c")
            .arg(&path)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while TcpStream::connect(cache).is_err() {
            let ended = child.try_wait().unwrap();
            assert!(
                ended.is_none() && start.elapsed() < PATIENCE,
                "nginx does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        let url = |address| format!("http://{address}/").parse().unwrap();
        Self {
            child,
            origin: url(origin),
            cache: url(cache),
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// The address of the newest snapshot, below the release.
fn snapshot(repository: &Path) -> String {
    let mut names = fs::read_dir(repository.join("targets"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let name = names
        .find(|name| name.to_str().unwrap().ends_with(".snapshot.db.zst"))
        .unwrap();
    format!("targets/{}", name.to_str().unwrap())
}

fn folder(place: &Place) -> PathBuf {
    let folder = place.path("nginx");
    fs::create_dir(&folder).unwrap();
    folder
}

#[tokio::test]
async fn the_example_says_what_terminals_and_caches_rely_on() {
    if !is_installed() {
        return;
    }
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let page = place.repository().join("i/area-0");
    fs::create_dir_all(&page).unwrap();
    catalog::atomic::write_for(
        catalog::atomic::Readers::Everybody,
        &page.join("index.html"),
        b"<p>",
    )
    .unwrap();
    let nginx = Nginx::start(&place.repository(), &folder(&place));
    let client = http::client().unwrap();
    let get = |path: &str| client.get(nginx.origin.join(path).unwrap());
    let header = |answer: &reqwest::Response, name| {
        answer
            .headers()
            .get(name)
            .map(|value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned())
    };
    let snapshot = snapshot(&place.repository());
    for (path, status, kept) in [
        (snapshot.as_str(), 200, "public, max-age=31536000, immutable"),
        ("metadata/1.root.json", 200, "public, max-age=31536000, immutable"),
        ("metadata/timestamp.json", 200, "no-cache"),
        ("metadata/2.root.json", 404, "no-cache"),
        ("i/area-0", 200, "public, max-age=300"),
        (".lock", 404, "no-cache"),
    ] {
        let answer = get(path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(header(&answer, CACHE_CONTROL).as_deref(), Some(kept), "{path}");
        assert_eq!(header(&answer, CONTENT_ENCODING), None, "{path}");
    }
    let timestamp = get("metadata/timestamp.json").send().await.unwrap();
    let tag = header(&timestamp, ETAG).unwrap();
    let again = get("metadata/timestamp.json")
        .header(IF_NONE_MATCH, &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    // What is for browsers is sent with pages, and not to a terminal that asks hundreds of times a day.
    assert_eq!(header(&again, CONTENT_SECURITY_POLICY), None);
    assert_eq!(header(&again, REFERRER_POLICY), None);
    let page = get("i/area-0").send().await.unwrap();
    let policy = header(&page, CONTENT_SECURITY_POLICY).unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(header(&page, REFERRER_POLICY).as_deref(), Some("no-referrer"));

    let whole = get(&snapshot).send().await.unwrap();
    assert_eq!(header(&whole, CONTENT_TYPE).as_deref(), Some("application/zstd"));
    let tag = header(&whole, ETAG).unwrap();
    let part = |tag: &str| {
        get(&snapshot)
            .header(RANGE, "bytes=100-")
            .header(IF_RANGE, tag)
            .send()
    };
    let rest = part(&tag).await.unwrap();
    assert_eq!(rest.status(), 206);
    assert!(header(&rest, CONTENT_RANGE).unwrap().starts_with("bytes 100-"));
    assert_eq!(part("\"another\"").await.unwrap().status(), 200);
}

#[tokio::test]
async fn terminals_follow_a_release_behind_nginx_direct_and_through_the_halls_cache() {
    if !is_installed() {
        return;
    }
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let folder = folder(&place);
    let nginx = Nginx::start(&place.repository(), &folder);
    place.pull(nginx.origin.clone()).await.unwrap();
    assert_eq!(place.shown(), (1, "旧名".to_owned()));
    place.publish(&records("新名")).await;
    let nearby = || support::nearby(&nginx.origin, &nginx.cache);
    let clock = || std::sync::Arc::new(catalog::clock::SystemClock);
    let mut puller = place.puller(nearby(), Options::default(), clock()).unwrap();
    let report = puller.pull().await.unwrap();
    assert!(
        matches!(
            report.pulled,
            Pulled::Switched {
                way: Way::Delta { from: 1, .. }
            }
        ),
        "{report:?}"
    );
    drop(puller);
    assert_eq!(place.shown(), (2, "新名".to_owned()));

    // A second terminal of the hall: what never changes was fetched once.
    fs::remove_dir_all(place.state()).unwrap();
    place
        .puller(nearby(), Options::default(), clock())
        .unwrap()
        .pull()
        .await
        .unwrap();
    fs::remove_dir_all(place.state()).unwrap();
    place
        .puller(nearby(), Options::default(), clock())
        .unwrap()
        .pull()
        .await
        .unwrap();
    let snapshot = fs::read_to_string(folder.join("access.log")).unwrap();
    let newest = snapshot
        .lines()
        .rfind(|line| line.ends_with(".snapshot.db.zst"))
        .unwrap();
    let (_, newest) = newest.split_once(' ').unwrap();
    let asked = |url: &Url| {
        let line = format!("{} {newest}", url.port().unwrap());
        snapshot.lines().filter(|logged| **logged == line).count()
    };
    assert_eq!((asked(&nginx.cache), asked(&nginx.origin)), (2, 1), "{snapshot}");
}
