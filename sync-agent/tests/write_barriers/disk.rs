//! What a disk holds, how it came to hold it, and what of it a power cut leaves.
//!
//! Stricter than any file system: content is durable once its file was synced, a name once its folder was. Only a move from
//! folder to folder is one change, as every journal makes it one.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A file, folder or link, by the order in which they were made.
pub(crate) type Node = u64;

/// The folder that all others are in.
pub(crate) const TOP: Node = 1;

/// What a node is, for good.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    File,
    Folder,
    Link(PathBuf),
}

/// A name in a folder comes to mean this node, or nothing.
#[derive(Debug, Clone)]
struct Naming {
    folder: Node,
    name: OsString,
    node: Option<Node>,
}

/// One entry of the record.
#[derive(Debug, Clone)]
enum Entry {
    Write {
        file: Node,
        at: usize,
        bytes: Vec<u8>,
    },
    Resize {
        file: Node,
        length: usize,
    },
    Name(Vec<Naming>),
    /// What happened to this node before is durable.
    Barrier(Node),
}

impl Entry {
    fn concerns(&self, node: Node) -> bool {
        match self {
            Self::Write { file, .. } | Self::Resize { file, .. } => *file == node,
            Self::Name(names) => names.iter().any(|naming| naming.folder == node),
            Self::Barrier(_) => false,
        }
    }
}

/// What files and folders hold.
#[derive(Debug, Clone, Default)]
struct Content {
    files: BTreeMap<Node, Vec<u8>>,
    folders: BTreeMap<Node, BTreeMap<OsString, Node>>,
}

impl Content {
    fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Write { file, at, bytes } => {
                let content = self.files.entry(*file).or_default();
                let end = at + bytes.len();
                content.resize(content.len().max(end), 0);
                content[*at..end].copy_from_slice(bytes);
            }
            Entry::Resize { file, length } => self.files.entry(*file).or_default().resize(*length, 0),
            Entry::Name(names) => {
                for Naming { folder, name, node } in names {
                    let folder = self.folders.entry(*folder).or_default();
                    match node {
                        Some(node) => folder.insert(name.clone(), *node),
                        None => folder.remove(name),
                    };
                }
            }
            Entry::Barrier(_) => {}
        }
    }
}

/// What of that which was not synced a power cut leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unsynced {
    /// Nothing.
    Lost,
    /// Some of it, by this seed: of the names those up to a moment, as from a journal; of the content any part.
    Partly(u64),
}

/// A disk and its record.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    kinds: BTreeMap<Node, (Kind, u16)>,
    now: Content,
    record: Vec<Entry>,
}

impl Disk {
    /// A disk with nothing on it.
    pub(crate) fn new() -> Self {
        let mut disk = Self::default();
        disk.kinds.insert(TOP, (Kind::Folder, 0o755));
        disk
    }

    fn enter(&mut self, entry: Entry) {
        self.now.apply(&entry);
        self.record.push(entry);
    }

    /// How long the record is now.
    pub(crate) fn moment(&self) -> usize {
        self.record.len()
    }

    pub(crate) fn kind(&self, node: Node) -> Option<&Kind> {
        self.kinds.get(&node).map(|(kind, _)| kind)
    }

    pub(crate) fn mode(&self, node: Node) -> u16 {
        self.kinds.get(&node).map_or(0, |(_, mode)| *mode)
    }

    pub(crate) fn set_mode(&mut self, node: Node, new: u16) {
        if let Some((_, mode)) = self.kinds.get_mut(&node) {
            *mode = new;
        }
    }

