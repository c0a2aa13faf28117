//! The search pages in every way of seeing them.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod finder;

use std::path::{Path, PathBuf};

use finder::Visit;
use kiosk::navigation::Place;
use kiosk::testing::Seen;
use kiosk::words::Words;
use slint::ComponentHandle as _;
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

/// How the bar's keys were pressed: text, colours, reach.
const SIGHTS: [(&str, &[&str]); 4] = [
    ("normal", &[]),
    ("large", &["bar-size"]),
    ("contrast", &["bar-size", "bar-size"]),
    ("low", &["bar-reach"]),
];

#[test]
fn the_search_pages_come_up_in_every_way_of_seeing_them() {
    drop(Visit::begin());
    for language in [Language::Zh, Language::En] {
        for orientation in [Orientation::Portrait, Orientation::Landscape] {
            for (sight, presses) in SIGHTS {
                if sight != "low" || orientation == Orientation::Portrait {
                    let visit = Visit::again(language, orientation);
                    for key in presses {
                        visit.press(&Words::new(language).get(key));
                    }
                    visit.settle();
                    let folder = format!("{}-{sight}-{orientation:?}", language.tag()).to_lowercase();
                    look(
                        &visit,
                        language,
                        &Pictures {
                            folder,
                            low: sight == "low",
                            bar: match orientation {
                                Orientation::Portrait => 1784.0,
                                Orientation::Landscape => 968.0,
                            },
                        },
                    );
                }
            }
        }
    }
}

fn look(visit: &Visit, language: Language, pictures: &Pictures) {
    let words = Words::new(language);
    visit.app().open(Place::Search);
    pictures.take(visit, "03-search-empty");
    let (typed, searched, body) = match language {
        Language::Zh => ("flyz", "社会保险", "社会保险经办机构"),
        Language::En => ("social", "residence", "公安机关"),
    };
    visit.type_keys(typed);
    pictures.take(visit, "03-search");
    visit.press(&words.get("keyboard-digits"));
    pictures.take(visit, "03-search-digits");
    visit.press(&words.get("keyboard-hide"));
    pictures.take(visit, "03-search-without-keyboard");
    visit.find(searched);
    pictures.take(visit, "04-results");
    visit.press(&words.get("tab-guide"));
    pictures.take(visit, "04-results-guides");
    let chip = |name: &str| format!("{} {}", words.get(name), words.get("results-all"));
    visit.press(&chip("results-area"));
    visit.wait(std::time::Duration::from_secs(1));
    pictures.take(visit, "04-results-areas");
    visit.find(searched);
    visit.press(&chip("results-body"));
    visit.wait(std::time::Duration::from_secs(1));
    pictures.take(visit, "04-results-bodies");
    visit.press(body);
    pictures.take(visit, "04-results-of-body");
    visit.press(&chip("results-addressee"));
    visit.wait(std::time::Duration::from_secs(1));
    pictures.take(visit, "04-results-for");
    let (mistake, meant) = finder::mistake();
    visit.find(mistake);
    let offer = words.with("results-suggestion-label", [("text", meant.as_str().into())]);
    assert!(visit.sees(&offer), "{:?}", visit.labels());
    pictures.take(visit, "04-results-suggestion");
    suggest(visit, "中华人民共和国国家赔偿法若干问题的解释（征求意见稿）");
    pictures.take(visit, "04-results-long-suggestion");
    visit.find("火星旅行团");
    assert!(visit.sees(&words.get("nothing-title")), "{:?}", visit.labels());
    pictures.take(visit, "14-nothing");
    suggest(visit, "火炬传递");
    pictures.take(visit, "14-nothing-suggestion");
    suggest(visit, "");
    visit.press(&words.get("nothing-staff"));
    visit.wait(std::time::Duration::from_secs(1));
    pictures.take(visit, "14-nothing-staff");
}

/// Offers a name, whatever the search says.
fn suggest(visit: &Visit, name: &str) {
    let view = visit.app().window().global::<kiosk::ui::ResultsView>();
    view.set_suggestion(name.into());
    visit.wait(std::time::Duration::from_millis(50));
}

struct Pictures {
    folder: String,
    low: bool,
    /// Where the bottom bar begins.
    bar: f32,
}

impl Pictures {
    fn take(&self, visit: &Visit, name: &str) {
        let name = format!("{}/{name}", self.folder);
        let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../target/screenshots")
            .join(&name);
        visit.save_picture(&path.with_extension("png")).unwrap();
        for seen in visit.seen() {
            assert!(!is_a_key(&seen.label), "{name}: unresolved word {seen:?}");
            if seen.is_control() && seen.enabled {
                self.check(&seen, &name);
            }
        }
    }

    fn check(&self, control: &Seen, name: &str) {
        let [_, y, width, height] = control.place;
        assert!(!control.label.is_empty(), "{name}: {control:?}");
        assert!(
            width >= 72.0 && height >= 72.0,
            "{name}: too small for a finger: {control:?}"
        );
        assert!(
            y >= self.bar || y + height <= self.bar + 0.5 || !name.contains("nothing"),
            "{name}: cut by the bottom bar: {control:?}"
        );
        assert!(
            !self.low || y + 0.5 >= 960.0,
            "{name}: out of low reach: {control:?}"
        );
    }
}

/// Words that look like a key of the translations: `home-question`.
fn is_a_key(label: &str) -> bool {
    label.contains('-')
        && label.starts_with(|first: char| first.is_ascii_lowercase())
        && label
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
