//! The time that a third party takes (articles 32 and 33).

use super::*;

/// A third party that is asked on this day.
fn asked(on: &str) -> [Step; 3] {
    [
        step("2026-09-01", Action::Register),
        step("2026-09-02", Action::Handle),
        step(on, Action::AskThirdParty),
    ]
}

/// That it received the letter on a day, which is entered on another.
fn received(entered: &str, received: &str) -> Step {
    let received = date(received);
    step(entered, Action::ThirdPartyReceived { received })
}

#[test]
fn the_time_a_third_party_takes_does_not_count_but_no_more_than_its_fifteen_days() {
    let asked = asked("2026-09-03");
    let clock = replay(&asked).unwrap().clock(&calendar(), date("2026-09-03"));
    assert_eq!(clock.third_party.unwrap().due, Ok(date("2026-09-24")));
    let answered = |on: &str| [&asked[..], &[step(on, Action::ThirdPartyDone)]].concat();
    // 4, 7, 8 and 9 September did not count.
    let without = calendar().after(date("2026-09-01"), 20, |_| true).unwrap();
    let four_later = calendar().after(without, 4, |_| true).unwrap();
    assert_eq!(due(&answered("2026-09-09"), "2026-09-09"), four_later);
    let fifteen_later = calendar().after(without, 15, |_| true).unwrap();
    assert_eq!(due(&answered("2026-09-24"), "2026-09-24"), fifteen_later);
    assert_eq!(due(&answered("2026-10-30"), "2026-10-30"), fifteen_later);
    // Its time is over, whether it answers or not.
    assert_eq!(due(&asked, "2026-09-25"), fifteen_later);
}

#[test]
fn while_a_third_party_is_being_asked_the_clock_stands_still_and_nothing_is_due() {
    let answer = |on: &str, today: &str| {
        let case = replay(&asked(on)).unwrap();
        case.clock(&calendar(), date(today)).answer
    };
    let standing = AnswerClock::Standing {
        since: date("2026-09-03"),
    };
    assert_eq!(answer("2026-09-03", "2026-09-03"), standing);
    assert_eq!(answer("2026-09-03", "2026-09-24"), standing);
    assert!(answer("2026-09-03", "2026-09-25").deadline().is_some());
    // What was overdue before the third party was asked stays so.
    let overdue = answer("2026-09-30", "2026-10-09").deadline().unwrap();
    assert_eq!((overdue.due, overdue.is_over), (Ok(date("2026-09-29")), true));
}

#[test]
fn its_fifteen_days_count_from_the_day_on_which_it_received_the_letter() {
    let asked = asked("2026-09-03");
    let told = [&asked[..], &[received("2026-09-15", "2026-09-08")]].concat();
    let clock = |today: &str| replay(&told).unwrap().clock(&calendar(), date(today));
    let latest = calendar().after(date("2026-09-08"), 15, |_| true).unwrap();
    assert_eq!(clock("2026-09-15").third_party.unwrap().due, Ok(latest));
    assert_eq!(latest, date("2026-09-29"));
    let standing = AnswerClock::Standing {
        since: date("2026-09-03"),
    };
    assert_eq!(
        clock("2026-09-29").answer,
        standing,
        "not since the 25th any more"
    );
    // Neither the days on which the letter was under way count, nor the 15 after them.
    let without = calendar().after(date("2026-09-01"), 20, |_| true).unwrap();
    let three_more = calendar().after(without, 3 + 15, |_| true).unwrap();
    assert_eq!(due(&told, "2026-09-30"), three_more);
    let done = [&told[..], &[step("2026-10-30", Action::ThirdPartyDone)]].concat();
    assert_eq!(due(&done, "2026-10-30"), three_more);
}

#[test]
fn it_receives_one_letter_between_the_day_of_asking_and_the_day_of_the_step() {
    let with = |steps: &[Step]| replay(&[&asked("2026-09-03"), steps].concat());
    for day in ["2026-09-02", "2026-09-16"] {
        let error = with(&[received("2026-09-15", day)]).unwrap_err();
        assert!(matches!(error, WrongStep::Received { .. }), "{error}");
    }
    for day in ["2026-09-03", "2026-09-15"] {
        let case = with(&[received("2026-09-15", day)]).unwrap();
        assert_eq!((case.stage, case.since), (Stage::ThirdParty, date("2026-09-03")));
    }
    let twice = [
        received("2026-09-15", "2026-09-08"),
        received("2026-09-15", "2026-09-09"),
    ];
    assert_eq!(with(&twice), Err(WrongStep::ReceivedTwice));
}
