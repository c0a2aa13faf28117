//! The files of a release in a folder, such as a stick.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{Stream, stream};
use rustix::fs::{Mode, OFlags};
use tokio::io::AsyncReadExt as _;
use url::Url;

/// How much of a file is read at once.
const CHUNK: usize = 64 * 1024;

/// The path of `url` below `folder`; `None` for anything but plain names of files and folders.
pub(super) fn below(folder: &Path, base: &Url, url: &Url) -> Option<PathBuf> {
    let relative = url.path().strip_prefix(base.path())?;
    let plain = |name: &str| {
        !name.starts_with('.')
            && !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    relative.split('/').all(plain).then(|| folder.join(relative))
}

/// The content of an open file, piece by piece.
pub(super) fn chunks(file: tokio::fs::File) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    stream::try_unfold(file, async |mut file| {
        let mut buffer = vec![0; CHUNK];
        let length = file.read(&mut buffer).await?;
        buffer.truncate(length);
        Ok((length > 0).then(|| (Bytes::from(buffer), file)))
    })
}

/// Opens a plain file. Whoever plugs a stick in decides what lies there: a link could lead anywhere, and a pipe would be
/// waited for without end, by a thread that nothing can stop.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file"))
    }
}

#[cfg(test)]
mod tests {
    use rustix::fs::{CWD, FileType, mknodat};

    use super::*;

    #[test]
    fn only_plain_names_below_the_folder_are_read() {
        let base = Url::parse("file:///media/%E7%A8%BF/").unwrap();
        let folder = base.to_file_path().unwrap();
        let path = |text: &str| below(&folder, &base, &Url::parse(text).unwrap());
        assert_eq!(
            path("file:///media/%E7%A8%BF/metadata/1.root.json"),
            Some(folder.join("metadata/1.root.json"))
        );
        for bad in [
            "file:///etc/passwd",
            "file:///media/%E7%A8%BF/../../etc/passwd",
            "file:///media/%E7%A8%BF/..%2F..%2Fetc%2Fpasswd",
            "file:///media/%E7%A8%BF/.hidden",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_plain_file_is_not_opened_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        catalog::atomic::write(&path("plain"), b"{}").unwrap();
        mknodat(CWD, path("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        std::os::unix::fs::symlink(path("plain"), path("link")).unwrap();
        open(&path("plain")).unwrap();
        for name in ["pipe", "link", "."] {
            open(&path(name)).unwrap_err();
        }
        let missing = open(&path("missing")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
