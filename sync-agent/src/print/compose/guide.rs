//! 办事指南: how long and how much, what to bring, how and where; the law last.

use catalog::record::{ArticleNumber, Condition, FeeKind, Guide, Material, PlainLimit, Step};
use hardware::slip::{Element, Fact, Row, TextStyle};

use super::composer::Composer;

/// What fits the cell of a fact on two lines.
const SHORT_NOTE: usize = 18;
/// What fits the cell of a fact in large figures.
const SHORT_FIGURE: usize = 5;

pub(super) fn body(composer: &mut Composer<'_>, guide: &Guide, ticks: &[u32]) {
    composer.title(&guide.name, guide.name_en.as_deref());
    composer.notice(&guide.validity);
    facts(composer, guide);
    composer.heading("guide-materials");
    materials(composer, guide, ticks);
    composer.heading("guide-who");
    conditions(composer, &guide.who);
    composer.heading("guide-steps");
    steps(composer, &guide.steps);
    place(composer, guide);
    composer.section("guide-proxy", guide.proxy.as_deref());
    if !composer.is_large() {
        situations(composer, guide);
        limits(composer, guide);
        result(composer, guide);
        if !guide.refusal.is_empty() {
            composer.heading("guide-refusal");
            conditions(composer, &guide.refusal);
        }
        composer.section("guide-remedy", guide.remedy.as_deref());
    }
    basis(composer, guide);
}

/// Two or three facts; words too long for their cell stand below the box.
pub(super) fn facts(composer: &mut Composer<'_>, guide: &Guide) {
    let mut below = Vec::new();
    let mut facts = vec![
        limit_fact(composer, "fact-limit", guide.statutory_limit.as_ref(), &mut below),
        fee_fact(composer, guide, &mut below),
    ];
    if guide.promised_limit.is_some() {
        facts.insert(
            1,
            limit_fact(
                composer,
                "fact-promise",
                guide.promised_limit.as_ref(),
                &mut below,
            ),
        );
    }
    composer.push(Element::Facts { facts });
    for text in below {
        composer.push(Element::Paragraph {
            text,
            style: TextStyle::Small,
        });
    }
}

fn limit_fact(
    composer: &Composer<'_>,
    key: &str,
    limit: Option<&PlainLimit>,
    below: &mut Vec<String>,
) -> Fact {
    let label = composer.say(key);
    let Some(limit) = limit else {
        return Fact {
            label,
            figure: composer.say("unknown"),
            note: None,
        };
    };
    if let Some(duration) = &limit.duration {
        let figure = figure(composer, duration.number, &duration.unit);
        let note = note(composer, &label, &limit.text, below);
        return Fact { label, figure, note };
    }
    let text = composer.set(&limit.text);
    if text.chars().count() <= SHORT_FIGURE {
        return Fact {
            label,
            figure: text,
            note: None,
        };
    }
    let note = note(composer, &label, &limit.text, below);
    Fact {
        label,
        figure: composer.say("fact-below"),
        note,
    }
}

fn fee_fact(composer: &Composer<'_>, guide: &Guide, below: &mut Vec<String>) -> Fact {
    let label = composer.say("fact-fee");
    let figure = composer.say(match guide.fee.kind {
        FeeKind::Free => "fee-free",
        FeeKind::Charged => "fee-charged",
        FeeKind::Mixed => "fee-mixed",
        FeeKind::Unknown => "unknown",
    });
    let note = guide
        .fee
        .text
        .as_deref()
        .and_then(|text| note(composer, &label, text, below));
    Fact { label, figure, note }
}

/// A short text stays in the cell, a long one goes below with its label.
fn note(composer: &Composer<'_>, label: &str, text: &str, below: &mut Vec<String>) -> Option<String> {
    if text.chars().count() <= SHORT_NOTE {
        return Some(composer.set(text));
    }
    below.push(composer.say_with("labelled", [("label", label.into()), ("text", text.into())]));
    None
}

fn figure(composer: &Composer<'_>, number: u32, unit: &str) -> String {
    let key = match unit {
        "日" | "天" => "unit-day",
        "工作日" | "个工作日" => "unit-workday",
        "月" | "个月" => "unit-month",
        "年" => "unit-year",
        "小时" => "unit-hour",
        other => return format!("{number}{other}"),
    };
    let unit = composer.say_with(key, [("number", number.into())]);
    composer.say_with("duration", [("number", number.into()), ("unit", unit.into())])
}

