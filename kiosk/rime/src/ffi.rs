//! The part of `rime_api.h` (librime 1.8) that input needs, declared by hand.
//!
//! librime versions its structs by `data_size`: the size of the struct without that first field. The table
//! of functions only ever grows at its end, so a prefix of it may be declared; [`load`] compares the sizes
//! before anything behind it is read.

use std::ffi::{c_char, c_int, c_void};

use crate::Error;

/// A session; 0 is none.
pub(crate) type SessionId = usize;
/// C's `Bool`: 0 is false.
pub(crate) type Bool = c_int;

/// `RimeTraits`. Strings that are null are not set.
#[repr(C)]
pub(crate) struct Traits {
    pub(crate) data_size: c_int,
    pub(crate) shared_data_dir: *const c_char,
    pub(crate) user_data_dir: *const c_char,
    pub(crate) distribution_name: *const c_char,
    pub(crate) distribution_code_name: *const c_char,
    pub(crate) distribution_version: *const c_char,
    pub(crate) app_name: *const c_char,
    pub(crate) modules: *const *const c_char,
    pub(crate) min_log_level: c_int,
    pub(crate) log_dir: *const c_char,
    pub(crate) prebuilt_data_dir: *const c_char,
    pub(crate) staging_dir: *const c_char,
}

/// `RimeCommit`.
#[repr(C)]
pub(crate) struct Commit {
    pub(crate) data_size: c_int,
    pub(crate) text: *mut c_char,
}

/// `RimeContext`.
#[repr(C)]
pub(crate) struct Context {
    pub(crate) data_size: c_int,
    pub(crate) composition: Composition,
    pub(crate) menu: Menu,
    pub(crate) commit_text_preview: *mut c_char,
    pub(crate) select_labels: *mut *mut c_char,
}

/// `RimeComposition`.
#[repr(C)]
pub(crate) struct Composition {
    pub(crate) length: c_int,
    pub(crate) cursor_pos: c_int,
    pub(crate) sel_start: c_int,
    pub(crate) sel_end: c_int,
    pub(crate) preedit: *mut c_char,
}

/// `RimeMenu`.
#[repr(C)]
pub(crate) struct Menu {
    pub(crate) page_size: c_int,
    pub(crate) page_no: c_int,
    pub(crate) is_last_page: Bool,
    pub(crate) highlighted_candidate_index: c_int,
    pub(crate) num_candidates: c_int,
    pub(crate) candidates: *mut Candidate,
    pub(crate) select_keys: *mut c_char,
}

/// `RimeCandidateListIterator`.
#[repr(C)]
pub(crate) struct CandidateList {
    pub(crate) list: *mut c_void,
    pub(crate) index: c_int,
    pub(crate) candidate: Candidate,
}

/// `RimeCandidate`.
#[repr(C)]
pub(crate) struct Candidate {
    pub(crate) text: *mut c_char,
    pub(crate) comment: *mut c_char,
    pub(crate) reserved: *mut c_void,
}

/// The size that librime expects in the first field of `T`.
pub(crate) const fn data_size<T>() -> c_int {
    (size_of::<T>() - size_of::<c_int>()) as c_int
}

/// A function of the table that is not called from here.
type Unused = *const c_void;

/// The beginning of `RimeApi`.
#[repr(C)]
struct Api {
    data_size: c_int,
    setup: Option<unsafe extern "C" fn(*mut Traits)>,
    set_notification_handler: Unused,
    initialize: Option<unsafe extern "C" fn(*mut Traits)>,
    finalize: Option<unsafe extern "C" fn()>,
    /// start_maintenance, is_maintenance_mode, join_maintenance_thread
    maintenance: [Unused; 3],
    deployer_initialize: Option<unsafe extern "C" fn(*mut Traits)>,
    prebuild: Unused,
    deploy: Option<unsafe extern "C" fn() -> Bool>,
    /// deploy_schema, deploy_config_file, sync_user_data
    deployment: [Unused; 3],
    create_session: Option<unsafe extern "C" fn() -> SessionId>,
    find_session: Unused,
    destroy_session: Option<unsafe extern "C" fn(SessionId) -> Bool>,
    /// cleanup_stale_sessions, cleanup_all_sessions
    cleanup: [Unused; 2],
    process_key: Option<unsafe extern "C" fn(SessionId, c_int, c_int) -> Bool>,
    commit_composition: Unused,
    clear_composition: Option<unsafe extern "C" fn(SessionId)>,
    get_commit: Option<unsafe extern "C" fn(SessionId, *mut Commit) -> Bool>,
    free_commit: Option<unsafe extern "C" fn(*mut Commit) -> Bool>,
    get_context: Option<unsafe extern "C" fn(SessionId, *mut Context) -> Bool>,
    free_context: Option<unsafe extern "C" fn(*mut Context) -> Bool>,
    /// get_status, free_status
    status: [Unused; 2],
    /// set_option, get_option, set_property, get_property
    options: [Unused; 4],
    /// get_schema_list, free_schema_list, get_current_schema, select_schema
    schemas: [Unused; 4],
    /// schema_open, config_open, config_close, config_get_{bool,int,double,string,cstring},
    /// config_update_signature, config_begin_map, config_next, config_end
    config: [Unused; 12],
    simulate_key_sequence: Unused,
    /// register_module, find_module, run_task
    modules: [Unused; 3],
    /// get_{shared_data,user_data,sync}_dir, get_user_id, get_user_data_sync_dir
    folders: [Unused; 5],
    /// config_init, config_load_string, config_set_{bool,int,double,string},
    /// config_{get_item,set_item,clear,create_list,create_map,list_size,begin_list}
    config_writing: [Unused; 13],
    get_input: Option<unsafe extern "C" fn(SessionId) -> *const c_char>,
    get_caret_pos: Unused,
    select_candidate: Option<unsafe extern "C" fn(SessionId, usize) -> Bool>,
    get_version: Unused,
    set_caret_pos: Unused,
    select_candidate_on_current_page: Unused,
    candidate_list_begin: Option<unsafe extern "C" fn(SessionId, *mut CandidateList) -> Bool>,
    candidate_list_next: Option<unsafe extern "C" fn(*mut CandidateList) -> Bool>,
    candidate_list_end: Option<unsafe extern "C" fn(*mut CandidateList)>,
}

