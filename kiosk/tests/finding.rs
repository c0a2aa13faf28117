//! Typing on the on-screen keyboard, finding and opening, and what is said when nothing is found.

mod finder;

use catalog::record::Kind;
use finder::{Visit, zh};
use kiosk::navigation::Place;
use terminal_api::interface::Language;

fn record_kind(visit: &Visit) -> Option<Kind> {
    match visit.app().place() {
        Place::Record { id, .. } => visit.app().content().record(&id).map(|record| record.kind()),
        _ => None,
    }
}

#[test]
fn three_initials_find_the_social_security_card_and_a_touch_opens_it() {
    let visit = Visit::begin();
    visit.press(&zh("search-field-label"));
    assert_eq!(visit.app().place(), Place::Search);
    visit.type_keys("sbk");
    assert!(visit.sees("社保卡"), "the first candidate: {:?}", visit.labels());
    let row = visit
        .labels()
        .into_iter()
        .find(|label| label.contains("社保卡") && label.chars().count() > 3);
    let row = row.unwrap_or_else(|| panic!("no row about the card: {:?}", visit.labels()));
    visit.press(&row);
    assert_eq!(record_kind(&visit), Some(Kind::Guide));
    visit.press(&zh("bar-back"));
    assert_eq!(visit.app().place(), Place::Search);
    assert!(visit.sees(&row), "what was typed is still there");
}

#[test]
fn results_change_with_every_key_and_clearing_leads_back_to_the_examples() {
    let visit = Visit::begin();
    visit.app().open(Place::Search);
    let mut seen = Vec::new();
    for key in ["g", "j", "j"] {
        visit.press(key);
        seen.push(visit.labels());
    }
    assert!(seen[0] != seen[1] && seen[1] != seen[2]);
    assert!(
        seen[2].iter().any(|label| label.contains("公积金")),
        "{:?}",
        seen[2]
    );
    visit.press(&zh("keyboard-backspace"));
    assert_eq!(visit.labels(), seen[1]);
    visit.press(&zh("search-clear"));
    assert!(visit.sees(&zh("example-fund")), "{:?}", visit.labels());
    visit.press(&zh("example-fund"));
    assert!(visit.sees(&zh("search-clear")), "the example was typed");
}

#[test]
fn a_candidate_is_written_in_chinese_and_search_shows_kinds_and_filters() {
    let visit = Visit::begin();
    visit.app().open(Place::Search);
    visit.type_keys("shehuibaoxian");
    visit.press(&zh("keyboard-space"));
    assert!(
        visit.sees("社会保险"),
        "the first candidate is written: {:?}",
        visit.labels()
    );
    visit.press(&zh("keyboard-search"));
    assert_eq!(visit.app().place(), Place::Results);
    assert!(
        visit.reads("办事指南") && visit.reads("政策文件"),
        "{:?}",
        visit.labels()
    );
    visit.press(&zh("tab-document"));
    let law = "中华人民共和国社会保险法";
    assert!(visit.sees(law), "{:?}", visit.labels());
    visit.press(law);
    assert_eq!(record_kind(&visit), Some(Kind::Document));
    visit.press(&zh("bar-back"));
    assert!(visit.sees(law), "the tab is still chosen");

    visit.press(&zh("search-edit"));
    assert_eq!(visit.app().place(), Place::Search);
    assert!(visit.sees("q"), "the keyboard is back");
}

#[test]
fn a_filter_is_set_from_its_sheet_and_taken_off_by_a_touch() {
    let visit = Visit::begin();
    visit.find("登记");
    visit.press(&zh("tab-guide"));
    let all = visit.labels();
    let area = format!("{} {}", zh("results-area"), zh("results-all"));
    visit.press(&area);
    visit.wait(std::time::Duration::from_secs(1));
    visit.press("户籍管理");
    let set = format!("{} 户籍管理", zh("results-area"));
    assert!(visit.sees(&set), "{:?}", visit.labels());
    assert!(visit.sees("出生户口登记"), "{:?}", visit.labels());
    assert_ne!(visit.labels(), all);
    visit.press(&set);
    assert_eq!(visit.labels(), all);
}

#[test]
fn results_are_narrowed_by_body_and_by_whom_they_are_for() {
    let visit = Visit::begin();
    visit.find("登记");
    let chip = |name: &str, value: &str| format!("{} {value}", zh(name));
    let all = zh("results-all");
    visit.press(&chip("results-addressee", &all));
    visit.wait(std::time::Duration::from_secs(1));
    visit.press(&zh("results-for-organisation"));
    assert!(visit.sees("市场主体设立登记"), "{:?}", visit.labels());
    assert!(!visit.sees("结婚登记"), "{:?}", visit.labels());
    visit.press(&chip("results-addressee", &zh("results-for-organisation")));
    visit.press(&chip("results-body", &all));
    visit.wait(std::time::Duration::from_secs(1));
    visit.press("区民政局");
    assert!(
        visit.sees(&chip("results-body", "区民政局")),
        "{:?}",
        visit.labels()
    );
    assert!(!visit.sees("市场主体设立登记"), "{:?}", visit.labels());
}

