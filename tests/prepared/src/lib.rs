//! What tests prepare once: folders that take seconds to make, shared by all processes of a test program.
//!
//! A runner that gives each test a process would have each make its own, and a temporary folder behind a
//! `static` is never removed, because nothing drops a `static`.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folder `name` as `make` fills it, beside the running test program.
///
/// It is made by whoever asks first, while the others wait, and made anew when the program or one of `sources`
/// (files, or folders with all that is in them) has changed. Tests read it and leave it as it is.
///
/// # Panics
///
/// If the folder cannot be made.
pub fn folder(name: &str, sources: &[&Path], make: impl FnOnce(&Path)) -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let build = program.ancestors().nth(2).unwrap();
    let place = build.join("prepared").join(program.file_name().unwrap());
    let mut state = String::new();
    for source in [&[program.as_path()], sources].concat() {
        describe(source, &mut state);
    }
    folder_in(&place, name, &state, make)
}

/// [`folder`] in `place`, made of what `state` says.
fn folder_in(place: &Path, name: &str, state: &str, make: impl FnOnce(&Path)) -> PathBuf {
    fs::create_dir_all(place).unwrap();
    let mut made_of = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(place.join(format!("{name}.made-of")))
        .unwrap();
    made_of.lock().unwrap();
    let mut before = String::new();
    made_of.read_to_string(&mut before).unwrap();
    let folder = place.join(name);
    if before == state {
        return folder;
    }
    made_of.set_len(0).unwrap();
    made_of.rewind().unwrap();
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir(&folder).unwrap();
    make(&folder);
    // Last: what is left half made says nothing of what it was made of.
    made_of.write_all(state.as_bytes()).unwrap();
    folder
}

/// Names, lengths and times of everything at `path`, in an order that does not depend on the file system.
fn describe(path: &Path, text: &mut String) {
    let metadata = fs::metadata(path).unwrap();
    if metadata.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for entry in &entries {
            describe(entry, text);
        }
    } else {
        let changed = metadata.modified().unwrap();
        let age = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        writeln!(text, "{} {} {}", path.display(), metadata.len(), age.as_nanos()).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write as _;
    use std::panic::catch_unwind;
    use std::path::Path;

    use super::{describe, folder_in};

    fn content(folder: &Path) -> String {
        fs::read_to_string(folder.join("made")).unwrap()
    }

    fn make(text: &str) -> impl FnOnce(&Path) {
        move |folder| {
            let mut file = File::create(folder.join("made")).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }
    }

    #[test]
    fn a_folder_is_made_once_and_again_when_its_sources_change() {
        let place = tempfile::tempdir().unwrap();
        let ask = |state: &str, text: &str| content(&folder_in(place.path(), "sample", state, make(text)));
        assert_eq!(ask("one", "first"), "first");
        assert_eq!(ask("one", "second"), "first");
        assert_eq!(ask("another", "third"), "third");
    }

    #[test]
    fn what_was_left_half_made_is_made_anew() {
        let place = tempfile::tempdir().unwrap();
        let broken = catch_unwind(|| {
            folder_in(place.path(), "sample", "one", |folder| {
                make("half")(folder);
                panic!("cannot go on");
            })
        });
        assert!(broken.is_err());
        let whole = folder_in(place.path(), "sample", "one", make("whole"));
        assert_eq!(content(&whole), "whole");
    }

    #[test]
    fn a_file_that_changes_inside_a_folder_changes_its_description() {
        let source = tempfile::tempdir().unwrap();
        let describe = || {
            let mut text = String::new();
            describe(source.path(), &mut text);
            text
        };
        make("short")(source.path());
        let before = describe();
        make("much longer")(source.path());
        assert_ne!(describe(), before);
    }
}