unsafe extern "C" {
    /// The table of functions: static memory of the library.
    fn rime_get_api() -> *const Api;
}

/// The functions that this crate calls, all present.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    pub(crate) setup: unsafe extern "C" fn(*mut Traits),
    pub(crate) initialize: unsafe extern "C" fn(*mut Traits),
    pub(crate) finalize: unsafe extern "C" fn(),
    pub(crate) deployer_initialize: unsafe extern "C" fn(*mut Traits),
    pub(crate) deploy: unsafe extern "C" fn() -> Bool,
    pub(crate) create_session: unsafe extern "C" fn() -> SessionId,
    pub(crate) destroy_session: unsafe extern "C" fn(SessionId) -> Bool,
    pub(crate) process_key: unsafe extern "C" fn(SessionId, c_int, c_int) -> Bool,
    pub(crate) clear_composition: unsafe extern "C" fn(SessionId),
    pub(crate) get_commit: unsafe extern "C" fn(SessionId, *mut Commit) -> Bool,
    pub(crate) free_commit: unsafe extern "C" fn(*mut Commit) -> Bool,
    pub(crate) get_context: unsafe extern "C" fn(SessionId, *mut Context) -> Bool,
    pub(crate) free_context: unsafe extern "C" fn(*mut Context) -> Bool,
    pub(crate) get_input: unsafe extern "C" fn(SessionId) -> *const c_char,
    pub(crate) select_candidate: unsafe extern "C" fn(SessionId, usize) -> Bool,
    pub(crate) candidate_list_begin: unsafe extern "C" fn(SessionId, *mut CandidateList) -> Bool,
    pub(crate) candidate_list_next: unsafe extern "C" fn(*mut CandidateList) -> Bool,
    pub(crate) candidate_list_end: unsafe extern "C" fn(*mut CandidateList),
}

/// The library's functions, or [`Error::TooOld`].
pub(crate) fn load() -> Result<Functions, Error> {
    // SAFETY: takes nothing, returns static memory.
    let api = unsafe { rime_get_api() };
    // SAFETY: `data_size` is the first field in every version, and the pointer is aligned and never freed.
    let size = unsafe { (*api).data_size };
    if size < data_size::<Api>() {
        return Err(Error::TooOld);
    }
    // SAFETY: the library's table is at least as long as the declared prefix, and never changes.
    let api = unsafe { &*api };
    functions(api).ok_or(Error::TooOld)
}

fn functions(api: &Api) -> Option<Functions> {
    Some(Functions {
        setup: api.setup?,
        initialize: api.initialize?,
        finalize: api.finalize?,
        deployer_initialize: api.deployer_initialize?,
        deploy: api.deploy?,
        create_session: api.create_session?,
        destroy_session: api.destroy_session?,
        process_key: api.process_key?,
        clear_composition: api.clear_composition?,
        get_commit: api.get_commit?,
        free_commit: api.free_commit?,
        get_context: api.get_context?,
        free_context: api.free_context?,
        get_input: api.get_input?,
        select_candidate: api.select_candidate?,
        candidate_list_begin: api.candidate_list_begin?,
        candidate_list_next: api.candidate_list_next?,
        candidate_list_end: api.candidate_list_end?,
    })
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use std::mem::offset_of;

    use super::{Api, CandidateList, Commit, Context, Traits};

    /// The offsets that a C compiler gives for rime_api.h of librime 1.8.5.
    #[test]
    fn the_declared_layout_is_that_of_the_header() {
        let offsets = [
            (offset_of!(Api, setup), 8),
            (offset_of!(Api, initialize), 24),
            (offset_of!(Api, finalize), 32),
            (offset_of!(Api, deployer_initialize), 64),
            (offset_of!(Api, deploy), 80),
            (offset_of!(Api, create_session), 112),
            (offset_of!(Api, destroy_session), 128),
            (offset_of!(Api, process_key), 152),
            (offset_of!(Api, clear_composition), 168),
            (offset_of!(Api, get_commit), 176),
            (offset_of!(Api, free_commit), 184),
            (offset_of!(Api, get_context), 192),
            (offset_of!(Api, free_context), 200),
            (offset_of!(Api, get_input), 560),
            (offset_of!(Api, select_candidate), 576),
            (offset_of!(Api, candidate_list_begin), 608),
            (offset_of!(Api, candidate_list_next), 616),
            (offset_of!(Api, candidate_list_end), 624),
        ];
        for (index, (declared, header)) in offsets.into_iter().enumerate() {
            assert_eq!(declared, header, "function {index} of the list");
        }
        let sizes = [
            size_of::<Traits>(),
            size_of::<Context>(),
            size_of::<Commit>(),
            size_of::<CandidateList>(),
        ];
        assert_eq!(sizes, [96, 88, 16, 40]);
    }
}
