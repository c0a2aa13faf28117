//! A [`Disk`] as a file system.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fuser::{
    BackgroundSession, BsdFileFlags, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags,
    Generation, INodeNo, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
    spawn_mount,
};

use super::disk::{Disk, Kind, Node};

/// How long the kernel may believe what it was told: nobody else changes anything.
const TTL: Duration = Duration::from_hours(1);
const BLOCK: u32 = 4096;
/// Free blocks, as the agent is told: enough.
const FREE: u64 = 1 << 24;

/// A disk that is mounted until this is dropped.
pub(crate) struct Mounted {
    disk: Arc<Mutex<Disk>>,
    session: BackgroundSession,
}

impl Mounted {
    /// Mounts an empty disk, or says why this machine does not let us.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let disk = Arc::new(Mutex::new(Disk::new()));
        match spawn_mount(Recorder(Arc::clone(&disk)), folder, &Config::default()) {
            Ok(session) => Some(Self { disk, session }),
            Err(error) => {
                println!("NOT TESTED: no file system can be mounted through /dev/fuse here: {error}");
                None
            }
        }
    }

    /// The record so far.
    pub(crate) fn moment(&self) -> usize {
        self.disk.lock().unwrap().moment()
    }

    /// Takes the disk out.
    pub(crate) fn unmount(self) -> Disk {
        self.session.umount_and_join().unwrap();
        Arc::into_inner(self.disk)
            .expect("the file system is gone")
            .into_inner()
            .unwrap()
    }
}

/// Answers the kernel out of memory, and records what it changes.
struct Recorder(Arc<Mutex<Disk>>);

impl Recorder {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().expect("no answer panics")
    }
}

fn attributes(disk: &Disk, node: Node) -> Option<FileAttr> {
    let (kind, size) = match disk.kind(node)? {
        Kind::File => (FileType::RegularFile, disk.content(node).len() as u64),
        Kind::Folder => (FileType::Directory, 0),
        Kind::Link(target) => (FileType::Symlink, target.as_os_str().len() as u64),
    };
    Some(FileAttr {
        ino: INodeNo(node),
        size,
        blocks: size.div_ceil(512),
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind,
        perm: disk.mode(node),
        nlink: 1,
        uid: rustix::process::getuid().as_raw(),
        gid: rustix::process::getgid().as_raw(),
        rdev: 0,
        blksize: BLOCK,
        flags: 0,
    })
}

fn entry(disk: &Disk, node: Option<Node>, reply: ReplyEntry) {
    match node.and_then(|node| attributes(disk, node)) {
        Some(attributes) => reply.entry(&TTL, &attributes, Generation(0)),
        None => reply.error(Errno::ENOENT),
    }
}

fn done(result: Result<(), Errno>, reply: ReplyEmpty) {
    match result {
        Ok(()) => reply.ok(),
        Err(error) => reply.error(error),
    }
}

impl Filesystem for Recorder {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let disk = self.disk();
        entry(&disk, disk.find(parent.0, name), reply);
    }

    fn getattr(&self, _: &Request, node: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attributes(&self.disk(), node.0) {
            Some(attributes) => reply.attr(&TTL, &attributes),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn setattr(
        &self,
        request: &Request,
        node: INodeNo,
        mode: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        handle: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        if let Some(mode) = mode {
            self.disk().set_mode(node.0, mode as u16 & 0o7777);
        }
        if let Some(size) = size {
            self.disk().resize(node.0, size as usize);
        }
        self.getattr(request, node, handle, reply);
    }

    fn readlink(&self, _: &Request, node: INodeNo, reply: ReplyData) {
        match self.disk().kind(node.0) {
            Some(Kind::Link(target)) => reply.data(target.as_os_str().as_encoded_bytes()),
            _ => reply.error(Errno::EINVAL),
        }
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, umask: u32, reply: ReplyEntry) {
        let mut disk = self.disk();
        let node = disk.make(parent.0, name, Kind::Folder, (mode & !umask) as u16 & 0o7777);
        entry(&disk, Some(node), reply);
    }

    fn symlink(&self, _: &Request, parent: INodeNo, name: &OsStr, target: &Path, reply: ReplyEntry) {
        let mut disk = self.disk();
        let node = disk.make(parent.0, name, Kind::Link(target.to_owned()), 0o777);
        entry(&disk, Some(node), reply);
    }

    fn link(&self, _: &Request, node: INodeNo, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let mut disk = self.disk();
        disk.name(parent.0, name, Some(node.0));
        entry(&disk, Some(node.0), reply);
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        self.disk().name(parent.0, name, None);
        reply.ok();
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let mut disk = self.disk();
        let names = disk.find(parent.0, name).map(|node| disk.names(node));
        let result = match names {
            Some(names) if names.is_empty() => {
                disk.name(parent.0, name, None);
                Ok(())
            }
            Some(_) => Err(Errno::ENOTEMPTY),
            None => Err(Errno::ENOENT),
        };
        done(result, reply);
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let mut disk = self.disk();
        let is_taken = disk.find(new_parent.0, new_name).is_some();
        let result = match disk.find(parent.0, name) {
            _ if flags.contains(RenameFlags::RENAME_EXCHANGE) => Err(Errno::EINVAL),
            _ if is_taken && flags.contains(RenameFlags::RENAME_NOREPLACE) => Err(Errno::EEXIST),
            Some(node) => {
                disk.rename((parent.0, name), (new_parent.0, new_name), node);
                Ok(())
            }
            None => Err(Errno::ENOENT),
        };
        done(result, reply);
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        _: i32,
        reply: ReplyCreate,
    ) {
        let mut disk = self.disk();
        let node = disk.make(parent.0, name, Kind::File, (mode & !umask) as u16 & 0o7777);
        let attributes = attributes(&disk, node).expect("it was just made");
        reply.created(
            &TTL,
            &attributes,
            Generation(0),
            FileHandle(0),
            FopenFlags::empty(),
        );
    }

    fn read(
        &self,
        _: &Request,
        node: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let disk = self.disk();
        let content = disk.content(node.0);
        let start = content.len().min(offset as usize);
        let end = content.len().min(start + size as usize);
        reply.data(&content[start..end]);
    }

    fn write(
        &self,
        _: &Request,
        node: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        self.disk().write(node.0, offset as usize, data);
        reply.written(data.len() as u32);
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, node: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.disk().barrier(node.0);
        reply.ok();
    }

    fn fsyncdir(&self, _: &Request, node: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.disk().barrier(node.0);
        reply.ok();
    }

    fn readdir(&self, _: &Request, node: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let disk = self.disk();
        let names = disk.names(node.0);
        for (at, (name, node)) in names.iter().enumerate().skip(offset as usize) {
            let kind = match disk.kind(*node) {
                Some(Kind::Folder) => FileType::Directory,
                Some(Kind::Link(_)) => FileType::Symlink,
                _ => FileType::RegularFile,
            };
            if reply.add(INodeNo(*node), at as u64 + 1, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        reply.statfs(2 * FREE, FREE, FREE, FREE, FREE, BLOCK, 255, BLOCK);
    }
}
