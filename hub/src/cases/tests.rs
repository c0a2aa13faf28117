use catalog::calendar::Calendar;
use catalog::record::{DayKind, Holiday, Holidays};
use catalog::submission::mailbox::{Outcome, Stage};
use jiff::civil::Date;

use super::*;

mod third_party;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// 2026 with the National Day holiday (1 to 7 October) and its make-up Saturday.
fn calendar() -> Calendar {
    let off = (1..=7).map(|day| (jiff::civil::date(2026, 10, day), DayKind::Holiday));
    let days = off.chain([(date("2026-10-10"), DayKind::Workday)]);
    Calendar::from(&Holidays {
        id: "holidays".to_owned().try_into().unwrap(),
        years: vec![2026],
        days: days
            .map(|(date, kind)| Holiday {
                date,
                kind,
                name: "国庆节".into(),
            })
            .collect(),
    })
}

fn step(on: &str, action: Action) -> Step {
    Step {
        on: date(on),
        action,
        note: None,
    }
}

fn replay(steps: &[Step]) -> Result<Case, WrongStep> {
    Case::replay(date("2026-09-01"), steps)
}

fn due(steps: &[Step], today: &str) -> Date {
    let clock = replay(steps).unwrap().clock(&calendar(), date(today));
    clock.answer.deadline().unwrap().due.unwrap()
}

fn extend(days: u16) -> Action {
    Action::Extend {
        days,
        approved_by: "主任".into(),
    }
}

#[test]
fn a_plain_case_goes_from_receipt_to_archive() {
    let outcome = Outcome::Disclosed;
    let number = "园信公〔2026〕1号".to_owned();
    let actions = [
        (Action::Register, Stage::Registered),
        (Action::Handle, Stage::Handling),
        (Action::Review { outcome }, Stage::Review),
        (Action::SendBack, Stage::Handling),
        (Action::Review { outcome }, Stage::Review),
        (
            Action::Answer {
                outcome,
                number: number.clone(),
            },
            Stage::Answered,
        ),
        (Action::Deliver, Stage::Delivered),
        (Action::Archive, Stage::Archived),
    ];
    let mut case = Case::received(date("2026-09-01"));
    for (action, stage) in actions {
        case = case.after(&step("2026-09-02", action)).unwrap();
        assert_eq!(case.stage, stage);
    }
    assert_eq!((case.outcome, case.number), (Some(outcome), Some(number)));
}

#[test]
fn no_clock_runs_before_the_receipt_is_confirmed() {
    let clock = replay(&[]).unwrap().clock(&calendar(), date("2026-12-01"));
    assert_eq!(
        (clock.answer, clock.correction, clock.third_party),
        (AnswerClock::Off, None, None)
    );
}

#[test]
fn an_answer_is_due_on_the_twentieth_working_day_counted_from_the_next() {
    let steps = [step("2026-09-21", Action::Register)];
    // 7 working days in September, then 8, 9 and the make-up 10 October, and 10 more.
    assert_eq!(due(&steps, "2026-09-21"), date("2026-10-23"));
    let clock = |today| {
        replay(&steps)
            .unwrap()
            .clock(&calendar(), date(today))
            .answer
            .deadline()
            .unwrap()
    };
    assert!(!clock("2026-10-23").is_over);
    assert!(clock("2026-10-24").is_over);
}

#[test]
fn an_extension_adds_its_days_once_and_at_most_twenty() {
    let handled = [
        step("2026-09-01", Action::Register),
        step("2026-09-02", Action::Handle),
    ];
    let with = |action: Action| [&handled[..], &[step("2026-09-03", action)]].concat();
    assert_eq!(due(&handled, "2026-09-03"), date("2026-09-29"));
    assert_eq!(due(&with(extend(1)), "2026-09-03"), date("2026-09-30"));
    assert_eq!(due(&with(extend(20)), "2026-09-03"), date("2026-11-02"));
    assert_eq!(replay(&with(extend(21))), Err(WrongStep::Extension(21)));
    assert_eq!(replay(&with(extend(0))), Err(WrongStep::Extension(0)));
    let twice = [with(extend(1)), vec![step("2026-09-04", extend(1))]].concat();
    assert_eq!(replay(&twice), Err(WrongStep::ExtensionTwice));
}

