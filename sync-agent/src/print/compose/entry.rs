//! 公开目录: the ten columns of the standard catalogue.

use catalog::record::{Audience, Disclosure, Entry, InferredField, Level};
use hardware::slip::{Row, TextStyle};

use super::composer::Composer;

pub(super) fn body(composer: &mut Composer<'_>, entry: &Entry) {
    composer.title(&entry.level2, entry.name_en.as_deref());
    composer.heading("entry-matter");
    let rows = [
        composer.row("entry-level1", Some(&entry.level1)),
        composer.row("entry-level2", Some(&entry.level2)),
    ];
    composer.rows(rows);
    composer.heading("entry-content");
    match entry.elements.as_slice() {
        [] | [_] => composer.body(&entry.content),
        elements => elements.iter().for_each(|element| composer.body(element)),
    }
    composer.heading("entry-basis");
    let basis = composer.or_unknown(entry.basis.as_deref());
    composer.body(&basis);
    composer.heading("entry-how");
    let rows = short_columns(composer, entry);
    composer.rows(rows);
    if !entry.inferred.is_empty() {
        let remark = composer.say("entry-inferred-remark");
        composer.paragraph(&remark, TextStyle::Small);
    }
}

/// The columns that are a word or two.
pub(super) fn short_columns(composer: &Composer<'_>, entry: &Entry) -> Vec<Row> {
    let inferred = |value: String, field: InferredField| {
        if entry.inferred.contains(&field) {
            composer.say_with("entry-inferred", [("value", value.into())])
        } else {
            value
        }
    };
    let audience: Vec<String> = entry
        .audience
        .iter()
        .map(|audience| audience_words(composer, audience))
        .collect();
    let channels = entry.channels.as_ref().map(|channels| composer.list(channels));
    let levels = entry.levels.as_ref().map(|levels| {
        let names: Vec<String> = levels.iter().map(|level| level_words(composer, level)).collect();
        composer.list(&names)
    });
    let mode = composer.say(match entry.mode {
        Disclosure::Active => "mode-active",
        Disclosure::OnRequest => "mode-on-request",
        Disclosure::Both => "mode-both",
    });
    let value = |value: Option<String>, field| match value {
        Some(value) => inferred(value, field),
        None => composer.say("unknown"),
    };
    let row = |key: &str, value| Row {
        label: composer.say(key),
        value,
    };
    vec![
        composer.row(
            "entry-time-limit",
            entry.time_limit.as_ref().map(|limit| limit.raw.as_str()),
        ),
        composer.row("entry-subject", entry.subject.as_deref()),
        row("entry-channels", value(channels, InferredField::Channels)),
        row(
            "entry-audience",
            inferred(composer.list(&audience), InferredField::Audience),
        ),
        row("entry-mode", inferred(mode, InferredField::Mode)),
        row("entry-levels", value(levels, InferredField::Levels)),
    ]
}

fn audience_words(composer: &Composer<'_>, audience: &Audience) -> String {
    match audience {
        Audience::Everyone => composer.say("audience-everyone"),
        Audience::Group(None) => composer.say("audience-group"),
        Audience::Group(Some(group)) => composer.set(group),
    }
}

fn level_words(composer: &Composer<'_>, level: &Level) -> String {
    match level {
        Level::City => composer.say("level-city"),
        Level::County => composer.say("level-county"),
        Level::Township => composer.say("level-township"),
        Level::Village => composer.say("level-village"),
        Level::Other(words) => composer.set(words),
    }
}
