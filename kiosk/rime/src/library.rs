//! librime in this process: it has one global state, so one lock guards every call.

use std::ffi::{CStr, CString, c_char, c_int};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::Error;
use crate::ffi::{self, Functions, SessionId};
use crate::session::Candidate;

/// The lock around librime and what is known about its state.
static LIBRARY: Mutex<Stage> = Mutex::new(Stage::Idle);

/// What librime was asked to be.
enum Stage {
    /// Not running.
    Idle,
    /// Serving sessions from this folder, until the process ends.
    Serving(PathBuf, Functions),
}

/// Exclusive use of librime.
pub(crate) struct Library {
    stage: MutexGuard<'static, Stage>,
}

impl Library {
    /// Waits for the lock. Every call leaves librime consistent, so a panic elsewhere does not matter.
    pub(crate) fn lock() -> Self {
        Self {
            stage: LIBRARY.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Compiles the schemas of `folder` into `folder/build`.
    pub(crate) fn deploy(&mut self, shared: &Path, folder: &Path) -> Result<(), Error> {
        if let Stage::Serving(running, _) = &*self.stage {
            return Err(Error::AlreadyStarted(running.clone()));
        }
        let functions = functions()?;
        let paths = Paths::new(shared, folder)?;
        let mut traits = paths.traits();
        // SAFETY: `traits` and the strings it points to outlive the call, which copies them.
        unsafe { (functions.deployer_initialize)(&raw mut traits) };
        // SAFETY: the deployer was initialised above and runs in this thread.
        let done = unsafe { (functions.deploy)() };
        // SAFETY: no session exists; the modules are unloaded and may be loaded again for another folder.
        unsafe { (functions.finalize)() };
        if done == 0 {
            Err(Error::Compile(folder.into()))
        } else {
            Ok(())
        }
    }

    /// Serves sessions from a prepared folder from now on.
    pub(crate) fn serve(&mut self, folder: &Path) -> Result<(), Error> {
        if let Stage::Serving(running, _) = &*self.stage {
            let same = running == folder;
            return if same {
                Ok(())
            } else {
                Err(Error::AlreadyStarted(running.clone()))
            };
        }
        let functions = functions()?;
        let paths = Paths::new(folder, folder)?;
        let mut traits = paths.traits();
        // SAFETY: `traits` and the strings it points to outlive the call, which copies them.
        unsafe { (functions.initialize)(&raw mut traits) };
        *self.stage = Stage::Serving(folder.into(), functions);
        Ok(())
    }

    /// Opens a session with the only schema of the folder.
    pub(crate) fn create_session(&self) -> Option<SessionId> {
        let functions = self.serving()?;
        // SAFETY: librime is initialised while the stage is `Serving`.
        let id = unsafe { (functions.create_session)() };
        (id != 0).then_some(id)
    }

    /// Closes a session; an unknown id is ignored by librime.
    pub(crate) fn destroy_session(&self, id: SessionId) {
        if let Some(functions) = self.serving() {
            // SAFETY: librime is initialised, and looks the id up before use.
            unsafe { (functions.destroy_session)(id) };
        }
    }

    /// Sends a key by its X11 key symbol; false if the session did not want it.
    pub(crate) fn process_key(&self, id: SessionId, keysym: c_int) -> bool {
        self.serving().is_some_and(|functions| {
            // SAFETY: librime is initialised, looks the id up, and takes any key symbol.
            unsafe { (functions.process_key)(id, keysym, 0) != 0 }
        })
    }

    /// Takes the candidate at this place of the list.
    pub(crate) fn select(&self, id: SessionId, index: usize) -> bool {
        self.serving().is_some_and(|functions| {
            // SAFETY: librime is initialised, looks the id up, and checks the index.
            unsafe { (functions.select_candidate)(id, index) != 0 }
        })
    }

    /// Forgets what is being composed.
    pub(crate) fn clear(&self, id: SessionId) {
        if let Some(functions) = self.serving() {
            // SAFETY: librime is initialised, and looks the id up.
            unsafe { (functions.clear_composition)(id) };
        }
    }

    /// The letters typed and not yet committed.
    pub(crate) fn input(&self, id: SessionId) -> String {
        let Some(functions) = self.serving() else {
            return String::new();
        };
        // SAFETY: librime is initialised, and looks the id up; null for an unknown one.
        let text = unsafe { (functions.get_input)(id) };
        // SAFETY: a string of the session, valid until the session changes, which the lock prevents.
        unsafe { owned(text) }
    }

    /// The text committed since the last call, if any.
    pub(crate) fn take_commit(&self, id: SessionId) -> Option<String> {
        let functions = self.serving()?;
        let mut commit = ffi::Commit {
            data_size: ffi::data_size::<ffi::Commit>(),
            text: std::ptr::null_mut(),
        };
        // SAFETY: `commit` is a struct of the declared size; librime fills it when true is returned.
        if unsafe { (functions.get_commit)(id, &raw mut commit) } == 0 {
            return None;
        }
        // SAFETY: filled by librime, freed only below.
        let text = unsafe { owned(commit.text) };
        // SAFETY: filled by `get_commit`, freed once.
        unsafe { (functions.free_commit)(&raw mut commit) };
        Some(text)
    }

    /// What is being composed, split into syllables.
    pub(crate) fn preedit(&self, id: SessionId) -> String {
        let Some(functions) = self.serving() else {
            return String::new();
        };
        let mut context = empty_context();
        // SAFETY: `context` is a struct of the declared size; librime fills it when true is returned.
        if unsafe { (functions.get_context)(id, &raw mut context) } == 0 {
            return String::new();
        }
        // SAFETY: filled by librime, freed only below.
        let preedit = unsafe { owned(context.composition.preedit) };
        // SAFETY: filled by `get_context`, freed once.
        unsafe { (functions.free_context)(&raw mut context) };
        preedit
    }

    /// The candidates, the best first, `most` at most.
    pub(crate) fn candidates(&self, id: SessionId, most: usize) -> Vec<Candidate> {
        let Some(functions) = self.serving() else {
            return Vec::new();
        };
        let mut list = ffi::CandidateList {
            list: std::ptr::null_mut(),
            index: 0,
            candidate: ffi::Candidate {
                text: std::ptr::null_mut(),
                comment: std::ptr::null_mut(),
                reserved: std::ptr::null_mut(),
            },
        };
        // SAFETY: `list` is a zeroed iterator; librime fills it when true is returned.
        if unsafe { (functions.candidate_list_begin)(id, &raw mut list) } == 0 {
            return Vec::new();
        }
        let mut found = Vec::new();
        // SAFETY: `list` was begun, and the lock keeps the session as it is until it is ended.
        while found.len() < most && unsafe { (functions.candidate_list_next)(&raw mut list) } != 0 {
            found.push(Candidate {
                // SAFETY: filled by the last step, replaced only by the next.
                text: unsafe { owned(list.candidate.text) },
                // SAFETY: as above; null without a comment.
                comment: unsafe { owned(list.candidate.comment) },
            });
        }
        // SAFETY: begun above, ended once.
        unsafe { (functions.candidate_list_end)(&raw mut list) };
        found
    }

    fn serving(&self) -> Option<Functions> {
        match &*self.stage {
            Stage::Serving(_, functions) => Some(*functions),
            Stage::Idle => None,
        }
    }
}

/// The functions, with the log set up: no files.
fn functions() -> Result<Functions, Error> {
    static LOGGING: OnceLock<()> = OnceLock::new();
    let functions = ffi::load()?;
    LOGGING.get_or_init(|| {
        let mut traits = ffi::Traits {
            app_name: c"rime.mingchuang".as_ptr(),
            ..empty_traits()
        };
        // SAFETY: the strings are static; called once a process, as the log library demands.
        unsafe { (functions.setup)(&raw mut traits) };
    });
    Ok(functions)
}

/// The folders as C strings.
struct Paths {
    shared: CString,
    user: CString,
    build: CString,
}

impl Paths {
    fn new(shared: &Path, user: &Path) -> Result<Self, Error> {
        Ok(Self {
            shared: c_path(shared)?,
            user: c_path(user)?,
            build: c_path(&user.join("build"))?,
        })
    }

    /// Traits that borrow from `self` by pointer.
    fn traits(&self) -> ffi::Traits {
        ffi::Traits {
            shared_data_dir: self.shared.as_ptr(),
            user_data_dir: self.user.as_ptr(),
            distribution_name: c"Mingchuang".as_ptr(),
            distribution_code_name: c"mingchuang".as_ptr(),
            distribution_version: c"1".as_ptr(),
            prebuilt_data_dir: self.build.as_ptr(),
            staging_dir: self.build.as_ptr(),
            ..empty_traits()
        }
    }
}

fn c_path(path: &Path) -> Result<CString, Error> {
    CString::new(path.as_os_str().as_encoded_bytes()).map_err(|_| Error::Path(path.into()))
}

fn empty_traits() -> ffi::Traits {
    /// Some versions write files below the folder for temporary files when they have anything to say, whatever
    /// `log_dir` is: they are to say nothing. What failed, the functions return.
    const FATAL: c_int = 3;
    let unset: *const c_char = std::ptr::null();
    ffi::Traits {
        data_size: ffi::data_size::<ffi::Traits>(),
        shared_data_dir: unset,
        user_data_dir: unset,
        distribution_name: unset,
        distribution_code_name: unset,
        distribution_version: unset,
        app_name: unset,
        modules: std::ptr::null(),
        min_log_level: FATAL,
        log_dir: c"".as_ptr(),
        prebuilt_data_dir: unset,
        staging_dir: unset,
    }
}

fn empty_context() -> ffi::Context {
    let unset: *mut c_char = std::ptr::null_mut();
    ffi::Context {
        data_size: ffi::data_size::<ffi::Context>(),
        composition: ffi::Composition {
            length: 0,
            cursor_pos: 0,
            sel_start: 0,
            sel_end: 0,
            preedit: unset,
        },
        menu: ffi::Menu {
            page_size: 0,
            page_no: 0,
            is_last_page: 0,
            highlighted_candidate_index: 0,
            num_candidates: 0,
            candidates: std::ptr::null_mut(),
            select_keys: unset,
        },
        commit_text_preview: unset,
        select_labels: std::ptr::null_mut(),
    }
}

/// Copies a C string; null is empty.
///
/// # Safety
/// `text` is null or a NUL-terminated string that nobody changes during the call.
unsafe fn owned(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, and the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}