pub(super) fn materials(composer: &mut Composer<'_>, guide: &Guide, ticks: &[u32]) {
    if guide.materials.is_empty() {
        let unknown = composer.say("unknown");
        composer.body(&unknown);
    }
    for (index, material) in (0_u32..).zip(&guide.materials) {
        let element = Element::Tick {
            text: composer.set(&material.name),
            ticked: ticks.contains(&index),
            details: details(composer, material),
        };
        composer.push(element);
    }
}

fn details(composer: &Composer<'_>, material: &Material) -> Vec<String> {
    let when = material
        .when
        .as_deref()
        .map(|when| composer.say_with("guide-material-when", [("when", when.into())]));
    when.into_iter()
        .chain(material.details.iter().map(|detail| composer.set(detail)))
        .collect()
}

/// One stands as it is; several are counted.
fn conditions(composer: &mut Composer<'_>, conditions: &[Condition]) {
    match conditions {
        [] => {
            let unknown = composer.say("unknown");
            composer.body(&unknown);
        }
        [only] => composer.body(&only.text),
        several => {
            for (number, condition) in (1_u32..).zip(several) {
                composer.body(&format!("{number}. {}", condition.text));
            }
        }
    }
}

fn steps(composer: &mut Composer<'_>, steps: &[Step]) {
    if steps.is_empty() {
        let unknown = composer.say("unknown");
        composer.body(&unknown);
    }
    for (number, step) in (1..).zip(steps) {
        let mut details = vec![composer.set(&step.text)];
        if let Some(limit) = step
            .limit
            .as_ref()
            .filter(|limit| !step.text.contains(&limit.text))
        {
            details.push(composer.set(&limit.text));
        }
        composer.push(Element::Numbered {
            number,
            title: composer.set(&step.title),
            details,
        });
    }
}

fn place(composer: &mut Composer<'_>, guide: &Guide) {
    composer.heading("guide-where");
    composer.body(guide.where_to_apply.as_ref().unwrap_or(&guide.agency));
    let rows = [
        composer.row("guide-address", guide.window_address.as_deref()),
        composer.row("guide-hours", guide.office_hours.as_deref()),
        composer.row("guide-phone", guide.phone_consult.as_deref()),
    ];
    composer.rows(rows);
}

fn situations(composer: &mut Composer<'_>, guide: &Guide) {
    if guide.situations.is_empty() {
        return;
    }
    composer.heading("guide-situations");
    for situation in &guide.situations {
        composer.paragraph(&situation.label, TextStyle::Strong);
        if let Some(note) = &situation.note {
            composer.body(note);
        }
        let names: Vec<&str> = situation
            .materials
            .iter()
            .filter_map(|&index| guide.materials.get(index))
            .map(|material| material.name.as_str())
            .collect();
        if !names.is_empty() {
            let bring = composer.say_with(
                "guide-situation-bring",
                [("materials", composer.list(&names).into())],
            );
            composer.body(&bring);
        }
    }
}

fn limits(composer: &mut Composer<'_>, guide: &Guide) {
    if guide.limits.len() < 2 {
        return;
    }
    composer.heading("guide-limits");
    let rows: Vec<Row> = guide
        .limits
        .iter()
        .map(|limit| Row {
            label: composer.set(&limit.label),
            value: composer.set(&limit.limit.text),
        })
        .collect();
    composer.rows(rows);
}

fn result(composer: &mut Composer<'_>, guide: &Guide) {
    if guide.result.is_none() && guide.result_validity.is_none() {
        return;
    }
    composer.heading("guide-result");
    let result = composer.or_unknown(guide.result.as_deref());
    composer.body(&result);
    if let Some(validity) = &guide.result_validity {
        let label = composer.say("guide-result-validity");
        let line = composer.say_with(
            "labelled",
            [("label", label.into()), ("text", validity.as_str().into())],
        );
        composer.body(&line);
    }
}

fn basis(composer: &mut Composer<'_>, guide: &Guide) {
    composer.heading("guide-basis");
    if guide.legal_basis.is_empty() {
        let unknown = composer.say("unknown");
        composer.body(&unknown);
    }
    for law in &guide.legal_basis {
        let articles: Vec<String> = law.articles.iter().map(ArticleNumber::to_string).collect();
        let line = composer.say_with(
            "guide-basis-line",
            [
                ("title", law.title.as_str().into()),
                ("version", law.version.as_str().into()),
                ("articles", composer.list(&articles).into()),
            ],
        );
        composer.paragraph(&line, TextStyle::Small);
    }
}
