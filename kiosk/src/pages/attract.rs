//! What stands on the screen when nobody does.

use catalog::record::Kind;
use jiff::tz::TimeZone;

use crate::{App, ui};

pub(super) fn show(app: &App) -> ui::Page {
    let (words, content) = (app.words(), app.content());
    let summary = match content.published_at() {
        Some(at) => words.with(
            "attract-summary",
            [
                ("guides", content.count(Kind::Guide).into()),
                ("documents", content.count(Kind::Document).into()),
                ("entries", content.count(Kind::Entry).into()),
                (
                    "date",
                    words.short_date(at.to_zoned(TimeZone::system()).date()).into(),
                ),
            ],
        ),
        None => words.get("attract-no-content"),
    };
    app.global::<ui::AttractView>().set_summary(summary.into());
    ui::Page::Attract
}
