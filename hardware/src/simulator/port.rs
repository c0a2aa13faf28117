//! A port that a driver can open: TCP, or a pseudo-terminal in place of a serial line.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios;

use crate::wire::Endpoint;

/// What to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bind {
    /// A listening socket; port 0 takes any free one.
    Tcp(SocketAddr),
    /// A new pseudo-terminal.
    Pty,
}

/// Where answers to one peer go.
pub type Sink = Arc<Mutex<dyn Write + Send>>;

/// An open port. Dropping it closes the listening socket.
#[derive(Debug)]
pub struct Port {
    endpoint: Endpoint,
    closed: Arc<AtomicBool>,
    /// Held open so that the terminal outlives the drivers that open and close it.
    _terminal: Option<OwnedFd>,
}

impl Port {
    /// Opens the port. `receive` gets the bytes of each peer with the peer's number and its sink, first
    /// of all no bytes when the peer appears; it is called on threads of the port.
    pub fn open(bind: Bind, receive: impl Fn(u64, &Sink, &[u8]) + Send + Sync + 'static) -> io::Result<Self> {
        let receive = Arc::new(receive);
        let closed = Arc::new(AtomicBool::new(false));
        match bind {
            Bind::Tcp(address) => {
                let listener = TcpListener::bind(address)?;
                let endpoint = Endpoint::Tcp(listener.local_addr()?.to_string());
                listener.set_nonblocking(true)?;
                let flag = Arc::clone(&closed);
                thread::spawn(move || accept(&listener, &flag, &receive));
                Ok(Self {
                    endpoint,
                    closed,
                    _terminal: None,
                })
            }
            Bind::Pty => {
                let (master, terminal, path) = open_pty()?;
                let sink: Sink = Arc::new(Mutex::new(File::from(master.try_clone()?)));
                receive(0, &sink, &[]);
                thread::spawn(move || pump(File::from(master), |bytes| receive(0, &sink, bytes)));
                let endpoint = Endpoint::Device { path, baud: 115_200 };
                Ok(Self {
                    endpoint,
                    closed,
                    _terminal: Some(terminal),
                })
            }
        }
    }

    /// Where a driver finds the port.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

type Receive = dyn Fn(u64, &Sink, &[u8]) + Send + Sync;

fn accept(
    listener: &TcpListener,
    closed: &Arc<AtomicBool>,
    receive: &Arc<impl Fn(u64, &Sink, &[u8]) + Send + Sync + 'static>,
) {
    static PEERS: AtomicU64 = AtomicU64::new(1);
    while !closed.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let receive: Arc<Receive> = Arc::clone(receive) as _;
        let peer = PEERS.fetch_add(1, Ordering::Relaxed);
        let closed = Arc::clone(closed);
        thread::spawn(move || {
            if let Err(error) = serve(stream, peer, &closed, &*receive) {
                tracing::debug!(peer, %error, "a peer was lost");
            }
        });
    }
}

fn serve(stream: TcpStream, peer: u64, closed: &AtomicBool, receive: &Receive) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    let sink: Sink = Arc::new(Mutex::new(stream.try_clone()?));
    receive(peer, &sink, &[]);
    pump(StopWhen { stream, closed }, |bytes| receive(peer, &sink, bytes));
    Ok(())
}

/// Ends the stream once the port is closed.
struct StopWhen<'a> {
    stream: TcpStream,
    closed: &'a AtomicBool,
}

impl Read for StopWhen<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.closed.load(Ordering::Relaxed) {
            match self.stream.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                other => return other,
            }
        }
        Ok(0)
    }
}

fn pump(mut from: impl Read, mut receive: impl FnMut(&[u8])) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        receive(&buffer[..count]);
    }
}

/// The terminal's two ends and the path of the one that a driver opens.
fn open_pty() -> io::Result<(OwnedFd, OwnedFd, PathBuf)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let path = ptsname(&master, Vec::new())?;
    let path = PathBuf::from(path.to_str().map_err(io::Error::other)?);
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let terminal = rustix::fs::open(&path, flags, Mode::empty())?;
    let mut settings = termios::tcgetattr(&terminal)?;
    settings.make_raw();
    termios::tcsetattr(&terminal, termios::OptionalActions::Now, &settings)?;
    Ok((master, terminal, path))
}

/// Sends bytes to a peer; says whether it is still there.
pub(crate) fn send(sink: &Sink, bytes: &[u8]) -> bool {
    let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
    let sent = sink.write_all(bytes).and_then(|()| sink.flush());
    if let Err(error) = &sent {
        tracing::debug!(%error, "an answer found no peer");
    }
    sent.is_ok()
}
