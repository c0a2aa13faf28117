//! The socket between kiosk and agent.
//!
//! Every connection has a server of its own: a shared one lets a slow call, or a watcher that does not
//! read, hold up everybody.

mod service;

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream as BlockingStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::LocalSet;
use tracing::{debug, warn};
use zlink::{ReadyListener, Server};

use crate::board::Board;
use crate::peripherals::Peripherals;
use service::Terminal;

/// How many may be connected at a time. Kiosk and `kioskctl` need a handful.
const MOST_CONNECTIONS: usize = 64;

/// Why the socket cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Another agent serves it.
    #[error("another agent serves {path}")]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// It cannot be made.
    #[error("cannot serve {path}: {source}")]
    Io {
        /// The socket.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Who may call, by user id.
#[derive(Debug, Clone)]
pub struct Callers {
    own: u32,
    allowed: Vec<u32>,
}

impl Callers {
    /// Root, the agent's own user, and those in `allowed`.
    #[must_use]
    pub fn new(allowed: Vec<u32>) -> Self {
        Self {
            own: rustix::process::geteuid().as_raw(),
            allowed,
        }
    }

    fn may(&self, uid: u32) -> bool {
        uid == 0 || uid == self.own || self.allowed.contains(&uid)
    }

    /// The file mode of the socket: who it keeps out cannot even connect.
    fn mode(&self) -> u32 {
        if self.allowed.is_empty() { 0o600 } else { 0o666 }
    }
}

/// A socket that is bound and not yet served. Dropping it removes it.
#[derive(Debug)]
pub struct Socket {
    listener: std::os::unix::net::UnixListener,
    path: PathBuf,
    callers: Callers,
}

impl Socket {
    /// Binds the socket at `path`, over one that a dead agent left.
    pub fn bind(path: &Path, callers: Callers) -> Result<Self, SocketError> {
        let failed = |source| SocketError::Io {
            path: path.to_owned(),
            source,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        match BlockingStream::connect(path) {
            Ok(_) => {
                return Err(SocketError::InUse {
                    path: path.to_owned(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                std::fs::remove_file(path).map_err(failed)?;
            }
            Err(_) => {}
        }
        let listener = std::os::unix::net::UnixListener::bind(path).map_err(failed)?;
        std::fs::set_permissions(path, Permissions::from_mode(callers.mode())).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(Self {
            listener,
            path: path.to_owned(),
            callers,
        })
    }

    /// Serves the socket on a thread of its own until the process ends.
    ///
    /// zlink's server cannot move between threads, so it gets one to itself.
    pub fn serve(self, board: Arc<Board>, peripherals: Arc<Peripherals>) -> io::Result<SocketFile> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let file = SocketFile(self.path.clone());
        std::thread::Builder::new()
            .name("varlink".to_owned())
            .spawn(move || {
                let local = LocalSet::new();
                if let Err(error) = runtime.block_on(local.run_until(self.accept(board, peripherals))) {
                    tracing::error!(%error, "the socket is no longer served");
                }
            })?;
        Ok(file)
    }

    async fn accept(self, board: Arc<Board>, peripherals: Arc<Peripherals>) -> io::Result<()> {
        let listener = UnixListener::from_std(self.listener)?;
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        loop {
            let (stream, _) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to come back.
                    warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                    continue;
                }
            };
            if !admitted(&stream, &self.callers) {
                continue;
            }
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                warn!("too many connections");
                continue;
            };
            let terminal = Terminal::new(Arc::clone(&board), Arc::clone(&peripherals));
            tokio::task::spawn_local(async move {
                if let Err(error) = serve(stream, terminal).await {
                    debug!(%error, "a connection ended");
                }
                drop(place);
            });
        }
    }
}

/// The socket's file; dropping it removes the file, so that nobody waits at a dead one.
#[derive(Debug)]
pub struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            debug!(%error, "the socket's file could not be removed");
        }
    }
}

/// Whether the caller's user, as the kernel knows it, may call.
fn admitted(stream: &UnixStream, callers: &Callers) -> bool {
    match stream.peer_cred() {
        Ok(caller) if callers.may(caller.uid()) => true,
        Ok(caller) => {
            warn!(uid = caller.uid(), "a caller was turned away");
            false
        }
        Err(error) => {
            warn!(%error, "a caller could not be identified");
            false
        }
    }
}

async fn serve(stream: UnixStream, terminal: Terminal) -> zlink::Result<()> {
    let stream = zlink::tokio::unix::Stream::try_from(stream)?;
    Server::new(ReadyListener::new(stream), terminal).run().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_the_agent_itself_and_the_allowed_may_call() {
        let callers = Callers {
            own: 990,
            allowed: vec![1000],
        };
        assert!([0, 990, 1000].into_iter().all(|uid| callers.may(uid)));
        assert!(!callers.may(1001));
    }

    #[test]
    fn a_dead_agents_socket_is_replaced_and_a_live_ones_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terminal.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let live = Socket::bind(&path, Callers::new(Vec::new())).unwrap();
        assert!(matches!(
            Socket::bind(&path, Callers::new(Vec::new())),
            Err(SocketError::InUse { .. })
        ));
        drop(live);
    }
}
