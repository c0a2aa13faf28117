//! A kiosk over the whole sample, with its search index and its input data, and a resident in front of it.
#![allow(dead_code, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::FixedClock;
use catalog::search::{Index, Query};
use catalog::store::{FILE_NAME, Meta, Row, SCHEMA, Store, build, finish};
use kiosk::Setup;
use kiosk::navigation::Place;
use kiosk::testing::{Pace, Visitor};
use terminal_api::config::{Orientation, PlaceName};
use terminal_api::interface::Language;

/// The state folder.
pub(crate) fn state() -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    prepared::folder("state", &[&sample, Path::new(rime::SHARED_DATA)], |state| {
        fill(state, &sample);
    })
}

/// Makes a state folder of a content set.
fn fill(state: &Path, sample: &Path) {
    let loaded = catalog::source::load(sample).unwrap();
    let generation = state.join("gen-1");
    std::fs::create_dir(&generation).unwrap();
    let meta = Meta {
        generation: 1,
        schema: SCHEMA,
        published_at: "2026-11-22T00:00:00Z".parse().unwrap(),
        public_url: None,
    };
    let path = generation.join(FILE_NAME);
    build(&path, &meta, &Row::in_order(&loaded.records)).unwrap();
    finish(&path).unwrap();
    Index::build(&generation, &Store::open(&generation).unwrap()).unwrap();
    catalog::atomic::relink(&state.join("current"), Path::new("gen-1")).unwrap();
    kiosk::keyboard::words::prepare(&state.join("input"), Some(state)).unwrap();
}

/// A word with a mistake in it, and the name that the search takes it for.
pub(crate) fn mistake() -> (&'static str, String) {
    let index = Index::open(&state().join("current")).unwrap();
    ["居住正", "社会保现", "身份正", "公积今"]
        .into_iter()
        .find_map(|typed| Some((typed, index.search(&Query::new(typed)).suggestion?)))
        .expect("some mistakes are recognised")
}

/// A word of the Chinese screen.
pub(crate) fn zh(key: &str) -> String {
    match key {
        "search-field-label" => kiosk::words::Words::new(Language::Zh).get("home-placeholder"),
        key => kiosk::words::Words::new(Language::Zh).get(key),
    }
}

/// A resident after the first touch.
pub(crate) struct Visit {
    visitor: Visitor,
}

impl std::ops::Deref for Visit {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl Visit {
    /// In Chinese, in front of a portrait panel.
    pub(crate) fn begin() -> Self {
        Self::in_language(Language::Zh)
    }

    /// In front of a portrait panel.
    pub(crate) fn in_language(language: Language) -> Self {
        let visitor =
            Visitor::arrive(setup(language, Orientation::Portrait), clock(), Pace::Simulated).unwrap();
        Self::start(visitor, language)
    }

    /// Again on the same thread.
    pub(crate) fn again(language: Language, orientation: Orientation) -> Self {
        let visitor = Visitor::stand_before(setup(language, orientation), clock(), Pace::Simulated).unwrap();
        Self::start(visitor, language)
    }

    fn start(visitor: Visitor, language: Language) -> Self {
        visitor.press(&kiosk::words::Words::new(language).get("attract-start"));
        Self { visitor }
    }

    /// Presses letters of the on-screen keyboard.
    pub(crate) fn type_keys(&self, keys: &str) {
        for key in keys.chars() {
            self.press(&key.to_string());
        }
    }

    /// Types on the search page and searches.
    pub(crate) fn find(&self, text: &str) {
        self.app().home();
        self.wait(Duration::from_millis(50));
        self.app().open(Place::Search);
        self.key(slint::platform::Key::Escape);
        for character in text.chars() {
            self.key(character.to_string());
        }
        self.key(slint::platform::Key::Return);
    }

    /// Lets a toast go by.
    pub(crate) fn settle(&self) {
        self.wait(Duration::from_secs(7));
    }
}

fn setup(language: Language, orientation: Orientation) -> Setup {
    let mut setup = Setup::desk(state(), None);
    setup.place = PlaceName {
        zh: "苏州工业园区·斜塘街道".to_owned(),
        en: Some("Suzhou Industrial Park, Xietang".to_owned()),
    };
    setup.orientation = orientation;
    setup.languages.sort_by_key(|other| *other != language);
    setup
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock("2026-11-23T01:41:00Z".parse().unwrap()))
}
