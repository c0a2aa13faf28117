//! Compiling the dictionary ahead of time.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::Error;
use crate::library::Library;
use crate::words::{Word, dictionary};

/// Where Debian's `rime-data-pinyin-simp` puts the pinyin table.
pub const SHARED_DATA: &str = "/usr/share/rime-data";

/// What `folder` gets from the packaged data.
const PACKAGED: [&str; 2] = ["pinyin_simp.schema.yaml", "pinyin_simp.dict.yaml"];
/// What librime reads at run time, below `build/`.
const COMPILED: [&str; 5] = [
    "default.yaml",
    "mingchuang.schema.yaml",
    "mingchuang.prism.bin",
    "mingchuang.table.bin",
    "mingchuang.reverse.bin",
];

/// Compiles the pinyin table of `shared` and the terminal's own `words` into `folder`, replacing it.
///
/// Takes about a second. The folder appears whole or not at all, needs nothing from `shared` afterwards, and
/// may be read-only from then on. Call it in a process that serves no input.
pub fn prepare(shared: &Path, folder: &Path, words: &[Word]) -> Result<(), Error> {
    for name in PACKAGED {
        let file = shared.join(name);
        if !file.is_file() {
            return Err(Error::NoPinyinData(file));
        }
    }
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(Error::io(parent))?;
    let work = tempfile::Builder::new()
        .prefix(".input-")
        .tempdir_in(parent)
        .map_err(Error::io(parent))?;

    let sources = work.path().join("sources");
    fs::create_dir(&sources).map_err(Error::io(&sources))?;
    write(
        &sources.join("default.yaml"),
        include_str!("../data/default.yaml"),
    )?;
    write(
        &sources.join("mingchuang.schema.yaml"),
        include_str!("../data/mingchuang.schema.yaml"),
    )?;
    write(&sources.join("mingchuang.dict.yaml"), &dictionary(words))?;
    Library::lock().deploy(shared, &sources)?;

    let finished = work.path().join("finished/build");
    fs::create_dir_all(&finished).map_err(Error::io(&finished))?;
    for name in COMPILED {
        let compiled = sources.join("build").join(name);
        fs::rename(&compiled, finished.join(name)).map_err(|_| Error::Compile(folder.into()))?;
    }
    replace(&work.path().join("finished"), folder, &work.path().join("old"))
}

/// Puts `new` in the place of `folder`, which goes to `old`.
fn replace(new: &Path, folder: &Path, old: &Path) -> Result<(), Error> {
    if folder.exists() {
        fs::rename(folder, old).map_err(Error::io(folder))?;
    }
    fs::rename(new, folder).map_err(Error::io(folder))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let mut file = fs::File::create_new(path).map_err(Error::io(path))?;
    file.write_all(text.as_bytes()).map_err(Error::io(path))
}
