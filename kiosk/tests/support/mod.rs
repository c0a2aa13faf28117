//! A store with the sample content, and the ways of seeing it.
#![allow(dead_code, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::clock::FixedClock;
use catalog::release::Verification;
use catalog::store::{FILE_NAME, Meta, Row, SCHEMA, build, finish};
use kiosk::Setup;
use kiosk::testing::{Pace, Visitor};
use tempfile::TempDir;
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

/// A way of seeing the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) language: Language,
    pub(crate) sight: Sight,
    pub(crate) orientation: Orientation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Normal,
    Large,
    Contrast,
    Low,
}

impl Way {
    /// The usual one.
    pub(crate) const USUAL: Self = Self {
        language: Language::Zh,
        sight: Sight::Normal,
        orientation: Orientation::Portrait,
    };

    /// All that there are; low reach is for portrait alone.
    pub(crate) fn all() -> Vec<Self> {
        let mut ways = Vec::new();
        for language in [Language::Zh, Language::En] {
            for orientation in [Orientation::Portrait, Orientation::Landscape] {
                for sight in [Sight::Normal, Sight::Large, Sight::Contrast, Sight::Low] {
                    if sight != Sight::Low || orientation == Orientation::Portrait {
                        ways.push(Self {
                            language,
                            sight,
                            orientation,
                        });
                    }
                }
            }
        }
        ways
    }

    /// The name of the folder for its pictures.
    pub(crate) fn name(self) -> String {
        format!("{}-{:?}-{:?}", self.language.tag(), self.sight, self.orientation).to_lowercase()
    }
}

/// A state folder with the whole sample as its current generation.
pub(crate) fn state_with_sample() -> TempDir {
    let state = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let loaded = catalog::source::load(&sample).unwrap();
    let generation = state.path().join("gen-1");
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
    let verification = Verification {
        generation: meta.generation,
        rows_digest: String::new(),
        root: 1,
        verified_at: meta.published_at,
    };
    verification.write(&generation).unwrap();
    catalog::atomic::relink(&state.path().join("current"), Path::new("gen-1")).unwrap();
    state
}

/// Stands in front of a kiosk over `state`. The first visitor of a thread.
pub(crate) fn arrive(state: &Path, way: Way) -> Visitor {
    adjusted(
        Visitor::arrive(setup(state, way), clock(), Pace::Simulated).unwrap(),
        way,
    )
}

/// Like [`arrive`], again on the same thread.
pub(crate) fn arrive_again(state: &Path, way: Way) -> Visitor {
    adjusted(
        Visitor::stand_before(setup(state, way), clock(), Pace::Simulated).unwrap(),
        way,
    )
}

/// The words of the screen in a language.
pub(crate) fn word(way: Way, key: &str) -> String {
    kiosk::words::Words::new(way.language).get(key)
}

/// Where pictures go.
pub(crate) fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}

fn setup(state: &Path, way: Way) -> Setup {
    let mut setup = Setup::desk(state.to_owned(), None);
    setup.place = terminal_api::config::PlaceName {
        zh: "苏州工业园区·斜塘街道".to_owned(),
        en: Some("Suzhou Industrial Park, Xietang".to_owned()),
    };
    setup.orientation = way.orientation;
    setup.languages.sort_by_key(|language| *language != way.language);
    setup
}

/// The time at the terminal.
pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock("2026-11-23T09:41:00Z".parse().unwrap()))
}

/// Sets size, contrast and reach by the keys of the bottom bar.
fn adjusted(visitor: Visitor, way: Way) -> Visitor {
    visitor.press(&word(way, "attract-start"));
    let presses = match way.sight {
        Sight::Normal => vec![],
        Sight::Large => vec!["bar-size"],
        Sight::Contrast => vec!["bar-size", "bar-size"],
        Sight::Low => vec!["bar-reach"],
    };
    for key in presses {
        visitor.press(&word(way, key));
    }
    // The toast goes by itself.
    visitor.wait(std::time::Duration::from_secs(7));
    visitor
}