#[test]
fn a_correction_is_asked_for_once_within_seven_working_days_and_starts_the_clock_anew() {
    let registered = [step("2026-09-01", Action::Register)];
    let clock = replay(&registered)
        .unwrap()
        .clock(&calendar(), date("2026-09-01"));
    assert_eq!(clock.correction.unwrap().due, Ok(date("2026-09-10")));
    let asked = [
        registered.to_vec(),
        vec![step("2026-09-08", Action::RequestCorrection)],
    ]
    .concat();
    assert_eq!(
        replay(&asked)
            .unwrap()
            .clock(&calendar(), date("2026-09-09"))
            .answer,
        AnswerClock::Off
    );
    let corrected = [asked.clone(), vec![step("2026-09-15", Action::Corrected)]].concat();
    assert_eq!(
        due(&corrected, "2026-09-15"),
        calendar().after(date("2026-09-15"), 20, |_| true).unwrap()
    );
    let again = [corrected, vec![step("2026-09-16", Action::RequestCorrection)]].concat();
    assert_eq!(replay(&again), Err(WrongStep::CorrectionTwice));
    let given_up = [asked, vec![step("2026-10-08", Action::GiveUp)]].concat();
    let case = replay(&given_up).unwrap();
    assert_eq!((case.stage, case.outcome), (Stage::Review, Some(Outcome::Other)));
}

#[test]
fn an_extension_after_the_deadline_puts_off_nothing_and_stays_late() {
    let outcome = Outcome::Disclosed;
    let extended = |on: &str| {
        [
            step("2026-09-01", Action::Register),
            step("2026-09-02", Action::Handle),
            step(on, extend(20)),
        ]
    };
    // The answer is due on 29 September.
    let clock = |steps: &[Step]| replay(steps).unwrap().clock(&calendar(), date("2026-10-09"));
    let in_time = clock(&extended("2026-09-29"));
    assert_eq!(in_time.answer.deadline().unwrap().due, Ok(date("2026-11-02")));
    assert_eq!(in_time.late, []);

    let late = Late {
        step: LateStep::Extension,
        due: date("2026-09-29"),
        on: date("2026-09-30"),
    };
    let extended = extended("2026-09-30");
    let after = clock(&extended);
    let answer = after.answer.deadline().unwrap();
    assert_eq!((answer.due, answer.is_over), (Ok(date("2026-09-29")), true));
    assert_eq!(after.late, [late]);

    let number = "1".to_owned();
    let rest = [
        step("2026-10-08", Action::Review { outcome }),
        step("2026-10-08", Action::Answer { outcome, number }),
        step("2026-10-08", Action::Deliver),
        step("2026-10-08", Action::Archive),
    ];
    let archived = clock(&[&extended[..], &rest].concat());
    assert!(archived.answer.deadline().unwrap().is_over);
    assert_eq!(archived.late, [late]);
}

#[test]
fn a_correction_that_is_asked_for_too_late_stays_late_when_the_clock_starts_anew() {
    let late = |asked: &str| {
        let steps = [
            step("2026-09-01", Action::Register),
            step("2026-09-02", Action::Handle),
            step(asked, Action::RequestCorrection),
            step("2026-10-09", Action::Corrected),
        ];
        let clock = replay(&steps).unwrap().clock(&calendar(), date("2026-10-09"));
        assert!(!clock.answer.deadline().unwrap().is_over);
        let late = clock.late.into_iter();
        late.map(|late| (late.step, late.due.to_string()))
            .collect::<Vec<_>>()
    };
    let (asking, answer) = ("2026-09-10".to_owned(), "2026-09-29".to_owned());
    assert_eq!(late("2026-09-10"), []);
    assert_eq!(late("2026-09-11"), [(LateStep::Correction, asking.clone())]);
    assert_eq!(
        late("2026-09-30"),
        [
            (LateStep::Correction, asking),
            (LateStep::CorrectionAfterAnswerWasDue, answer)
        ]
    );
}

#[test]
fn a_deadline_outside_the_calendar_is_unknown_and_never_over() {
    let steps = [step("2026-12-20", Action::Register)];
    let answer = replay(&steps)
        .unwrap()
        .clock(&calendar(), date("2027-06-01"))
        .answer
        .deadline()
        .unwrap();
    assert_eq!(answer.due.unwrap_err().year, 2027);
    assert!(!answer.is_over);
    let steps = [steps[0].clone(), step("2027-06-01", Action::RequestCorrection)];
    let clock = replay(&steps).unwrap().clock(&calendar(), date("2027-06-01"));
    assert_eq!(clock.late.len(), 1, "by the 7 working days, which are of 2026");
}

