//! The line between a terminal and the hub: what goes over it is noted, and it can be bad in every way.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::support::serve;

/// What happens to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It arrives.
    None,
    /// The connection is closed in the middle.
    Cut,
    /// The connection is reset in the middle.
    Reset,
    /// The line goes quiet in the middle.
    Stall,
    /// Somebody else answers with this status.
    Status(u16),
    /// Somebody else answers with a page to log in on.
    Portal,
    /// It says that it is longer than it is.
    Longer,
    /// It says that it is shorter than it is.
    Shorter,
    /// It comes twice.
    Twice,
}

/// How slowly an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slow {
    /// The other end says nothing for so long, and then all of it.
    HeldBack(Duration),
    /// The first half comes at once, and the other one byte by byte until the line is no longer slow.
    Drips,
}

/// How often it is looked whether the line is still slow, and after how many looks there is one more byte.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS_PER_BYTE: usize = 100;

/// A line to a hub that serves a release.
pub(crate) struct Proxy {
    pub(crate) url: Url,
    line: Arc<Mutex<Line>>,
}

struct Line {
    upstream: Url,
    /// The heads of the requests that were made.
    requests: Vec<String>,
    /// How many bytes of answers went over it.
    carried: usize,
    /// How many more it carries before it breaks for good.
    left: usize,
    /// What happens to the answer to the request with this number, from 0.
    fault: (usize, Fault),
    /// Files whose name contains this come slowly.
    slow: Option<(&'static str, Slow)>,
}

impl Proxy {
    /// A good line to a release.
    pub(crate) async fn to(repository: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let line = Arc::new(Mutex::new(Line {
            upstream: serve(repository).await,
            requests: Vec::new(),
            carried: 0,
            left: usize::MAX,
            fault: (0, Fault::None),
            slow: None,
        }));
        let shared = Arc::clone(&line);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let line = Arc::clone(&shared);
                tokio::spawn(async move {
                    // Whoever hangs up has had enough.
                    let _hung_up = carry(connection, &line).await;
                });
            }
        });
        Self { url, line }
    }

    /// The line breaks for good after so many more bytes.
    pub(crate) fn break_after(&self, bytes: usize) {
        self.line.lock().unwrap().left = bytes;
    }

    /// The answer to the request with this number from now on, from 0, meets a fault; the others arrive.
    pub(crate) fn fail(&self, request: usize, fault: Fault) {
        let mut line = self.line.lock().unwrap();
        line.requests.clear();
        line.fault = (request, fault);
    }

    /// From now on files whose name contains this come slowly.
    pub(crate) fn slow_down(&self, name: &'static str, slow: Slow) {
        let mut line = self.line.lock().unwrap();
        line.requests.clear();
        line.slow = Some((name, slow));
    }

    /// The line is no longer slow.
    pub(crate) fn hurry(&self) {
        self.line.lock().unwrap().slow = None;
    }

    /// Waits until a file whose name contains this was asked for.
    pub(crate) async fn asked_for(&self, name: &str) {
        let was_asked = || {
            let line = self.line.lock().unwrap();
            line.requests.iter().any(|request| request.contains(name))
        };
        while !was_asked() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The first lines of the requests since the last call, and the bytes of the answers.
    pub(crate) fn carried(&self) -> (Vec<String>, usize) {
        let mut line = self.line.lock().unwrap();
        let requests = std::mem::take(&mut line.requests);
        (requests, std::mem::take(&mut line.carried))
    }
}

async fn carry(mut terminal: TcpStream, line: &Mutex<Line>) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(terminal.read_u8().await?);
    }
    let head = String::from_utf8(request)
        .expect("requests are text")
        .to_lowercase();
    let (upstream, fault, slow) = {
        let mut line = line.lock().unwrap();
        let number = line.requests.len();
        line.requests.push(head.clone());
        let fault = if line.fault.0 == number {
            line.fault.1
        } else {
            Fault::None
        };
        let target = head.split(' ').nth(1).expect("a request has a target");
        let slow = line.slow.filter(|(name, _)| target.contains(name));
        (line.upstream.clone(), fault, slow.map(|(_, slow)| slow))
    };
    let mut answer = ask(&upstream, &head).await?;
    match fault {
        Fault::Status(status) => {
            answer = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n").into_bytes();
        }
        Fault::Portal => {
            let page = "<html>请登录</html>";
            let length = page.len();
            answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{page}").into_bytes();
        }
        Fault::Longer => answer = with_length(&answer, |length| length + 100),
        Fault::Shorter => answer = with_length(&answer, |length| length / 2),
        Fault::Twice => answer.extend_from_within(..),
        Fault::None | Fault::Cut | Fault::Reset | Fault::Stall => {}
    }
    let whole = match fault {
        Fault::Cut | Fault::Reset | Fault::Stall => answer.len() / 2,
        _ => answer.len(),
    };
    let sent = {
        let mut line = line.lock().unwrap();
        let sent = whole.min(line.left);
        line.left -= sent;
        line.carried += sent;
        sent
    };
    let at_once = match slow {
        Some(Slow::HeldBack(pause)) => {
            tokio::time::sleep(pause).await;
            sent
        }
        Some(Slow::Drips) => sent / 2,
        None => sent,
    };
    terminal.write_all(&answer[..at_once]).await?;
    let mut rest = &answer[at_once..sent];
    while !rest.is_empty() {
        let mut looks = 0..LOOKS_PER_BYTE;
        while looks.next().is_some() && line.lock().unwrap().slow.is_some() {
            tokio::time::sleep(LOOK).await;
        }
        let is_slow = line.lock().unwrap().slow.is_some();
        let (next, later) = rest.split_at(if is_slow { 1 } else { rest.len() });
        terminal.write_all(next).await?;
        rest = later;
    }
    if fault == Fault::Reset {
        terminal.set_zero_linger()?;
    }
    if fault == Fault::Stall {
        // Until the terminal hangs up.
        let mut rest = Vec::new();
        terminal.read_to_end(&mut rest).await?;
    }
    Ok(())
}

/// The answer of the hub, whole.
async fn ask(upstream: &Url, head: &str) -> std::io::Result<Vec<u8>> {
    let address = upstream.socket_addrs(|| None)?[0];
    let mut hub = TcpStream::connect(address).await?;
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let (verb, rest) = head.split_once(' ').expect("a request has a method");
    let head = format!(
        "{} {}",
        verb.to_uppercase(),
        rest.replacen("http/1.1", "HTTP/1.1", 1)
    );
    hub.write_all(head.as_bytes()).await?;
    let mut answer = Vec::new();
    hub.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// An answer that says something else of its length.
fn with_length(answer: &[u8], other: impl Fn(usize) -> usize) -> Vec<u8> {
    let split = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap()
        + 4;
    let head = std::str::from_utf8(&answer[..split]).unwrap().to_lowercase();
    let length = answer.len() - split;
    let mut changed = head
        .replace(
            &format!("content-length: {length}"),
            &format!("content-length: {}", other(length)),
        )
        .into_bytes();
    changed.extend(&answer[split..]);
    changed
}
