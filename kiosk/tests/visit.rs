//! What happens in a visit: the way there and back, the switches, the end.

mod support;

use std::time::Duration;

use kiosk::navigation::{List, Place};
use kiosk::session::Sight;
use kiosk::testing::Visitor;
use support::{Way, word};
use terminal_api::interface::Language;

fn visitor() -> (tempfile::TempDir, Visitor) {
    let state = support::state_with_sample();
    let visitor = support::arrive(state.path(), Way::USUAL);
    (state, visitor)
}

fn zh(key: &str) -> String {
    word(Way::USUAL, key)
}

#[test]
fn from_the_attract_screen_to_an_area_and_back() {
    let (_state, visitor) = visitor();
    assert_eq!(visitor.app().place(), Place::Home);
    visitor.press(&zh("home-areas"));
    assert_eq!(visitor.app().place(), Place::Areas);
    visitor.press("户籍管理");
    assert!(matches!(visitor.app().place(), Place::Area { .. }));
    assert!(visitor.sees("户籍管理"));
    visitor.press(&zh("bar-back"));
    assert_eq!(visitor.app().place(), Place::Areas);
    visitor.press(&zh("bar-home"));
    assert_eq!(visitor.app().place(), Place::Home);
}

#[test]
fn a_list_is_found_again_where_it_was_left() {
    let (_state, visitor) = visitor();
    visitor.app().open(Place::List(List::Entries));
    visitor.press(&zh("pager-next"));
    visitor.press(&zh("pager-next"));
    let third: Vec<String> = visitor.labels();
    let row = third
        .iter()
        .find(|label| !label.is_empty() && !label.contains('屏'))
        .unwrap()
        .clone();
    visitor.press(&row);
    assert!(matches!(visitor.app().place(), Place::Record { .. }));
    visitor.press(&zh("bar-back"));
    assert_eq!(visitor.labels(), third);
}

#[test]
fn another_language_keeps_the_page_and_the_place_in_it() {
    let (_state, visitor) = visitor();
    visitor.app().open(Place::List(List::Entries));
    visitor.press(&zh("pager-next"));
    visitor.press("English");
    assert_eq!(visitor.app().place(), Place::List(List::Entries));
    assert!(visitor.sees("Disclosure list"), "{:#?}", visitor.seen());
    assert!(visitor.sees("Previous"), "still on the second screen");
    visitor.press("中文");
    assert!(visitor.sees(&zh("kind-entries")));
}

#[test]
fn the_countdown_starts_after_ninety_seconds_and_one_touch_ends_it() {
    let (_state, visitor) = visitor();
    visitor.press(&zh("home-areas"));
    visitor.wait(Duration::from_secs(88));
    assert!(!visitor.sees(&zh("idle-stay")));
    visitor.wait(Duration::from_secs(5));
    assert!(visitor.sees(&zh("idle-stay")));
    visitor
        .save_picture(&support::pictures().join("13-idle-countdown.png"))
        .unwrap();
    visitor.touch(20.0, 20.0);
    assert!(!visitor.sees(&zh("idle-stay")), "a touch anywhere continues");
    assert_eq!(visitor.app().place(), Place::Areas);
    visitor.wait(Duration::from_secs(88));
    assert!(!visitor.sees(&zh("idle-stay")), "the count began again");
}

#[test]
fn a_key_of_the_keypad_ends_the_countdown_too() {
    let (_state, visitor) = visitor();
    visitor.wait(Duration::from_secs(95));
    assert!(visitor.sees(&zh("idle-stay")));
    visitor.key(slint::platform::Key::Tab);
    assert!(!visitor.sees(&zh("idle-stay")));
}

#[test]
fn when_nobody_is_there_the_visit_ends_and_leaves_nothing() {
    let (_state, visitor) = visitor();
    visitor.press(&zh("bar-size"));
    visitor.press("English");
    let guide = visitor.app().content().of_kind(catalog::record::Kind::Guide)[0]
        .id
        .clone();
    visitor.app().collect(&guide);
    visitor.wait(Duration::from_secs(125));
    assert_eq!(visitor.app().place(), Place::Attract);
    let session = visitor.app().session();
    assert_eq!(session.language, Language::Zh);
    assert_eq!(session.sight, Sight::Normal);
    assert!(session.list().is_empty());
}

#[test]
fn the_size_key_goes_round_and_says_so() {
    let (_state, visitor) = visitor();
    for (sight, toast) in [
        (Sight::Large, "toast-large"),
        (Sight::LargeContrast, "toast-large-contrast"),
        (Sight::Normal, "toast-normal"),
    ] {
        visitor.press(&zh("bar-size"));
        assert_eq!(visitor.app().session().sight, sight);
        assert!(visitor.sees(&zh(toast)));
    }
    visitor.wait(Duration::from_secs(7));
    assert!(!visitor.sees(&zh("toast-normal")), "a toast stays six seconds");
}

#[test]
fn finishing_asks_only_when_something_would_be_lost() {
    let (_state, visitor) = visitor();
    let guide = visitor.app().content().of_kind(catalog::record::Kind::Guide)[0]
        .id
        .clone();
    visitor.app().collect(&guide);
    visitor.press(&zh("bar-finish"));
    assert!(visitor.sees(&zh("end-question")));
    visitor.press(&zh("end-cancel"));
    assert_eq!(visitor.app().place(), Place::Home);
    visitor.press(&zh("bar-finish"));
    visitor.press(&zh("end-confirm"));
    assert_eq!(visitor.app().place(), Place::Attract);
    visitor.press(&zh("attract-start"));
    visitor.press(&zh("bar-finish"));
    assert_eq!(
        visitor.app().place(),
        Place::Attract,
        "nothing to lose, nothing to ask"
    );
}

#[test]
fn without_content_the_screen_says_so_and_what_to_do() {
    let state = tempfile::tempdir().unwrap();
    let visitor = support::arrive(state.path(), Way::USUAL);
    assert!(visitor.sees(&zh("notice-not-yet")));
    visitor
        .save_picture(&support::pictures().join("15-no-content.png"))
        .unwrap();
}

#[test]
fn reading_aloud_is_said_to_be_unavailable() {
    let (_state, visitor) = visitor();
    visitor.press(&zh("bar-speak"));
    assert!(visitor.sees(&zh("toast-no-speech")));
}