#[test]
fn an_answer_in_time_stays_in_time() {
    let outcome = Outcome::Disclosed;
    let steps = [
        step("2026-09-01", Action::Register),
        step("2026-09-01", Action::Handle),
        step("2026-09-02", Action::Review { outcome }),
        step(
            "2026-09-03",
            Action::Answer {
                outcome,
                number: "1".into(),
            },
        ),
    ];
    let clock = replay(&steps).unwrap().clock(&calendar(), date("2026-12-01"));
    assert!(!clock.answer.deadline().unwrap().is_over);
    assert_eq!(clock.late, []);
}

#[test]
fn an_application_given_up_for_want_of_a_correction_goes_back_to_waiting_for_it() {
    let case = replay(&[
        step("2026-09-01", Action::Register),
        step("2026-09-02", Action::RequestCorrection),
        step("2026-09-20", Action::GiveUp),
        step("2026-09-21", Action::SendBack),
    ])
    .unwrap();
    assert_eq!(case.stage, Stage::Correction);
    let case = case.after(&step("2026-09-22", Action::Corrected)).unwrap();
    assert_eq!(case.clock_from, Some(date("2026-09-22")));
}

#[test]
fn no_step_comes_before_an_extension_either() {
    let error = replay(&[
        step("2026-09-01", Action::Register),
        step("2026-09-02", Action::Handle),
        step("2026-09-20", extend(10)),
        step(
            "2026-09-05",
            Action::Review {
                outcome: Outcome::Disclosed,
            },
        ),
    ])
    .unwrap_err();
    assert!(matches!(error, WrongStep::Backwards { .. }), "{error}");
}

#[test]
fn every_step_that_does_not_follow_is_refused_with_its_reason() {
    let outcome = Outcome::Disclosed;
    let every = [
        Action::Register,
        Action::RequestCorrection,
        Action::Corrected,
        Action::GiveUp,
        Action::Handle,
        extend(1),
        Action::AskThirdParty,
        Action::ThirdPartyReceived {
            received: date("2026-09-01"),
        },
        Action::ThirdPartyDone,
        Action::Review { outcome },
        Action::SendBack,
        Action::Answer {
            outcome,
            number: "1".into(),
        },
        Action::Deliver,
        Action::Archive,
    ];
    let follows = |stage: Stage| {
        every
            .iter()
            .filter(|action| {
                let mut case = Case::received(date("2026-09-01"));
                case.stage = stage;
                case.suspensions.push(Suspension {
                    from: date("2026-09-01"),
                    received: None,
                    to: None,
                });
                case.after(&step("2026-09-01", (*action).clone())).is_ok()
            })
            .map(Action::name)
            .collect::<Vec<_>>()
    };
    let expected: [(Stage, &[&str]); 9] = [
        (Stage::Received, &["登记"]),
        (Stage::Registered, &["要求补正", "办理"]),
        (Stage::Correction, &["收到补正", "逾期未补正"]),
        (Stage::Handling, &["要求补正", "延期", "征求第三方意见", "送审"]),
        (
            Stage::ThirdParty,
            &["延期", "第三方收到征求意见书", "第三方意见结束"],
        ),
        (Stage::Review, &["延期", "退回", "答复"]),
        (Stage::Answered, &["送达"]),
        (Stage::Delivered, &["归档"]),
        (Stage::Archived, &[]),
    ];
    for (stage, actions) in expected {
        assert_eq!(follows(stage), actions, "{stage}");
    }
    let backwards = replay(&[step("2026-08-31", Action::Register)]);
    assert!(matches!(backwards, Err(WrongStep::Backwards { .. })));
    let anonymous = Action::Extend {
        days: 3,
        approved_by: " ".into(),
    };
    let steps = [
        step("2026-09-01", Action::Register),
        step("2026-09-01", Action::Handle),
        step("2026-09-01", anonymous),
    ];
    assert_eq!(replay(&steps), Err(WrongStep::Missing("who agreed")));
}
