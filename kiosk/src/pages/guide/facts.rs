//! The answer in three figures: how long, how much, what is promised.

use catalog::record::{FeeKind, Guide, PlainLimit};

use crate::pages::content::{Context, Fact, Figure, typeset};

/// How many characters fit under the figure of a fact in two lines.
const NOTE_ROOM: usize = 20;

/// How long, how much, what is promised. Large text has room for two.
pub(super) fn facts(guide: &Guide, cx: &Context<'_>) -> Vec<Fact> {
    let mut facts = vec![
        limit_fact("fact-limit", guide.statutory_limit.as_ref(), cx),
        fee_fact(guide, cx),
        limit_fact("fact-promise", guide.promised_limit.as_ref(), cx),
    ];
    if cx.large() {
        facts.truncate(2);
    }
    if cx.lying() {
        // Low panels have no room for more than the figures; limits and fees are told in full further down.
        for fact in &mut facts {
            fact.note.clear();
        }
    }
    facts
}

fn limit_fact(label: &str, limit: Option<&PlainLimit>, cx: &Context<'_>) -> Fact {
    let label = cx.say(label);
    let Some(limit) = limit else {
        return unknown_fact(label, cx);
    };
    match &limit.duration {
        Some(duration) => Fact {
            label,
            figure: Some(Figure {
                value: duration.number.to_string(),
                unit: unit(&duration.unit, duration.number, cx),
                phrase: false,
            }),
            note: typeset(in_short(&limit.text)),
        },
        None => Fact {
            label,
            figure: Some(Figure {
                value: typeset(&limit.text),
                unit: String::new(),
                phrase: true,
            }),
            note: String::new(),
        },
    }
}

/// The unit of a length of time in the language of the interface; a unit that has no translation stays as it is.
fn unit(unit: &str, number: u32, cx: &Context<'_>) -> String {
    let key = match unit {
        "日" | "天" => "unit-day",
        "工作日" | "个工作日" => "unit-workday",
        "月" | "个月" => "unit-month",
        "年" => "unit-year",
        "小时" => "unit-hour",
        _ => return unit.to_owned(),
    };
    cx.say(&format!("{key}-{}", if number == 1 { "one" } else { "many" }))
}

fn fee_fact(guide: &Guide, cx: &Context<'_>) -> Fact {
    let label = cx.say("fact-fee");
    let word = match guide.fee.kind {
        FeeKind::Free => "fee-free",
        FeeKind::Charged => "fee-charged",
        FeeKind::Mixed => "fee-mixed",
        FeeKind::Unknown => return unknown_fact(label, cx),
    };
    Fact {
        label,
        figure: Some(Figure {
            value: cx.say(word),
            unit: String::new(),
            phrase: guide.fee.kind == FeeKind::Mixed,
        }),
        note: guide
            .fee
            .text
            .as_deref()
            .map(|text| typeset(in_short(text)))
            .unwrap_or_default(),
    }
}

/// What a cell has room for: the whole text, or what it says first. The whole stands further down, with the limits or the
/// place.
pub(super) fn in_short(text: &str) -> &str {
    if text.chars().count() <= NOTE_ROOM {
        return text;
    }
    text.split(['；', '。']).next().unwrap_or(text)
}

fn unknown_fact(label: String, cx: &Context<'_>) -> Fact {
    Fact {
        label,
        figure: None,
        note: cx.say("fact-unknown"),
    }
}
