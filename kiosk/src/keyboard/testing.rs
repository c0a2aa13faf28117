//! Input data for tests.

use std::sync::OnceLock;

use rime::{Engine, SHARED_DATA, Session, Word};

/// A session on data that is prepared once a process.
pub(crate) fn session() -> Session {
    static ENGINE: OnceLock<(tempfile::TempDir, Engine)> = OnceLock::new();
    let (_, engine) = ENGINE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let input = folder.path().join("input");
        rime::prepare(SHARED_DATA.as_ref(), &input, &[Word::new("社保卡", 50_000)]).expect("input data");
        let engine = Engine::start(&input).expect("an engine");
        (folder, engine)
    });
    engine.session().expect("a session")
}
