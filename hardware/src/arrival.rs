//! When a device is plugged in, without asking again and again.
//!
//! The kernel and udev make a node or a link for a device that arrives: a folder that is watched (inotify)
//! tells of it at once.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

use crate::wire::Endpoint;

/// What is waited for. Folders may be missing at first, and come and go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file, such as a link below `/dev/serial/by-id`.
    File(PathBuf),
    /// Anything new in this folder: which device it is shows when it is opened.
    Folder(PathBuf),
    /// Anything new in any of the folders in this one, such as the nodes of USB buses.
    FoldersIn(PathBuf),
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
            Endpoint::Serial { .. } => Self::Folder("/dev".into()),
            Endpoint::Usb(_) => Self::FoldersIn("/dev/bus/usb".into()),
        }
    }

    /// Where keyboards appear.
    #[must_use]
    pub fn of_keyboards() -> Self {
        Self::Folder("/dev/input".into())
    }

    /// The folders of which every event counts, as far as they are there.
    fn folders(&self) -> Vec<PathBuf> {
        match self {
            Self::Folder(folder) => vec![folder.clone()],
            Self::FoldersIn(above) => {
                let entries = std::fs::read_dir(above).into_iter().flatten().flatten();
                entries.map(|entry| entry.path()).collect()
            }
            Self::File(_) | Self::Elsewhere => Vec::new(),
        }
    }

    /// What leads to the place: it or the nearest folder above it tells of what comes on the way.
    fn way(&self) -> Option<&Path> {
        match self {
            Self::File(path) => path.parent(),
            Self::Folder(folder) | Self::FoldersIn(folder) => Some(folder),
            Self::Elsewhere => None,
        }
    }
}

/// A watch on the place where a device that is away will appear.
#[derive(Debug)]
pub struct Arrivals {
    place: Place,
    /// `None` where nothing can be watched; then nothing ever arrives, and the device is found by trying.
    inotify: Option<OwnedFd>,
    /// The watches on the place's own folders.
    folders: BTreeSet<i32>,
}

/// Something that a watched folder told of.
struct News {
    watch: i32,
    /// Nothing where events were lost, or where the folder itself is gone.
    name: Option<OsString>,
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
        let mut arrivals = Self {
            place,
            inotify,
            folders: BTreeSet::new(),
        };
        arrivals.watch();
        arrivals
    }

    /// Whether something came since this was asked last.
    pub fn has_come(&mut self) -> bool {
        let news = self.news();
        if news.is_empty() {
            return false;
        }
        // A folder on the way may be new.
        let is_nearer = self.watch();
        match &self.place {
            Place::File(path) => path.exists() && news.iter().any(|news| news.is_on_the_way(path)),
            Place::Folder(_) | Place::FoldersIn(_) => {
                is_nearer
                    || news
                        .iter()
                        .any(|news| news.is_lost() || self.folders.contains(&news.watch))
            }
            Place::Elsewhere => false,
        }
    }

    /// Watches all folders of the place, and the nearest one that leads there. Says whether one of the
    /// place's own is watched that was not before: what is in it may have come with it.
    fn watch(&mut self) -> bool {
        let Some(inotify) = &self.inotify else {
            return false;
        };
        let watch = |folder: &Path| inotify::add_watch(inotify, folder, NEWS).ok();
        let mut nearest = None;
        loop {
            let found = self
                .place
                .way()
                .and_then(|way| way.ancestors().find(|folder| watch(folder).is_some()));
            // A nearer one may have come before this one was watched.
            if found == nearest {
                break;
            }
            nearest = found;
        }
        if nearest.is_none() {
            tracing::debug!(place = ?self.place, "arrivals are not told of");
        }
        let watches: BTreeSet<i32> = self
            .place
            .folders()
            .iter()
            .filter_map(|folder| watch(folder))
            .collect();
        let is_nearer = !watches.is_subset(&self.folders);
        self.folders = watches;
        is_nearer
    }

    /// What the watched folders told of.
    fn news(&self) -> Vec<News> {
        let Some(inotify) = &self.inotify else {
            return Vec::new();
        };
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(inotify, &mut buffer);
        let mut news = Vec::new();
        loop {
            match reader.next() {
                Ok(event) => {
                    // What was lost may have been the device; a folder that is gone comes back unseen.
                    let is_lossy = event
                        .events()
                        .intersects(ReadFlags::QUEUE_OVERFLOW | ReadFlags::IGNORED);
                    let name = event.file_name().map(|name| name.to_bytes().to_vec());
                    if name.is_some() || is_lossy {
                        news.push(News {
                            watch: event.wd(),
                            name: name.map(OsString::from_vec),
                        });
                    }
                }
                Err(error) => {
                    let error = io::Error::from(error);
                    if error.kind() != io::ErrorKind::WouldBlock {
                        tracing::debug!(%error, "arrivals cannot be told");
                    }
                    return news;
                }
            }
        }
    }
}

impl News {
    /// Whether it may be anything.
    const fn is_lost(&self) -> bool {
        self.name.is_none()
    }

    /// Whether it leads to the file: the file itself, or a folder above it.
    fn is_on_the_way(&self, path: &Path) -> bool {
        self.name
            .as_ref()
            .is_none_or(|name| path.iter().any(|part| part == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
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
        let mut arrivals = Arrivals::at(Place::Folder(folder.path().to_owned()));
        assert!(!arrivals.has_come());
        File::create(folder.path().join("event7")).unwrap();
        assert!(arrivals.has_come());
        assert!(!arrivals.has_come());
        let mut arrivals = Arrivals::at(Place::of(&"tcp:printer:9100".parse().unwrap()));
        assert!(!arrivals.has_come());
    }

    #[test]
    fn the_first_keyboard_counts_where_even_its_folder_was_missing() {
        let dev = tempfile::tempdir().unwrap();
        let input = dev.path().join("input");
        let mut arrivals = Arrivals::at(Place::Folder(input.clone()));
        File::create(dev.path().join("tty7")).unwrap();
        assert!(!arrivals.has_come());
        std::fs::create_dir(&input).unwrap();
        assert!(arrivals.has_come());
        assert!(!arrivals.has_come());
        File::create(input.join("event0")).unwrap();
        assert!(arrivals.has_come());
        // With its last device the folder goes, and comes back with the next.
        std::fs::remove_dir_all(&input).unwrap();
        arrivals.has_come();
        std::fs::create_dir(&input).unwrap();
        assert!(arrivals.has_come());
        File::create(input.join("event1")).unwrap();
        assert!(arrivals.has_come());
    }

    #[test]
    fn a_device_on_a_bus_that_came_later_is_told_of() {
        let dev = tempfile::tempdir().unwrap();
        let buses = dev.path().join("bus/usb");
        let mut arrivals = Arrivals::at(Place::FoldersIn(buses.clone()));
        std::fs::create_dir_all(buses.join("001")).unwrap();
        assert!(arrivals.has_come());
        File::create(buses.join("001/004")).unwrap();
        assert!(arrivals.has_come());
        assert!(!arrivals.has_come());
        std::fs::create_dir(buses.join("002")).unwrap();
        assert!(arrivals.has_come());
        File::create(buses.join("002/001")).unwrap();
        assert!(arrivals.has_come());
        assert!(!arrivals.has_come());
    }
}
