//! Replacing a file so that a power cut leaves the old content or the new, whole.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::power::{Moment, point};

/// Why a file could not be replaced.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {source}")]
pub struct WriteError {
    /// The file that was to be written.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

/// Who may read a written file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only the user that wrote it.
    Owner,
    /// Everybody, such as the web server that serves it; only the owner may write it.
    Everybody,
}

/// Writes `content` to `path` for its owner alone: a temporary file in the same folder, synced, renamed
/// over the old one, and the folder synced so that the new name survives a power cut.
pub fn write(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    write_for(Readers::Owner, path, content)
}

/// Like [`write()`], for the given readers.
pub fn write_for(readers: Readers, path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    replace(readers, folder, path, content).map_err(|source| WriteError {
        path: path.to_owned(),
        source,
    })
}

fn replace(readers: Readers, folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let step = format!("write {}", without_digest(path));
    point(&step, Moment::Before);
    let mode = match readers {
        Readers::Owner => 0o600,
        Readers::Everybody => 0o644,
    };
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    point(&step, Moment::During);
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)?;
    point(&step, Moment::After);
    Ok(())
}

/// The name of a file without a digest in it, which would differ from run to run.
fn without_digest(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_digest = |word: &str| {
        let digits = word.trim_end_matches(['-', '.']);
        digits.len() >= 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    name.split_inclusive(['-', '.'])
        .filter(|word| !is_digest(word))
        .collect()
}

/// Makes the names in `folder` durable.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Points the symbolic link `link` at `target` in one step.
pub fn relink(link: &Path, target: &Path) -> Result<(), WriteError> {
    let folder = link.parent().unwrap_or(Path::new("."));
    let swap = || {
        point("relink", Moment::Before);
        let temporary = folder.join(format!(
            ".{}.new",
            link.file_name().unwrap_or_default().to_string_lossy()
        ));
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::os::unix::fs::symlink(target, &temporary)?;
        point("relink", Moment::During);
        fs::rename(&temporary, link)?;
        sync_folder(folder)?;
        point("relink", Moment::After);
        Ok(())
    };
    swap().map_err(|source| WriteError {
        path: link.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_for_its_readers() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |readers| {
            let path = folder.path().join("a");
            write_for(readers, &path, b"x").unwrap();
            fs::metadata(&path).unwrap().permissions().mode() & 0o077
        };
        assert_eq!(mode(Readers::Owner), 0);
        assert_ne!(mode(Readers::Everybody), 0);
    }

    #[test]
    fn a_step_is_named_without_what_differs_from_run_to_run() {
        let step = |name: &str| without_digest(Path::new(name));
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(step(&format!("{digest}.manifest.json")), "manifest.json");
        assert_eq!(step(&format!("sealing-{}.key", &digest[..32])), "sealing-key");
        assert_eq!(step("keys/1.root.json"), "1.root.json");
    }

    #[test]
    fn the_error_names_the_file() {
        let error = write(Path::new("/nonexistent/a"), b"x").unwrap_err();
        assert!(error.to_string().contains("/nonexistent/a"));
    }

    #[test]
    fn a_link_moves_from_one_target_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("current");
        relink(&link, Path::new("gen-1")).unwrap();
        relink(&link, Path::new("gen-2")).unwrap();
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("gen-2"));
    }
}