#[test]
fn a_filter_stays_when_the_content_is_opened_anew() {
    let visit = Visit::begin();
    visit.find("登记");
    let unfiltered = visit.labels();
    visit.press(&zh("tab-guide"));
    visit.press(&format!("{} {}", zh("results-area"), zh("results-all")));
    visit.wait(std::time::Duration::from_secs(1));
    visit.press("户籍管理");
    let filtered = visit.labels();
    assert_ne!(filtered, unfiltered);
    visit.app().reopen_content();
    assert_eq!(visit.labels(), filtered);
    visit.find("登记");
    assert_eq!(visit.labels(), unfiltered, "a new search begins without filters");
}

#[test]
fn a_name_that_was_probably_meant_is_offered_above_the_list_and_a_touch_searches_for_it() {
    let visit = Visit::begin();
    let (typed, meant) = finder::mistake();
    let offer = kiosk::words::Words::new(Language::Zh)
        .with("results-suggestion-label", [("text", meant.as_str().into())]);
    visit.find(typed);
    let seen = visit.seen();
    let at = seen
        .iter()
        .position(|seen| seen.label == offer)
        .unwrap_or_else(|| panic!("no {offer:?}: {:?}", visit.labels()));
    assert!(seen[at].place[3] >= 88.0, "{:?}", seen[at]);
    let list = seen
        .iter()
        .filter(|seen| seen.is_control() && seen.label.contains(&meant));
    assert!(list.into_iter().all(|row| row.place[1] >= seen[at].place[1]));
    visit.press(&offer);
    assert_eq!(visit.app().place(), Place::Results);
    assert!(!visit.sees(&offer));
    assert!(
        visit.sees(&meant),
        "the field says what is searched for: {:?}",
        visit.seen()
    );
    visit.press(&zh("bar-back"));
    assert_eq!(visit.app().place(), Place::Search);
}

#[test]
fn an_example_on_the_home_page_leads_to_its_results() {
    let visit = Visit::begin();
    visit.press(&zh("example-residence"));
    assert_eq!(visit.app().place(), Place::Results);
    assert!(visit.reads("居住证"), "{:?}", visit.labels());
    visit.press(&zh("search-edit"));
    assert_eq!(visit.app().place(), Place::Search);
    visit.press(&zh("bar-back"));
    assert_eq!(visit.app().place(), Place::Home);
}

#[test]
fn a_long_list_of_hits_moves_by_screens() {
    let visit = Visit::begin();
    visit.find("登记");
    visit.press(&zh("tab-guide"));
    let first = visit.labels();
    visit.press(&zh("pager-next"));
    let second = visit.labels();
    assert_ne!(first, second);
    visit.press(&zh("pager-previous"));
    assert_eq!(visit.labels(), first);
}

#[test]
fn what_is_not_there_is_said_honestly_with_four_ways_on() {
    let visit = Visit::begin();
    visit.find("zqxzqxvv");
    assert_eq!(visit.app().place(), Place::Results);
    for words in [
        "nothing-title",
        "nothing-not-no",
        "nothing-areas",
        "nothing-request",
        "nothing-suggestion",
    ] {
        assert!(visit.sees(&zh(words)), "{words}: {:?}", visit.labels());
    }
    visit.press(&zh("nothing-staff"));
    assert!(visit.sees(&zh("nothing-staff-title")));
    visit.press(&zh("sheet-close"));
    visit.press(&zh("nothing-areas"));
    assert_eq!(visit.app().place(), Place::Areas);
}

#[test]
fn english_is_typed_as_it_is_and_finds_chinese_records() {
    let visit = Visit::in_language(Language::En);
    visit.app().open(Place::Search);
    visit.type_keys("passport");
    assert!(
        visit.labels().iter().any(|label| label.contains("护照")),
        "{:?}",
        visit.labels()
    );
}

#[test]
fn a_real_keyboard_types_into_the_same_field() {
    let visit = Visit::begin();
    visit.app().open(Place::Search);
    for letter in ["s", "b", "k", " "] {
        visit.key(letter);
    }
    assert!(
        visit.sees("社保卡"),
        "the field says what was chosen: {:?}",
        visit.labels()
    );
    visit.key(slint::platform::Key::Return);
    assert_eq!(visit.app().place(), Place::Results);
}

#[test]
fn the_end_of_the_visit_forgets_what_was_typed() {
    let visit = Visit::begin();
    visit.app().open(Place::Search);
    visit.type_keys("sfz");
    visit.app().end_visit();
    visit.press(&zh("attract-start"));
    visit.app().open(Place::Search);
    assert!(
        !visit.sees(&zh("search-clear")),
        "the field is empty: {:?}",
        visit.labels()
    );
}

#[test]
fn every_key_of_every_sheet_has_a_name_and_is_big_enough() {
    let visit = Visit::begin();
    visit.app().open(Place::Search);
    let sheets: [&[&str]; 4] = [
        &[],
        &["keyboard-digits"],
        &["keyboard-signs"],
        &["keyboard-letters", "keyboard-language"],
    ];
    for presses in sheets {
        for key in presses {
            visit.press(&zh(key));
        }
        let keys: Vec<_> = visit
            .seen()
            .into_iter()
            .filter(|seen| seen.is_control() && seen.place[1] > 1350.0)
            .collect();
        assert!(keys.len() >= 10 + 9 + 7 + 5, "{presses:?}: {}", keys.len());
        for key in keys {
            assert!(!key.label.is_empty(), "{key:?}");
            assert!(key.place[2] >= 72.0 && key.place[3] >= 72.0, "{key:?}");
        }
    }
}
