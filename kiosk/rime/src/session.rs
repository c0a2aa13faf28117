//! One visit's composing.

use std::path::Path;

use crate::Error;
use crate::ffi::SessionId;
use crate::library::Library;

/// Chinese input, running. A handle on the process's one librime: cheap, and safe to use from any thread.
#[derive(Debug, Clone)]
pub struct Engine {
    _started: (),
}

impl Engine {
    /// Opens a folder made by [`prepare`](crate::prepare()). Nothing is written there, now or later.
    pub fn start(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        if !folder.join("build/mingchuang.table.bin").is_file() {
            return Err(Error::NotPrepared(folder.into()));
        }
        Library::lock().serve(folder)?;
        Ok(Self { _started: () })
    }

    /// Opens a session. Give every visit its own.
    pub fn session(&self) -> Result<Session, Error> {
        let id = Library::lock().create_session().ok_or(Error::NoSession)?;
        Ok(Session { id })
    }
}

/// Letters being turned into Chinese. Dropping it forgets everything typed.
#[derive(Debug)]
pub struct Session {
    id: SessionId,
}

/// What to draw after a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The letters not yet turned into Chinese, as typed: `shehuibaozhang`.
    pub input: String,
    /// What is being composed, split into syllables: `she'hui'bao'zhang`. Parts already chosen are Chinese.
    pub preedit: String,
    /// What the letters may mean, the best first; 64 at most.
    pub candidates: Vec<Candidate>,
    /// Text that is finished since the last state, to be put into the field.
    pub committed: Option<String>,
}

/// How many candidates a [`State`] holds: several pages of a bar; a resident who sees more types on instead.
const CANDIDATES: usize = 64;

/// One suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What would be written.
    pub text: String,
    /// A hint of the schema; usually empty.
    pub comment: String,
}

/// The X11 key symbol of the backspace key.
const BACKSPACE: i32 = 0xff08;

impl Session {
    /// Types a letter or the syllable mark `'`. Other characters are no pinyin: false, and nothing changes.
    pub fn type_key(&mut self, key: char) -> bool {
        let key = key.to_ascii_lowercase();
        let composing = || !Library::lock().input(self.id).is_empty();
        let wanted = key.is_ascii_lowercase() || (key == '\'' && composing());
        wanted && Library::lock().process_key(self.id, key as i32)
    }

    /// Takes back a letter, or the last choice. False if nothing is being composed.
    pub fn backspace(&mut self) -> bool {
        Library::lock().process_key(self.id, BACKSPACE)
    }

    /// Takes the candidate at this place of the list. False if there is none.
    pub fn select(&mut self, index: usize) -> bool {
        Library::lock().select(self.id, index)
    }

    /// Forgets what is being composed.
    pub fn clear(&mut self) {
        Library::lock().clear(self.id);
    }

    /// What to draw now. Takes the committed text: the next state no longer holds it.
    pub fn state(&mut self) -> State {
        let library = Library::lock();
        State {
            input: library.input(self.id),
            preedit: library.preedit(self.id),
            candidates: library.candidates(self.id, CANDIDATES),
            committed: library.take_commit(self.id).filter(|text| !text.is_empty()),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        Library::lock().destroy_session(self.id);
    }
}
