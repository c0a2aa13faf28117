//! Typing pinyin on prepared data.

use std::path::{Path, PathBuf};

use rime::{Engine, SHARED_DATA, Session, Word, prepare};

/// Prepared data, one folder for the process: librime has one global state.
fn input() -> PathBuf {
    let shared = Path::new(SHARED_DATA);
    let folder = prepared::folder("pinyin", &[shared], |folder| {
        let words = [
            Word::new("社保卡", 50_000),
            Word::new("居住证申领", 30_000),
            Word::new("公积金", 50_000),
        ];
        prepare(shared, &folder.join("input"), &words).expect("compiled input data");
    });
    folder.join("input")
}

fn session() -> Session {
    Engine::start(input())
        .expect("an engine")
        .session()
        .expect("a session")
}

fn typed(letters: &str) -> Session {
    let mut session = session();
    for letter in letters.chars() {
        assert!(session.type_key(letter), "{letter} of {letters}");
    }
    session
}

fn candidates(session: &mut Session) -> Vec<String> {
    session
        .state()
        .candidates
        .into_iter()
        .map(|candidate| candidate.text)
        .collect()
}

#[test]
fn full_pinyin_gives_the_word_first() {
    for (letters, word) in [
        ("shehuibaozhang", "社会保障"),
        ("gongjijin", "公积金"),
        ("juzhuzhengshenling", "居住证申领"),
        ("xian", "先"),
        ("lvse", "绿色"),
        ("nihao", "你好"),
    ] {
        let all = candidates(&mut typed(letters));
        assert_eq!(all.first().map(String::as_str), Some(word), "{letters}: {all:?}");
    }
}

#[test]
fn initials_give_the_published_word_first() {
    for (letters, word) in [("sbk", "社保卡"), ("gjj", "公积金"), ("jzzsl", "居住证申领")] {
        let all = candidates(&mut typed(letters));
        assert_eq!(all.first().map(String::as_str), Some(word), "{letters}: {all:?}");
    }
}

#[test]
fn the_preedit_shows_the_syllables_and_the_mark_separates_them() {
    assert_eq!(typed("shehuibao").state().preedit, "she'hui'bao");
    assert_eq!(typed("flyz").state().preedit, "f'l'y'z");
    let all = candidates(&mut typed("xi'an"));
    assert!(all[0] == "西安", "{all:?}");
}

#[test]
fn choosing_the_whole_commits_and_choosing_a_part_goes_on() {
    let mut session = typed("gongjijin");
    assert!(session.select(0));
    let state = session.state();
    assert_eq!(state.committed.as_deref(), Some("公积金"));
    assert_eq!((state.preedit.as_str(), state.candidates.len()), ("", 0));
    assert_eq!(
        session.state().committed,
        None,
        "committed text is handed out once"
    );

    let mut session = typed("shehuibaozhang");
    let part = candidates(&mut session)
        .iter()
        .position(|text| text == "社会")
        .expect("the first two syllables");
    assert!(session.select(part));
    let state = session.state();
    assert_eq!(state.committed, None);
    assert_eq!(state.preedit, "社会bao'zhang");
    assert!(session.select(0));
    assert_eq!(session.state().committed.as_deref(), Some("社会保障"));
}

#[test]
fn backspace_takes_letters_back_until_nothing_is_left() {
    let mut session = typed("sbk");
    assert!(session.backspace());
    assert_eq!(session.state().input, "sb");
    assert!(session.backspace());
    assert!(session.backspace());
    assert!(!session.backspace(), "nothing is being composed");
    assert_eq!(session.state(), rime::State::default());
}

#[test]
fn candidates_reach_beyond_the_first_page() {
    let mut session = typed("shi");
    let state = session.state();
    assert_eq!(state.candidates.len(), 64);
    assert!(session.select(40));
    assert_eq!(session.state().committed, Some(state.candidates[40].text.clone()));
}

#[test]
fn clear_forgets_what_is_being_composed() {
    let mut session = typed("shehui");
    session.clear();
    assert_eq!(session.state().preedit, "");
    assert!(session.type_key('w'));
    assert_eq!(session.state().input, "w");
}

#[test]
fn sessions_do_not_see_each_other() {
    let (mut one, mut two) = (typed("she"), typed("gong"));
    assert_eq!(
        (one.state().input.as_str(), two.state().input.as_str()),
        ("she", "gong")
    );
    drop(two);
    assert_eq!(one.state().input, "she");
}

#[test]
fn garbage_is_refused_or_composed_but_never_harms() {
    let mut session = session();
    for key in ['1', '!', ' ', '\n', '\0', '社', '\u{10ffff}', '\''] {
        assert!(!session.type_key(key), "{key:?} is no pinyin");
    }
    for key in "vvvvvvv''''iiiuuuqqqqzzzzzxxxx".chars().cycle().take(600) {
        session.type_key(key);
        session.state();
    }
    for index in [0, 7, 8, 1000, usize::MAX] {
        session.select(index);
    }
    session.clear();
    for letter in "nihao".chars() {
        session.type_key(letter);
    }
    assert_eq!(candidates(&mut session)[0], "你好");
}

#[test]
fn typing_leaves_the_folder_as_it_was() {
    let before = listing(&input());
    for _ in 0..3 {
        for letters in ["shehuibaozhang", "sbk", "zanzhuren"] {
            let mut session = typed(letters);
            while session.select(0) && !session.state().preedit.is_empty() {}
        }
    }
    assert_eq!(listing(&input()), before);
    let all = candidates(&mut typed("zanzhuren"));
    assert_eq!(
        all,
        candidates(&mut typed("zanzhuren")),
        "choices do not change the order"
    );
}

#[test]
fn a_folder_that_was_not_prepared_is_refused() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(
        Engine::start(empty.path()),
        Err(rime::Error::NotPrepared(_))
    ));
    let missing = prepare(empty.path(), &empty.path().join("input"), &[]);
    assert!(matches!(missing, Err(rime::Error::NoPinyinData(_))));
}

/// All files below a folder with their sizes and times.
fn listing(folder: &Path) -> Vec<(PathBuf, u64, std::time::SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let entry = entry.expect("an entry");
            let data = entry.metadata().expect("metadata");
            found.push((entry.path(), data.len(), data.modified().expect("a time")));
            if data.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    found.sort();
    found
}
