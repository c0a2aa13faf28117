//! The programs themselves, over their socket.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod support;

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use catalog::store::Store;
use futures_util::StreamExt as _;
use support::{Place, records, serve};
use terminal_api::client::{CallError, Connection, Link, News};
use terminal_api::interface::{
    Change, Language, NetworkState, Print, PrinterState, PullProblem, Refusal, ReleaseState, Status, TextSize,
};
use url::Url;

/// How long anything may take before it counts as hung.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running agent; dropping it kills it, as a power cut would.
struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Agent {
    fn start(place: &Place, url: &Url) -> Self {
        Self::start_with(place, url, "")
    }

    /// With further lines in the section `release`.
    fn start_with(place: &Place, url: &Url, release: &str) -> Self {
        let socket = place.path("terminal.sock");
        let config = place.path("terminal.toml");
        let text = format!(
            "[place]\nname = {{ zh = \"斜塘街道\" }}\ndivision = \"320571\"\n\
             [release]\nurl = \"{url}\"\nroot = \"factory-root.json\"\nstate = \"state\"\npoll-seconds = 1\n\
             {release}\n\
             [agent]\nsocket = \"terminal.sock\"\n"
        );
        catalog::atomic::write(&config, text.as_bytes()).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_sync-agent"))
            .args(["run", "--log", "json", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let agent = Self { child, socket };
        agent.wait_for_socket();
        agent
    }

    fn wait_for_socket(&self) {
        let start = Instant::now();
        while UnixStream::connect(&self.socket).is_err() {
            assert!(start.elapsed() < PATIENCE, "no socket");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _status = self.child.wait();
    }
}

fn link(socket: &Path) -> (Link, Receiver<News>) {
    let (tell, news) = mpsc::channel();
    let link = Link::start(socket.to_owned(), move |news| {
        let _nobody_listens_any_more = tell.send(news);
    });
    (link.unwrap(), news)
}

/// Waits for the news that `pick` picks.
fn expect<T>(news: &Receiver<News>, mut pick: impl FnMut(News) -> Option<T>) -> T {
    loop {
        if let Some(found) = pick(news.recv_timeout(PATIENCE).unwrap()) {
            return found;
        }
    }
}

fn generation(news: &News) -> Option<u64> {
    match news {
        News::Connected(status) => status.release.generation,
        News::Changed(Change::Generation(change)) => Some(change.generation),
        _ => None,
    }
}

fn until_generation(news: &Receiver<News>, number: u64) {
    expect(news, |news| (generation(&news) == Some(number)).then_some(()));
}

fn kioskctl(socket: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_kioskctl"))
        .arg("--socket")
        .arg(socket)
        .args(arguments)
        .output()
        .unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_learns_of_every_generation_and_outlives_the_agent() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let url = serve(place.repository()).await;

    let (_link, news) = link(&place.path("terminal.sock"));
    assert_eq!(news.recv_timeout(PATIENCE).unwrap(), News::Disconnected);
    let agent = Agent::start(&place, &url);
    until_generation(&news, 1);

    place.publish(&records("新名")).await;
    until_generation(&news, 2);

    drop(agent);
    expect(&news, |news| (news == News::Disconnected).then_some(()));
    assert_eq!(place.shown(), (2, "新名".to_owned()));
    let _agent = Agent::start(&place, &url);
    until_generation(&news, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_says_what_is_wrong_with_the_release_and_the_content_stays() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);

    let agent = Agent::start(&place, &nobody.parse().unwrap());
    let (_link, news) = link(&agent.socket);
    expect(&news, |news| match news {
        News::Connected(status) if status.network == NetworkState::Unreachable => Some(()),
        News::Changed(Change::Network(NetworkState::Unreachable)) => Some(()),
        _ => None,
    });
    let status = loop {
        let status = Connection::open(&agent.socket)
            .await
            .unwrap()
            .status()
            .await
            .unwrap();
        if status.release.problem.is_some() {
            break status;
        }
    };
    assert_eq!(status.release.state, ReleaseState::Stale);
    assert_eq!(status.release.generation, Some(1));
    assert!(status.release.checked_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_command_shows_the_same_in_text_and_json() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let url = serve(place.repository()).await;
    let agent = Agent::start(&place, &url);
    let (_link, news) = link(&agent.socket);
    until_generation(&news, 1);

    let text = kioskctl(&agent.socket, &["status"]).unwrap();
    assert!(text.contains("generation 1"), "{text}");
    assert!(text.contains("printer    not configured"), "{text}");
    let json = kioskctl(&agent.socket, &["--json", "status"]).unwrap();
    let status: Status = serde_json::from_str(&json).unwrap();
    assert_eq!(status.release.generation, Some(1));
    assert_eq!(status.printer, PrinterState::NotConfigured);

    let error = kioskctl(&agent.socket, &["print", "area-0"]).unwrap_err();
    assert!(error.contains("the printer cannot print now"), "{error}");
    let error = kioskctl(&place.path("nobody.sock"), &["status"]).unwrap_err();
    assert!(error.contains("nobody.sock"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_resumes_where_it_was_and_is_told_what_it_missed() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let agent = Agent::start(&place, &serve(place.repository()).await);
    let (_link, news) = link(&agent.socket);
    until_generation(&news, 1);

    let mut first = Connection::open(&agent.socket).await.unwrap();
    let mut events = std::pin::pin!(first.watch(Some(1)).await.unwrap());
    let missed = events.next().await.unwrap().unwrap();
    assert!(matches!(missed.change, Change::Missed(_)), "{missed:?}");
    let next = events.next().await.unwrap().unwrap();
    assert_eq!(next.seq, missed.seq + 1);

    let mut second = Connection::open(&agent.socket).await.unwrap();
    let mut again = std::pin::pin!(second.watch(Some(next.seq)).await.unwrap());
    assert_eq!(again.next().await.unwrap().unwrap(), next);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_makes_no_sense_is_refused() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let agent = Agent::start(&place, &serve(place.repository()).await);
    let request = Print {
        records: Vec::new(),
        article: None,
        language: Language::Zh,
        size: TextSize::Normal,
        ticks: None,
    };
    let mut connection = Connection::open(&agent.socket).await.unwrap();
    let refused = connection.print(&request).await.unwrap_err();
    assert!(
        matches!(refused, CallError::Refused(Refusal::BadRequest { .. })),
        "{refused}"
    );
}

/// Calls again and again without ever reading an answer, until the agent takes no more.
fn call_without_reading(socket: &Path) -> UnixStream {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let call = b"{\"method\":\"org.mingchuang.Terminal.Status\"}\0";
    while stream.write_all(call).is_ok() {}
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_does_not_read_and_one_that_talks_nonsense_hold_up_nobody() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let agent = Agent::start(&place, &serve(place.repository()).await);
    let _deaf = call_without_reading(&agent.socket);
    let mut nonsense = UnixStream::connect(&agent.socket).unwrap();
    nonsense.write_all(b"GET / HTTP/1.1\r\n\r\n\0").unwrap();

    let mut connection = Connection::open(&agent.socket).await.unwrap();
    connection.status().await.unwrap();
    nonsense.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    nonsense.read_to_end(&mut answer).unwrap();
    connection.status().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_point_a_pull_leaves_the_old_generation_or_the_new_one_whole() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    for round in 0..16 {
        place.publish(&records(&format!("第{round}名"))).await;
        let mut pull = Command::new(env!("CARGO_BIN_EXE_sync-agent"))
            .args(["pull", "--from"])
            .arg(place.repository())
            .arg("--root")
            .arg(place.root())
            .arg("--state")
            .arg(place.state())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(15 * round));
        let _may_have_ended = pull.kill();
        pull.wait().unwrap();
        let store = Store::open(&place.state().join("current")).unwrap();
        store.quick_check().unwrap();
        assert_eq!(store.len().unwrap(), 300);
    }
    place.pull_folder(&place.repository()).await.unwrap();
    assert_eq!(place.shown(), (17, "第15名".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_taken_from_a_folder_at_the_operators_word_and_from_a_stick_by_itself() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    std::fs::create_dir(place.path("media")).unwrap();
    let agent = Agent::start_with(&place, &nowhere(), "sticks = \"media\"");
    let (_link, news) = link(&agent.socket);

    let other = Place::new().await;
    other.publish(&records("假")).await;
    let forged = other.repository();
    let error = kioskctl(&agent.socket, &["import", forged.to_str().unwrap()]).unwrap_err();
    assert!(error.contains("forged"), "{error}");

    let repository = place.repository();
    let said = kioskctl(&agent.socket, &["import", repository.to_str().unwrap()]).unwrap();
    assert_eq!(said, "generation 1 is now in use\n");
    until_generation(&news, 1);
    let said = kioskctl(&agent.socket, &["import", repository.to_str().unwrap()]).unwrap();
    assert_eq!(said, "generation 1 stays in use\n");

    place.publish(&records("新名")).await;
    let stick = place.path("media/staff");
    std::fs::create_dir(&stick).unwrap();
    // Plugged in whole: a stick is mounted, not copied file by file.
    let copy = place.keep_copy("stick");
    std::fs::rename(copy, stick.join("STICK")).unwrap();
    until_generation(&news, 2);
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kiosk_says_what_it_draws_and_a_generation_that_it_does_not_draw_is_taken_back() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let url = serve(place.repository()).await;
    let agent = Agent::start_with(&place, &url, "download = { frame-seconds = 1 }");
    let (_link, news) = link(&agent.socket);
    until_generation(&news, 1);
    let mut kiosk = Connection::open(&agent.socket).await.unwrap();
    kiosk.frame_drawn(1).await.unwrap();
    place.publish(&records("坏名")).await;
    until_generation(&news, 2);
    until_generation(&news, 1);
    assert_eq!(place.shown(), (1, "旧名".to_owned()));
    let status = kiosk.status().await.unwrap();
    assert_eq!(status.release.problem, Some(PullProblem::BadGeneration));
    assert_eq!(status.release.generation, Some(1));
}

/// An address where nobody is.
fn nowhere() -> Url {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap()
}
