//! Typing on the controller, with librime behind it.

use super::{Controller, Effect, Input, Key, Language, Purpose, Sheet};

fn keyboard() -> Controller {
    Controller::new(Some(crate::keyboard::testing::session()))
}

fn typed(keyboard: &mut Controller, text: &str) {
    for character in text.chars() {
        keyboard.press(Key::Character(character));
    }
}

#[test]
fn initials_search_before_anything_is_chosen() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk");
    let view = keyboard.view();
    assert_eq!((view.text.as_str(), view.preedit.as_str()), ("sbk", "s'b'k"));
    assert_eq!(view.candidates[0], "社保卡");
    assert_eq!(keyboard.query(), "sbk");
}

#[test]
fn a_chosen_candidate_is_written_and_typing_goes_on() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk");
    assert_eq!(keyboard.press(Key::Choose(0)), Effect::Changed);
    assert_eq!(
        (keyboard.query().as_str(), keyboard.is_composing()),
        ("社保卡", false)
    );
    typed(&mut keyboard, "banli");
    assert_eq!(keyboard.query(), "社保卡banli");
    assert_eq!(keyboard.press(Key::Space), Effect::Changed);
    assert_eq!(keyboard.query(), "社保卡办理");
}

#[test]
fn a_part_that_was_chosen_searches_in_chinese_with_the_rest_as_letters() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "shehuibaozhang");
    let place = keyboard
        .view()
        .candidates
        .iter()
        .position(|text| text == "社会")
        .expect("社会 in the bar");
    keyboard.press(Key::Choose(place));
    assert_eq!(keyboard.query(), "社会baozhang");
    keyboard.press(Key::Submit);
    assert_eq!(keyboard.query(), "社会baozhang");
    assert!(!keyboard.is_composing());
}

#[test]
fn numbers_choose_while_composing_and_are_written_otherwise() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk1");
    assert_eq!(keyboard.query(), "社保卡");
    typed(&mut keyboard, "2026");
    assert_eq!(keyboard.query(), "社保卡2026");
}

#[test]
fn a_sign_ends_the_word_with_the_first_candidate() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk、gjj");
    assert_eq!(keyboard.query(), "社保卡、gjj");
}

#[test]
fn backspace_takes_letters_then_text() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk1sb");
    for expected in ["社保卡s", "社保卡", "社保", "社", ""] {
        assert_eq!(keyboard.press(Key::Backspace), Effect::Changed);
        assert_eq!(keyboard.query(), expected);
    }
    assert_eq!(keyboard.press(Key::Backspace), Effect::None);
}

#[test]
fn the_bar_turns_to_more_candidates_and_back() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "shi");
    let first = keyboard.view();
    assert!(first.more && !first.earlier);
    keyboard.press(Key::More);
    let second = keyboard.view();
    assert!(second.earlier && second.candidates != first.candidates);
    assert_eq!(second.text, "shi", "turning searches nothing else");
    for _ in 0..50 {
        keyboard.press(Key::More);
    }
    let last = keyboard.view();
    assert!(!last.more && !last.candidates.is_empty());
    for _ in 0..50 {
        keyboard.press(Key::Earlier);
    }
    assert_eq!(keyboard.view(), first);
    keyboard.press(Key::More);
    keyboard.press(Key::Choose(0));
    assert_eq!(keyboard.query(), second.candidates[0]);
}

#[test]
fn english_writes_letters_and_shift_lasts_for_one() {
    let mut keyboard = keyboard();
    keyboard.set_language(Language::English);
    keyboard.press(Key::Shift);
    typed(&mut keyboard, "social");
    keyboard.press(Key::Space);
    typed(&mut keyboard, "card");
    assert_eq!(keyboard.query(), "Social card");
    assert_eq!(keyboard.view().candidates, Vec::<String>::new());
}

#[test]
fn switching_the_language_keeps_the_letters_typed() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk");
    keyboard.press(Key::Language);
    typed(&mut keyboard, "x");
    assert_eq!(keyboard.query(), "sbkx");
    assert_eq!(keyboard.view().language, Language::English);
}

#[test]
fn fields_take_only_what_they_are_for() {
    let mut keyboard = keyboard();
    keyboard.edit(
        Purpose {
            input: Input::IdNumber,
            limit: 18,
        },
        "",
    );
    assert_eq!(keyboard.view().sheet, Sheet::Digits);
    typed(&mut keyboard, "32050119900101001xab 社x");
    assert_eq!(keyboard.query(), "32050119900101001X");
    keyboard.edit(
        Purpose {
            input: Input::Digits,
            limit: 11,
        },
        "1391",
    );
    typed(&mut keyboard, "x39-0000123456");
    assert_eq!(keyboard.query(), "13913900001");
    keyboard.edit(
        Purpose {
            input: Input::Latin,
            limit: 40,
        },
        "",
    );
    typed(&mut keyboard, "a.b@c.cn");
    assert_eq!(keyboard.query(), "a.b@c.cn");
}

#[test]
fn nothing_grows_past_its_limit() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, &"zhonghua".repeat(40));
    assert!(keyboard.query().chars().count() <= Purpose::SEARCH.limit);
    while keyboard.is_composing() {
        keyboard.press(Key::Space);
    }
    typed(&mut keyboard, &"，".repeat(400));
    assert_eq!(keyboard.query().chars().count(), Purpose::SEARCH.limit);
}

#[test]
fn clear_and_a_new_field_forget_what_was_composed() {
    let mut keyboard = keyboard();
    typed(&mut keyboard, "sbk1she");
    keyboard.press(Key::Clear);
    assert_eq!(keyboard.query(), "");
    typed(&mut keyboard, "she");
    keyboard.edit(Purpose::SEARCH, "公积金");
    assert_eq!(
        (keyboard.query().as_str(), keyboard.is_composing()),
        ("公积金", false)
    );
}

#[test]
fn without_input_data_letters_are_written_as_they_are() {
    let mut keyboard = Controller::new(None);
    typed(&mut keyboard, "sbk");
    keyboard.press(Key::Separate);
    keyboard.press(Key::More);
    keyboard.press(Key::Choose(3));
    assert_eq!(keyboard.query(), "sbk");
    keyboard.press(Key::Backspace);
    assert_eq!(keyboard.query(), "sb");
}
