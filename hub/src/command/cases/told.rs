//! Cases in words and in JSON lines.

use std::path::Path;

use anyhow::{Context as _, Result};
use catalog::calendar::Calendar;
use catalog::clock::{Clock as _, SystemClock, day_in_china as day};
use catalog::submission::SubmissionId;
use catalog::submission::mailbox::Stage;
use hub::cases::{Action, AnswerClock, Clock, Deadline, WrongStep};
use hub::intake::OpeningKeys;
use hub::store::{Recorded, Store, StoredCase};
use jiff::civil::Date;
use serde_json::Value;

use super::{case_of, stored};
use crate::command::open::{self, Tally};

pub(super) async fn list(store: &Store, calendar: &Calendar, all: bool) -> Result<()> {
    let today = day(SystemClock.now());
    let mut tally = Tally::default();
    for stored in store.cases().await? {
        let id = stored.submission.id;
        let case = case_of(&stored);
        tally.count(case.is_ok());
        match case {
            Ok(case) if case.stage == Stage::Archived && !all => {}
            Ok(case) => {
                let clock = case.clock(calendar, today);
                let told = [vec![answer(clock.answer)], late(&clock)].concat().join("  ");
                println!("{id}  {} since {}  {told}", case.stage, case.since);
            }
            Err(error) => println!("{id}  {}", do_not_follow(&error)),
        }
    }
    tally.end()
}

/// The answer's clock in words.
fn answer(clock: AnswerClock) -> String {
    match clock {
        AnswerClock::Off => "no clock runs".to_owned(),
        AnswerClock::Standing { since } => {
            format!("the clock stands still since {since}: a third party is being asked")
        }
        AnswerClock::Running(deadline) => told("answer", deadline),
    }
}

/// The steps that were made after their deadline, in words.
pub(super) fn late(clock: &Clock) -> Vec<String> {
    clock.late.iter().map(|late| format!("LATE {late}")).collect()
}

/// A deadline in words.
fn told(what: &str, deadline: Deadline) -> String {
    match deadline.due {
        Ok(due) if deadline.is_over => format!("{what} OVERDUE since {due}"),
        Ok(due) => format!("{what} due {due}"),
        Err(unknown) => format!("{what} due on a day that is not known: {unknown}"),
    }
}

fn do_not_follow(error: &WrongStep) -> String {
    format!("its steps do not follow each other: {error}")
}

pub(super) async fn show(
    store: &Store,
    calendar: &Calendar,
    id: SubmissionId,
    key: Option<&Path>,
) -> Result<()> {
    let stored = stored(store, id).await?;
    let case = case_of(&stored).with_context(|| format!("the steps of {id} do not follow each other"))?;
    println!(
        "{id}  from {}  received {}",
        stored.submission.device, stored.submission.received_at
    );
    println!("{} since {}", case.stage, case.since);
    let clock = case.clock(calendar, day(SystemClock.now()));
    if clock.answer != AnswerClock::Off {
        println!("{}", answer(clock.answer));
    }
    let clocks = [
        ("asking to correct", clock.correction),
        ("third party", clock.third_party),
    ];
    for (what, deadline) in clocks {
        if let Some(deadline) = deadline {
            println!("{}", told(what, deadline));
        }
    }
    for late in late(&clock) {
        println!("{late}");
    }
    if let Some(outcome) = case.outcome {
        println!("{outcome}  {}", case.number.as_deref().unwrap_or("no number yet"));
    }
    for Recorded { step, made_by, .. } in &stored.steps {
        let note = step
            .note
            .as_deref()
            .map_or_else(String::new, |note| format!("  {note}"));
        let received = match step.action {
            Action::ThirdPartyReceived { received } if received != step.on => format!(" {received}"),
            _ => String::new(),
        };
        println!("  {}  {}{received}  {made_by}{note}", step.on, step.action);
    }
    if let Some(key) = key {
        let keys = OpeningKeys::read(key)?;
        let payload = open::payload(store, &stored.submission, &keys).await?;
        let payload = payload.with_context(|| id.to_string())?;
        println!("{}", serde_json::to_string_pretty(&payload)?);
    }
    Ok(())
}

pub(super) async fn export(store: &Store, calendar: &Calendar, key: Option<&Path>) -> Result<()> {
    let today = day(SystemClock.now());
    let keys = key.map(OpeningKeys::read).transpose()?;
    let mut tally = Tally::default();
    for stored in store.cases().await? {
        let mut line = line(&stored, calendar, today);
        if let Some(keys) = &keys {
            match open::payload(store, &stored.submission, keys).await? {
                Ok(payload) => line["payload"] = serde_json::to_value(payload)?,
                Err(error) => line["error"] = error.to_string().into(),
            }
        }
        println!("{line}");
        tally.count(line["error"].is_null());
    }
    tally.end()
}

/// A case as it stands.
fn line(stored: &StoredCase, calendar: &Calendar, today: Date) -> Value {
    let mut line = serde_json::json!({
        "id": stored.submission.id,
        "device": stored.submission.device,
        "received_at": stored.submission.received_at,
        "steps": stored.steps.iter().map(entered).collect::<Vec<_>>(),
    });
    let case = match case_of(stored) {
        Ok(case) => case,
        Err(error) => {
            line["error"] = do_not_follow(&error).into();
            return line;
        }
    };
    let clock = case.clock(calendar, today);
    let answer = clock.answer.deadline();
    let stands_since = match clock.answer {
        AnswerClock::Standing { since } => Some(since),
        AnswerClock::Off | AnswerClock::Running(_) => None,
    };
    let fields = [
        ("stage", serde_json::json!(case.stage)),
        ("since", serde_json::json!(case.since)),
        (
            "due",
            serde_json::json!(answer.and_then(|deadline| deadline.due.ok())),
        ),
        (
            "is_overdue",
            answer.is_some_and(|deadline| deadline.is_over).into(),
        ),
        ("stands_since", serde_json::json!(stands_since)),
        ("late", serde_json::json!(clock.late)),
        ("outcome", serde_json::json!(case.outcome)),
        ("number", serde_json::json!(case.number)),
        ("answered", serde_json::json!(case.answered)),
    ];
    for (name, value) in fields {
        line[name] = value;
    }
    line
}

/// A step with who entered it and when.
fn entered(recorded: &Recorded) -> Value {
    let mut line = serde_json::json!(recorded.step);
    line["made_at"] = serde_json::json!(recorded.made_at);
    line["made_by"] = serde_json::json!(recorded.made_by);
    line
}
