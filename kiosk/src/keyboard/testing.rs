//! Input data for tests.

use std::path::Path;
use std::sync::OnceLock;

use rime::{Engine, SHARED_DATA, Session, Word};

/// A session on prepared data.
pub(crate) fn session() -> Session {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let shared = Path::new(SHARED_DATA);
        let folder = prepared::folder("keyboard", &[shared], |folder| {
            let words = [Word::new("社保卡", 50_000)];
            rime::prepare(shared, &folder.join("input"), &words).expect("input data");
        });
        Engine::start(folder.join("input")).expect("an engine")
    });
    engine.session().expect("a session")
}