    pub(crate) fn content(&self, file: Node) -> &[u8] {
        self.now.files.get(&file).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn names(&self, folder: Node) -> Vec<(OsString, Node)> {
        let names = self.now.folders.get(&folder).into_iter().flatten();
        names.map(|(name, node)| (name.clone(), *node)).collect()
    }

    pub(crate) fn find(&self, folder: Node, name: &OsStr) -> Option<Node> {
        self.now.folders.get(&folder)?.get(name).copied()
    }

    /// Makes something new under a name.
    pub(crate) fn make(&mut self, folder: Node, name: &OsStr, kind: Kind, mode: u16) -> Node {
        let node = TOP + self.kinds.len() as Node;
        self.kinds.insert(node, (kind, mode));
        self.name(folder, name, Some(node));
        node
    }

    /// A name comes to mean this, or nothing.
    pub(crate) fn name(&mut self, folder: Node, name: &OsStr, node: Option<Node>) {
        let name = name.to_owned();
        self.enter(Entry::Name(vec![Naming { folder, name, node }]));
    }

    pub(crate) fn rename(&mut self, from: (Node, &OsStr), to: (Node, &OsStr), node: Node) {
        let naming = |(folder, name): (Node, &OsStr), node| Naming {
            folder,
            name: name.to_owned(),
            node,
        };
        self.enter(Entry::Name(vec![naming(from, None), naming(to, Some(node))]));
    }

    pub(crate) fn write(&mut self, file: Node, at: usize, bytes: &[u8]) {
        let bytes = bytes.to_owned();
        self.enter(Entry::Write { file, at, bytes });
    }

    pub(crate) fn resize(&mut self, file: Node, length: usize) {
        self.enter(Entry::Resize { file, length });
    }

    pub(crate) fn barrier(&mut self, node: Node) {
        self.enter(Entry::Barrier(node));
    }

    /// The moments right after each barrier before which anything changed, and the one of the end.
    fn barriers(&self) -> Vec<usize> {
        let mut after = Vec::new();
        let mut has_changed = false;
        for (at, entry) in self.record.iter().enumerate() {
            if !matches!(entry, Entry::Barrier(_)) {
                has_changed = true;
            } else if std::mem::take(&mut has_changed) {
                after.push(at + 1);
            }
        }
        after.push(self.moment());
        after
    }

    /// The power cuts to try: right after each barrier, with nothing but what was synced, and right before the next one, with
    /// some of the rest.
    pub(crate) fn power_cuts(&self) -> Vec<(usize, Unsynced)> {
        let barriers = self.barriers();
        let cuts = barriers.windows(2).flat_map(|pair| {
            let partly = Unsynced::Partly(pair[0] as u64);
            [(pair[0], Unsynced::Lost), (pair[1] - 1, partly)]
        });
        cuts.collect()
    }

    /// Makes `folder` what a power cut at `moment` leaves.
    pub(crate) fn after_power_cut(&self, moment: usize, unsynced: Unsynced, folder: &Path) -> io::Result<()> {
        let past = &self.record[..moment];
        let mut stays = vec![false; moment];
        for (at, entry) in past.iter().enumerate() {
            if let Entry::Barrier(node) = entry {
                for (before, stays) in past[..at].iter().zip(&mut stays) {
                    *stays |= before.concerns(*node);
                }
            }
        }
        if let Unsynced::Partly(seed) = unsynced {
            let mut chance = Chance(seed);
            let last_name = chance.below(moment + 1);
            for (at, (entry, stays)) in past.iter().zip(&mut stays).enumerate() {
                *stays |= match entry {
                    Entry::Name(_) => at < last_name,
                    _ => chance.below(2) == 0,
                };
            }
        }
        let mut content = Content::default();
        for (entry, _) in past.iter().zip(&stays).filter(|(_, stays)| **stays) {
            content.apply(entry);
        }
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        self.lay_out(&content, TOP, folder)
    }

    fn lay_out(&self, content: &Content, node: Node, path: &Path) -> io::Result<()> {
        let (kind, mode) = &self.kinds[&node];
        match kind {
            Kind::Link(target) => return std::os::unix::fs::symlink(target, path),
            Kind::File => {
                let bytes = content.files.get(&node).map_or(&[][..], Vec::as_slice);
                io::Write::write_all(&mut fs::File::create(path)?, bytes)?;
            }
            Kind::Folder => {
                fs::create_dir(path)?;
                for (name, node) in content.folders.get(&node).into_iter().flatten() {
                    self.lay_out(content, *node, &path.join(name))?;
                }
            }
        }
        fs::set_permissions(path, fs::Permissions::from_mode(u32::from(*mode)))
    }
}

/// Numbers that look like chance and are the same in every run (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

#[test]
fn a_power_cut_leaves_what_was_synced() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let mut disk = Disk::new();
    let cut = |disk: &Disk, moment| {
        disk.after_power_cut(moment, Unsynced::Lost, &state).unwrap();
        fs::read_to_string(state.join("a")).ok()
    };
    let file = disk.make(TOP, "a.tmp".as_ref(), Kind::File, 0o600);
    disk.write(file, 0, b"new");
    disk.barrier(file);
    disk.rename((TOP, "a.tmp".as_ref()), (TOP, "a".as_ref()), file);
    assert_eq!(cut(&disk, disk.moment()), None, "the name was not synced");
    disk.barrier(TOP);
    assert_eq!(cut(&disk, disk.moment()).as_deref(), Some("new"));
    disk.write(file, 3, b"er");
    disk.resize(file, 4);
    assert_eq!(cut(&disk, disk.moment()).as_deref(), Some("new"));
    disk.barrier(file);
    assert_eq!(cut(&disk, disk.moment()).as_deref(), Some("newe"));

    // A name without content: what many a file system leaves.
    let careless = disk.make(TOP, "a".as_ref(), Kind::File, 0o600);
    disk.write(careless, 0, b"lost");
    disk.barrier(TOP);
    assert_eq!(cut(&disk, disk.moment()).as_deref(), Some(""));
}
