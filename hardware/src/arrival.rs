//! When a device is plugged in, without asking again and again.
//!
//! The kernel and udev make a node or a link for a device that arrives: a folder that is watched (inotify)
//! tells of it at once.

use std::ffi::OsString;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

use crate::wire::Endpoint;

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file, such as a link below `/dev/serial/by-id`. Its folder may come and go with it.
    File(PathBuf),
    /// Anything new in one of these folders: which device it is shows when it is opened.
    Folders(Vec<PathBuf>),
    /// Something that no folder tells of, such as a network printer.
    Elsewhere,
}

impl Place {
    /// Where the device at `endpoint` appears.
    #[must_use]
    pub fn of(endpoint: &Endpoint) -> Self {
        match endpoint {
            Endpoint::Tcp(_) => Self::Elsewhere,
            Endpoint::Device { path, .. } => Self::File(path.clone()),
            Endpoint::Serial { .. } => Self::Folders(vec!["/dev".into()]),
            Endpoint::Usb(_) => {
                let buses = std::fs::read_dir("/dev/bus/usb").into_iter().flatten();
                Self::Folders(buses.flatten().map(|bus| bus.path()).collect())
            }
        }
    }

    /// Where keyboards appear.
    #[must_use]
    pub fn of_keyboards() -> Self {
        Self::Folders(vec!["/dev/input".into()])
    }
}

/// A watch on the place where a device that is away will appear.
#[derive(Debug)]
pub struct Arrivals {
    place: Place,
    /// `None` where nothing can be watched; then nothing ever arrives, and the device is found by trying.
    inotify: Option<OwnedFd>,
}

/// A new node or link, or one whose owner or rights were set: udev does so after the kernel made the node.
const NEWS: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::ATTRIB)
    .union(WatchFlags::ONLYDIR);

impl Arrivals {
    /// Watches from now on.
    #[must_use]
    pub fn at(place: Place) -> Self {
        let inotify = match place {
            Place::Elsewhere => None,
            _ => inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok(),
        };
        let arrivals = Self { place, inotify };
        arrivals.watch();
        arrivals
    }

    /// Whether something came since this was asked last.
    pub fn has_come(&mut self) -> bool {
        let names = self.names();
        if names.is_empty() {
            return false;
        }
        // A folder on the way to the file may be new.
        self.watch();
        match &self.place {
            Place::File(path) => path.exists() && names.iter().any(|name| is_on_the_way(name, path)),
            Place::Folders(_) => true,
            Place::Elsewhere => false,
        }
    }

    /// Watches all folders of the place; of a file's, the nearest that is there.
    fn watch(&self) {
        let Some(inotify) = &self.inotify else { return };
        let watch = |folder: &Path| inotify::add_watch(inotify, folder, NEWS).is_ok();
        let watched = match &self.place {
            Place::File(path) => path.ancestors().skip(1).any(watch),
            Place::Folders(folders) => folders.iter().filter(|folder| watch(folder)).count() > 0,
            Place::Elsewhere => false,
        };
        if !watched {
            tracing::debug!(place = ?self.place, "arrivals are not told of");
        }
    }

    /// The names of what is new.
    fn names(&self) -> Vec<OsString> {
        let Some(inotify) = &self.inotify else {
            return Vec::new();
        };
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(inotify, &mut buffer);
        let mut names = Vec::new();
        loop {
            match reader.next() {
                Ok(event) => {
                    // What was lost may have been the device; a folder that is gone comes back unseen.
                    let is_lossy = event
                        .events()
                        .intersects(ReadFlags::QUEUE_OVERFLOW | ReadFlags::IGNORED);
                    let name = event.file_name().map(|name| name.to_bytes().to_vec());
                    names.extend(name.or(is_lossy.then(Vec::new)).map(OsString::from_vec));
                }
                Err(error) => {
                    let error = io::Error::from(error);
                    if error.kind() != io::ErrorKind::WouldBlock {
                        tracing::debug!(%error, "arrivals cannot be told");
                    }
                    return names;
                }
            }
        }
    }
}

/// Whether something of this name leads to the file: the file itself, or a folder above it.
fn is_on_the_way(name: &OsString, path: &Path) -> bool {
    name.is_empty() || path.iter().any(|part| part == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_that_udev_makes_is_told_of_once_and_its_neighbours_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("usb-printer");
        let mut arrivals = Arrivals::at(Place::File(link.clone()));
        assert!(!arrivals.has_come());
        symlink("/dev/null", folder.path().join("usb-other")).unwrap();
        assert!(!arrivals.has_come());
        symlink("/dev/null", &link).unwrap();
        assert!(arrivals.has_come());
        assert!(!arrivals.has_come());
        // Replugged.
        std::fs::remove_file(&link).unwrap();
        assert!(!arrivals.has_come());
        symlink("/dev/null", &link).unwrap();
        assert!(arrivals.has_come());
    }

    #[test]
    fn the_folder_of_a_link_may_come_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let by_id = folder.path().join("serial/by-id");
        let link = by_id.join("usb-printer");
        let mut arrivals = Arrivals::at(Place::File(link.clone()));
        std::fs::create_dir(folder.path().join("serial")).unwrap();
        assert!(!arrivals.has_come());
        std::fs::create_dir(&by_id).unwrap();
        symlink("/dev/null", &link).unwrap();
        assert!(arrivals.has_come());
    }

    #[test]
    fn the_folder_of_a_link_may_go_with_it_and_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let by_id = folder.path().join("by-id");
        let link = by_id.join("usb-printer");
        std::fs::create_dir(&by_id).unwrap();
        let mut arrivals = Arrivals::at(Place::File(link.clone()));
        std::fs::remove_dir(&by_id).unwrap();
        assert!(!arrivals.has_come());
        std::fs::create_dir(&by_id).unwrap();
        symlink("/dev/null", &link).unwrap();
        assert!(arrivals.has_come());
    }

    #[test]
    fn anything_new_among_the_keyboards_counts_and_nothing_is_told_of_the_network() {
        let folder = tempfile::tempdir().unwrap();
        let mut arrivals = Arrivals::at(Place::Folders(vec![
            folder.path().to_owned(),
            "/no/such/folder".into(),
        ]));
        assert!(!arrivals.has_come());
        std::fs::File::create(folder.path().join("event7")).unwrap();
        assert!(arrivals.has_come());
        let mut arrivals = Arrivals::at(Place::of(&"tcp:printer:9100".parse().unwrap()));
        assert!(!arrivals.has_come());
    }
}
