//! What to copy, and in which order.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use bytes::Bytes;
use object_store::path::Path as Key;

use super::UploadError;

/// How far apart the clocks of hub and store may be, in seconds.
const SKEW: i64 = 300;

/// The file that a terminal looks at first.
const NEWEST: &str = "metadata/timestamp.json";

/// Where a file belongs in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Named by its digest: it never changes.
    Content,
    /// Named by its version: signed again, it may be another of the same length.
    Metadata,
    /// A page for phones.
    Page,
    /// What a terminal looks at first.
    Newest,
}

impl Place {
    pub(super) const IN_ORDER: [Self; 4] = [Self::Content, Self::Metadata, Self::Page, Self::Newest];
}

/// A file of the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its path below the release, with `/`.
    pub(super) name: String,
    /// What is copied.
    pub(super) source: Source,
    /// Where it belongs in the order.
    pub(super) place: Place,
    /// How many bytes it has.
    pub(super) length: u64,
    /// When it was last written, in seconds since 1970.
    written_at: i64,
}

/// Where the bytes of an item are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// In a file that stays as it is, or of which any version will do.
    File(PathBuf),
    /// Here: the file may be another by the time it is copied.
    Memory(Bytes),
}

/// An object that the store has.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) key: Key,
    pub(super) length: u64,
    /// When it was written, in seconds since 1970.
    pub(super) written_at: i64,
}

impl Item {
    /// Whether the store has it already. A page counts only where the object is certainly younger than the file, and metadata,
    /// which is small, never.
    pub(super) fn is_among(&self, held: &[Held], key: &Key) -> bool {
        let same = held
            .iter()
            .find(|held| held.key == *key && held.length == self.length);
        match self.place {
            Place::Content => same.is_some(),
            Place::Page => same.is_some_and(|held| held.written_at > self.written_at + SKEW),
            Place::Metadata | Place::Newest => false,
        }
    }

    /// What it is.
    pub(super) fn media_type(&self) -> &'static str {
        match Path::new(&self.name)
            .extension()
            .and_then(|ending| ending.to_str())
        {
            Some("json") => "application/json",
            Some("zst") => "application/zstd",
            Some("html") => "text/html; charset=utf-8",
            Some("png") => "image/png",
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("pdf") => "application/pdf",
            _ => "application/octet-stream",
        }
    }
}

/// The files of the release in a folder; nothing that lies beside them.
///
/// The newest metadata is read before anything is listed: a publication writes it last, so that whatever it names is among the
/// files, also where another one is published in the meantime.
pub(super) fn plan(repository: &Path) -> Result<Vec<Item>, UploadError> {
    let newest = repository.join(NEWEST);
    let bytes = match fs::read(&newest) {
        Ok(bytes) => Bytes::from(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(UploadError::NoRelease {
                path: repository.to_owned(),
            });
        }
        Err(source) => return Err(UploadError::Read { path: newest, source }),
    };
    let mut items = Vec::new();
    for folder in ["targets", "metadata", "i"] {
        collect(repository, &repository.join(folder), &mut items)?;
    }
    let home = repository.join("index.html");
    if home.is_file() {
        items.push(item(repository, home)?);
    }
    for item in items.iter_mut().filter(|item| item.place == Place::Newest) {
        item.length = bytes.len() as u64;
        item.source = Source::Memory(bytes.clone());
    }
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(items)
}

fn collect(repository: &Path, folder: &Path, items: &mut Vec<Item>) -> Result<(), UploadError> {
    let failed = |source| UploadError::Read {
        path: folder.to_owned(),
        source,
    };
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            collect(repository, &path, items)?;
        } else if !is_hidden {
            items.push(item(repository, path)?);
        }
    }
    Ok(())
}

fn item(repository: &Path, file: PathBuf) -> Result<Item, UploadError> {
    let failed = |source| UploadError::Read {
        path: file.clone(),
        source,
    };
    let metadata = fs::metadata(&file).map_err(failed)?;
    let written = metadata.modified().map_err(failed)?;
    let written_at = written.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let name = file
        .strip_prefix(repository)
        .expect("it was found below the folder");
    let name = name.to_string_lossy().replace('\\', "/");
    let place = match name.as_str() {
        NEWEST => Place::Newest,
        name if name.starts_with("targets/") => Place::Content,
        name if name.starts_with("metadata/") => Place::Metadata,
        _ => Place::Page,
    };
    Ok(Item {
        name,
        place,
        length: metadata.len(),
        written_at: written_at.as_secs() as i64,
        source: Source::File(file),
    })
}
