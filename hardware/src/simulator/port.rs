//! A port that a driver can open: TCP, or a pseudo-terminal in place of a serial line.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::line::{Line, Mouth, Outlet, Plug, noise};
use super::pty::{Terminal, unlink};
use super::traffic::Recorder;
use crate::wire::Endpoint;

/// What to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// A listening socket; port 0 takes any free one.
    Tcp(SocketAddr),
    /// A new pseudo-terminal. Once it was unplugged, nobody finds it again.
    Pty,
    /// A pseudo-terminal behind a link, as udev makes one below `/dev/serial/by-id`. The link goes when it
    /// is unplugged, and comes back with it.
    PtyAt(PathBuf),
}

/// Where answers to one peer go.
pub type Sink = Arc<Mutex<dyn Write + Send>>;

/// How often a port looks at what became of its line.
const LOOK: Duration = Duration::from_millis(10);

/// An open port. Dropping it closes it.
#[derive(Debug)]
pub struct Port {
    endpoint: Endpoint,
    line: Line,
    closed: Arc<AtomicBool>,
    link: Option<PathBuf>,
    /// Ends soon after the port is closed.
    tender: Option<JoinHandle<()>>,
}

/// What a device does with the bytes of a peer.
type Receive = dyn Fn(u64, &Sink, &[u8]) + Send + Sync;

/// Whether a device reads what a peer says.
type Gate = dyn Fn(u64) -> bool + Send + Sync;

/// What every thread of a port shares.
#[derive(Clone)]
struct Shared {
    receive: Arc<Receive>,
    gate: Arc<Gate>,
    line: Line,
    closed: Arc<AtomicBool>,
}

impl Port {
    /// Opens the port. `receive` gets the bytes of each peer with the peer's number and its sink, first
    /// of all no bytes when the peer appears; it is called on threads of the port.
    pub fn open(bind: Bind, receive: impl Fn(u64, &Sink, &[u8]) + Send + Sync + 'static) -> io::Result<Self> {
        Self::open_gated(bind, receive, |_| true)
    }

    /// [`open`](Self::open), for a device that reads nothing of a peer for which `gate` is `false`.
    pub(crate) fn open_gated(
        bind: Bind,
        receive: impl Fn(u64, &Sink, &[u8]) + Send + Sync + 'static,
        gate: impl Fn(u64) -> bool + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let shared = Shared {
            receive: Arc::new(receive),
            gate: Arc::new(gate),
            line: Line::default(),
            closed: Arc::default(),
        };
        let (line, closed) = (shared.line.clone(), Arc::clone(&shared.closed));
        let mut behind = None;
        let (endpoint, tender) = match bind {
            Bind::Tcp(address) => {
                let listener = listen(address)?;
                let address = listener.local_addr()?;
                let tender = thread::spawn(move || shared.tend_socket(listener, address));
                (Endpoint::Tcp(address.to_string()), tender)
            }
            Bind::Pty | Bind::PtyAt(_) => {
                let terminal = Terminal::open()?;
                if let Bind::PtyAt(path) = bind {
                    terminal.link(&path)?;
                    behind = Some(path);
                }
                let path = behind.clone().unwrap_or_else(|| terminal.path.clone());
                let by_id = behind.clone();
                let tender = thread::spawn(move || shared.tend_terminal(terminal, by_id.as_deref()));
                (Endpoint::Device { path, baud: 115_200 }, tender)
            }
        };
        Ok(Self {
            endpoint,
            line,
            closed,
            link: behind,
            tender: Some(tender),
        })
    }

