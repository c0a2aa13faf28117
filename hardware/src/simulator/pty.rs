//! Pseudo-terminals in place of serial lines.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios;

/// A pseudo-terminal.
pub(super) struct Terminal {
    /// The device's end.
    pub(super) master: OwnedFd,
    /// The driver's end, held open so that the terminal outlives the drivers that open and close it.
    pub(super) slave: OwnedFd,
    /// What a driver opens.
    pub(super) path: PathBuf,
}

impl Terminal {
    pub(super) fn open() -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let path = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(path.to_str().map_err(io::Error::other)?);
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(&path, flags, Mode::empty())?;
        let mut settings = termios::tcgetattr(&slave)?;
        settings.make_raw();
        termios::tcsetattr(&slave, termios::OptionalActions::Now, &settings)?;
        Ok(Self { master, slave, path })
    }

    /// Makes `link` lead to the driver's end, as udev does for a device that is plugged in.
    pub(super) fn link(&self, link: &Path) -> io::Result<()> {
        unlink(link)?;
        std::os::unix::fs::symlink(&self.path, link)
    }
}

/// Removes a link that may not be there.
pub(super) fn unlink(link: &Path) -> io::Result<()> {
    match std::fs::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
