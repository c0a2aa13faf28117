//! The byte link to a device: TCP, a serial port, a device file or a pseudo-terminal.
//!
//! Every wait is bounded. One implementation serves all of them, because to the kernel all are
//! descriptors that can be polled.

use std::fmt;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::termios;
use serde::{Deserialize, Serialize};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(3);

/// Where a device is: `tcp:printer.local:9100` or `/dev/serial/by-id/…@115200`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Endpoint {
    /// A network printer, or a device behind a serial server.
    Tcp(String),
    /// A serial port, `/dev/usb/lp0`, or a pseudo-terminal.
    Device {
        /// The file.
        path: PathBuf,
        /// Bits a second on a serial line; 8 data bits, no parity, one stop bit.
        baud: u32,
    },
}

/// A text that is no [`Endpoint`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither tcp:HOST:PORT nor /dev/PATH[@BAUD]")]
pub struct InvalidEndpoint(pub String);

/// The speed when an endpoint names none.
const DEFAULT_BAUD: u32 = 115_200;

impl FromStr for Endpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, InvalidEndpoint> {
        let invalid = || InvalidEndpoint(text.to_owned());
        if let Some(address) = text.strip_prefix("tcp:") {
            let (host, port) = address.rsplit_once(':').ok_or_else(invalid)?;
            let is_valid = !host.is_empty() && port.parse::<u16>().is_ok();
            return if is_valid {
                Ok(Self::Tcp(address.to_owned()))
            } else {
                Err(invalid())
            };
        }
        if !text.starts_with('/') {
            return Err(invalid());
        }
        match text.rsplit_once('@') {
            None => Ok(Self::Device {
                path: text.into(),
                baud: DEFAULT_BAUD,
            }),
            Some((path, baud)) => {
                let baud = baud.parse().map_err(|_| invalid())?;
                Ok(Self::Device {
                    path: path.into(),
                    baud,
                })
            }
        }
    }
}

impl TryFrom<String> for Endpoint {
    type Error = InvalidEndpoint;

    fn try_from(text: String) -> Result<Self, InvalidEndpoint> {
        text.parse()
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.to_string()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Device { path, baud } => write!(f, "{}@{baud}", path.display()),
        }
    }
}

/// An open link.
#[derive(Debug)]
pub struct Wire {
    fd: OwnedFd,
}

impl Wire {
    /// Opens the link.
    pub fn open(endpoint: &Endpoint) -> io::Result<Self> {
        match endpoint {
            Endpoint::Tcp(address) => {
                let address = address
                    .to_socket_addrs()?
                    .next()
                    .ok_or(io::ErrorKind::AddrNotAvailable)?;
                let stream = TcpStream::connect_timeout(&address, CONNECT)?;
                stream.set_nodelay(true)?;
                stream.set_nonblocking(true)?;
                Ok(Self { fd: stream.into() })
            }
            Endpoint::Device { path, baud } => {
                let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
                let fd = rustix::fs::open(path, flags, Mode::empty())?;
                if termios::isatty(&fd) {
                    let mut settings = termios::tcgetattr(&fd)?;
                    settings.make_raw();
                    settings.set_speed(*baud)?;
                    termios::tcsetattr(&fd, termios::OptionalActions::Now, &settings)?;
                }
                Ok(Self { fd })
            }
        }
    }

    /// Sends some of `bytes`; waits until `deadline` for the device to take any.
    pub fn write_some(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        loop {
            self.wait(PollFlags::OUT, deadline)?;
            match rustix::io::write(&self.fd, bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => return Ok(written),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Sends all of `bytes`.
    pub fn write_all(&mut self, mut bytes: &[u8], deadline: Instant) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = self.write_some(bytes, deadline)?;
            bytes = &bytes[written..];
        }
        Ok(())
    }

    /// Receives what has come, at least one byte; returns how many. Silence until `deadline` is
    /// [`io::ErrorKind::TimedOut`], a closed link [`io::ErrorKind::UnexpectedEof`].
    pub fn read_into(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        loop {
            self.wait(PollFlags::IN, deadline)?;
            match rustix::io::read(&self.fd, &mut *buffer) {
                // The error is what a pseudo-terminal says when its other end is closed.
                Ok(0) | Err(rustix::io::Errno::IO) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => return Ok(count),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// [`read_into`](Self::read_into) with a buffer of its own.
    pub fn read_some(&mut self, deadline: Instant) -> io::Result<Vec<u8>> {
        let mut buffer = [0; 2048];
        let count = self.read_into(&mut buffer, deadline)?;
        Ok(buffer[..count].to_vec())
    }

    /// Throws away what has come unasked, such as an answer that was given up on.
    pub fn drain(&mut self) -> io::Result<()> {
        loop {
            match self.read_some(Instant::now()) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(()),
                Err(error) => return Err(error),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_reads_back_from_its_text() {
        for text in [
            "tcp:127.0.0.1:9100",
            "tcp:[::1]:9100",
            "tcp:printer.local:9100",
            "/dev/ttyUSB0@9600",
            "/dev/usb/lp0@115200",
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), text);
        }
        for bad in ["", "tcp:", "tcp:printer", "tcp::9100", "ttyS0", "/dev/ttyS0@fast"] {
            assert!(bad.parse::<Endpoint>().is_err(), "{bad}");
        }
    }
}
