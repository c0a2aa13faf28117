//! The hub's web server over a network, asked by callers that take more than their share.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hub::serve::{Connections, Services, serve_all};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// More than the buffers between two programs hold.
const LARGE: u64 = 256 << 20;

struct Server {
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(connections: Connections) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("targets")).unwrap();
        let large = File::create(folder.path().join("targets/large.zst")).unwrap();
        large.set_len(LARGE).unwrap();
        let services = Services {
            folder: folder.path().to_owned(),
            intake: None,
            tls: None,
            connections,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve_all(services, listener, std::future::pending()));
        Self {
            address,
            _folder: folder,
        }
    }

    /// A connection over which `path` was asked for.
    async fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: hub\r\n\r\n");
        // Whoever holds too many is hung up on, maybe before it could ask.
        let _sent = stream.write_all(request.as_bytes()).await;
        stream
    }
}

/// Whether an answer comes, however long it takes.
async fn is_answered(stream: &mut TcpStream) -> bool {
    let answer = tokio::time::timeout(Duration::from_mins(1), stream.read_u8());
    answer.await.expect("neither answered nor hung up").is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_does_not_take_its_answer_is_let_go() {
    let server = Server::start(Connections {
        most: 1,
        stall: Duration::from_millis(100),
        ..Connections::default()
    })
    .await;
    let mut stalled = server.ask("/targets/large.zst").await;
    assert!(is_answered(&mut stalled).await);
    // The one place there is comes free only once the first has lost it.
    let mut next = server.ask("/").await;
    assert!(is_answered(&mut next).await);
    let mut rest = Vec::new();
    let _reset = stalled.read_to_end(&mut rest).await;
    assert!((rest.len() as u64) < LARGE, "it was sent to its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_holds_no_more_connections_than_its_share_and_a_trusted_proxy_does() {
    let share = |trusted_proxies| Connections {
        most_per_address: 1,
        trusted_proxies,
        ..Connections::default()
    };
    let server = Server::start(share(Vec::new())).await;
    let mut first = server.ask("/").await;
    assert!(is_answered(&mut first).await);
    assert!(!is_answered(&mut server.ask("/").await).await);
    drop(first);
    // Until the server has seen that the first is gone.
    while !is_answered(&mut server.ask("/").await).await {}

    let server = Server::start(share(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = server.ask("/").await;
        assert!(is_answered(&mut stream).await);
        held.push(stream);
    }
}

/// A hub in a process of its own, which may have few files open, however it is told so.
struct Hub(Child);

impl Drop for Hub {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_leaves_descriptors_for_others_and_the_soft_limit_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("index.html");
    catalog::atomic::write(&page, b"home").unwrap();
    let script = "ulimit -Sn 64; ulimit -Hn 512; exec \"$0\" serve \"$1\" --listen 127.0.0.1:0";
    let child = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_hub")])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut hub = Hub(child);
    let mut line = String::new();
    let said = hub.0.stdout.as_mut().unwrap();
    BufReader::new(said).read_line(&mut line).unwrap();
    let (_, address) = line.trim().rsplit_once("http://").unwrap();
    let address: SocketAddr = address.trim_end_matches('/').parse().unwrap();
    let ask = async |from: [u8; 4]| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let _sent = stream.write_all(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n").await;
        let mut status = [0; 12];
        let answer = tokio::time::timeout(Duration::from_mins(1), stream.read_exact(&mut status));
        let is_answered = answer.await.expect("neither answered nor hung up").is_ok();
        is_answered.then_some((stream, status))
    };
    let mut held = Vec::new();
    while let Some(taken) = ask([127, 0, 0, 1]).await {
        held.push(taken);
        assert!(held.len() < 512, "one address takes them all");
    }
    assert_eq!(held.len(), Connections::within(512).most_per_address);
    let (_stream, status) = ask([127, 0, 0, 2]).await.expect("another address is answered");
    assert_eq!(&status, b"HTTP/1.1 200");
}
