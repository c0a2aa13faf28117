//! Links that the kernel has a descriptor for: sockets, serial lines, device files, pseudo-terminals.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::net::sockopt;
use rustix::termios;

/// How long a connection may take to open, whatever its name stands for.
const CONNECT: Duration = Duration::from_secs(3);

/// A connection on which nothing was heard for so long is asked whether its other end is still there, …
const QUIET: Duration = Duration::from_secs(10);
/// … again after so long, …
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// … and so often before it counts as lost.
const QUESTIONS: u32 = 3;
/// How long what was sent may wait to be taken before the connection counts as lost, in milliseconds.
const UNTAKEN_MS: u32 = 15_000;

/// An open descriptor.
#[derive(Debug)]
pub(super) struct Descriptor {
    fd: OwnedFd,
}

impl Descriptor {
    /// Connects to the first of the addresses behind a name that answers: a printer's may have one that it does
    /// not listen at.
    pub(super) fn connect(address: &str) -> io::Result<Self> {
        let deadline = Instant::now() + CONNECT;
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        let mut connect = |address: SocketAddr| {
            let left = deadline.saturating_duration_since(Instant::now());
            // A connection that gets no time at all is refused as a wrong argument.
            TcpStream::connect_timeout(&address, left.max(Duration::from_millis(1)))
                .map_err(|error| failed = error)
                .ok()
        };
        let stream = address.to_socket_addrs()?.find_map(&mut connect);
        let stream = stream.ok_or(failed)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        keep_watch(&stream)?;
        Ok(Self { fd: stream.into() })
    }

    pub(super) fn open(path: &Path, baud: u32) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty())?;
        if termios::isatty(&fd) {
            let mut settings = termios::tcgetattr(&fd)?;
            settings.make_raw();
            // A device that is switched off pulls the line low: that is no byte, least of all an answer.
            settings.input_modes |= termios::InputModes::IGNBRK;
            // One stop bit, three wires: whoever used the line before may have left it otherwise.
            settings.control_modes -= termios::ControlModes::CSTOPB | termios::ControlModes::CRTSCTS;
            settings.control_modes |= termios::ControlModes::CLOCAL | termios::ControlModes::CREAD;
            settings.set_speed(baud)?;
            termios::tcsetattr(&fd, termios::OptionalActions::Now, &settings)?;
        }
        Ok(Self { fd })
    }

    pub(super) fn write_some(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        loop {
            self.wait(PollFlags::OUT, deadline)?;
            match rustix::io::write(&self.fd, bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => return Ok(written),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(lost(error)),
            }
        }
    }

    pub(super) fn read_into(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        loop {
            self.wait(PollFlags::IN, deadline)?;
            match rustix::io::read(&self.fd, &mut *buffer) {
                // The error is what a pseudo-terminal says when its other end is closed.
                Ok(0) | Err(rustix::io::Errno::IO) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => return Ok(count),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(lost(error)),
            }
        }
    }

    fn wait(&self, flags: PollFlags, deadline: Instant) -> io::Result<()> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = Timespec::try_from(left).map_err(|_| io::ErrorKind::InvalidInput)?;
            let mut fds = [PollFd::from_borrowed_fd(self.fd.as_fd(), flags)];
            match poll(&mut fds, Some(&timeout)) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Has the kernel notice that the other end is gone: one that lost its power closes no connection, and a scanner is
/// never spoken to.
fn keep_watch(stream: &TcpStream) -> io::Result<()> {
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, QUIET)?;
    sockopt::set_tcp_keepintvl(stream, ASK_AGAIN)?;
    sockopt::set_tcp_keepcnt(stream, QUESTIONS)?;
    sockopt::set_tcp_user_timeout(stream, UNTAKEN_MS)?;
    Ok(())
}

/// A connection that the kernel gave up is lost, and not merely silent.
fn lost(error: rustix::io::Errno) -> io::Error {
    match error {
        rustix::io::Errno::TIMEDOUT => io::ErrorKind::ConnectionAborted.into(),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_kernel_watches_over_a_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let Descriptor { fd } = Descriptor::connect(&address).unwrap();
        assert!(sockopt::socket_keepalive(&fd).unwrap());
        assert_eq!(sockopt::tcp_keepidle(&fd).unwrap(), QUIET);
        assert_eq!(sockopt::tcp_keepintvl(&fd).unwrap(), ASK_AGAIN);
        assert_eq!(sockopt::tcp_keepcnt(&fd).unwrap(), QUESTIONS);
        assert_eq!(sockopt::tcp_user_timeout(&fd).unwrap(), UNTAKEN_MS);
    }

    #[test]
    fn a_connection_that_the_kernel_gave_up_is_not_taken_for_silence() {
        assert_eq!(
            lost(rustix::io::Errno::TIMEDOUT).kind(),
            io::ErrorKind::ConnectionAborted
        );
        assert_eq!(lost(rustix::io::Errno::PIPE).kind(), io::ErrorKind::BrokenPipe);
    }
}