    /// Where a driver finds the port.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint.clone()
    }

    /// The line behind the port, to make it bad.
    #[must_use]
    pub const fn line(&self) -> &Line {
        &self.line
    }

    /// Writes everything down that goes over the port from now on, into a new file.
    pub fn record(&self, path: &Path) -> io::Result<()> {
        self.line.record(Recorder::create(path)?);
        Ok(())
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        if let Some(tender) = self.tender.take() {
            // A panic there has been reported already. Afterwards the address is free again.
            drop(tender.join());
        }
        if let Some(link) = &self.link {
            // The link may be gone with its folder.
            unlink(link).ok();
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Shared {
    fn is_open(&self) -> bool {
        !self.closed.load(Ordering::Relaxed)
    }

    fn is_plugged(&self) -> bool {
        self.is_open() && self.line.faults().plug != Plug::Out
    }

    fn tend_socket(&self, listener: TcpListener, address: SocketAddr) {
        static PEERS: AtomicU64 = AtomicU64::new(1);
        let mut listener = Some(listener);
        while self.is_open() {
            if !self.is_plugged() {
                listener = None;
            } else if listener.is_none() {
                listener = listen(address).ok();
            }
            let Some(Ok((stream, _))) = listener.as_ref().map(TcpListener::accept) else {
                thread::sleep(LOOK);
                continue;
            };
            let peer = PEERS.fetch_add(1, Ordering::Relaxed);
            let shared = self.clone();
            thread::spawn(move || {
                let served = stream
                    .set_nodelay(true)
                    .and_then(|()| stream.set_nonblocking(false))
                    .and_then(|()| shared.serve(peer, &Outlet::default(), OwnedFd::from(stream), None));
                if let Err(error) = served {
                    tracing::debug!(peer, %error, "a peer was lost");
                }
            });
        }
    }

    fn tend_terminal(&self, terminal: Terminal, link: Option<&Path>) {
        let outlet = Outlet::default();
        let mut terminal = Some(terminal);
        while self.is_open() {
            if let Some(terminal) = terminal.take() {
                let Terminal { master, slave, .. } = terminal;
                if let Err(error) = self.serve(0, &outlet, master, Some(slave)) {
                    tracing::debug!(%error, "a terminal was lost");
                }
                // Only an unplugged one may be made anew; a closed port takes its link along itself.
                if let Some(link) = link.filter(|_| self.is_open()) {
                    unlink(link).ok();
                }
            } else if self.is_plugged() && link.is_some() {
                terminal = Terminal::open().ok();
                if let (Some(terminal), Some(link)) = (&terminal, link) {
                    terminal.link(link).ok();
                }
            }
            thread::sleep(LOOK);
        }
    }

    /// Carries bytes between a peer and the device until the plug is pulled or the peer goes.
    fn serve(&self, peer: u64, outlet: &Outlet, fd: OwnedFd, terminal: Option<OwnedFd>) -> io::Result<()> {
        let mut from = File::from(fd);
        outlet.open(from.try_clone()?, terminal);
        let sink: Sink = Arc::new(Mutex::new(Mouth {
            line: self.line.clone(),
            outlet: outlet.clone(),
        }));
        (self.receive)(peer, &sink, &[]);
        let mut buffer = [0; 4096];
        while self.is_plugged() {
            if self.line.faults().plug == Plug::Babbling && wait(&from, PollFlags::OUT)? {
                from.write_all(&noise(64))?;
            }
            if !(self.gate)(peer) {
                thread::sleep(LOOK);
            } else if wait(&from, PollFlags::IN)? {
                let most = self.line.hears_at_once().min(buffer.len());
                match from.read(&mut buffer[..most]) {
                    Ok(0) => break,
                    Ok(count) => {
                        thread::sleep(self.line.time_of(count));
                        let bytes = self.line.heard(&buffer[..count]);
                        if !bytes.is_empty() {
                            (self.receive)(peer, &sink, bytes);
                        }
                    }
                    Err(error) => {
                        outlet.close();
                        return Err(error);
                    }
                }
            }
        }
        outlet.close();
        Ok(())
    }
}

/// Whether the file becomes ready soon.
fn wait(file: &File, flags: PollFlags) -> io::Result<bool> {
    let timeout = Timespec::try_from(LOOK).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut fds = [PollFd::from_borrowed_fd(file.as_fd(), flags)];
    match poll(&mut fds, Some(&timeout)) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sends bytes to a peer; says whether it is still there.
pub(crate) fn send(sink: &Sink, bytes: &[u8]) -> bool {
    let mut sink: MutexGuard<'_, dyn Write + Send> = sink.lock().unwrap_or_else(PoisonError::into_inner);
    let sent = sink.write_all(bytes).and_then(|()| sink.flush());
    if let Err(error) = &sent {
        tracing::debug!(%error, "an answer found no peer");
    }
    sent.is_ok()
}
