//! The search page: results with every key.

use std::rc::Rc;

use catalog::record::Kind;
use catalog::search::{Hit, MatchReason};
use slint::{ModelRc, SharedString, VecModel};
use terminal_api::config::Orientation;

use super::{home, results};
use crate::keyboard::{Effect, Key, Purpose, binding};
use crate::navigation::Place;
use crate::search::{Described, List, Look, Row};
use crate::{App, ui};

/// The field's name for the keyboard.
pub(super) const FIELD: &str = "search";

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::SearchView>();
    let weak = app.weak();
    view.on_open(move |place| {
        if let Some(app) = weak.upgrade() {
            let hit = usize::try_from(place)
                .ok()
                .and_then(|place| app.finder().typing.hits.get(place).cloned());
            if let Some(hit) = hit {
                open_hit(&app, &hit);
            }
        }
    });
    let weak = app.weak();
    view.on_try_word(move |word| {
        if let Some(app) = weak.upgrade() {
            app.typing_mut().edit(FIELD, Purpose::SEARCH, &word);
            show(&app);
        }
    });
    view.on_edit(app.react(|app| {
        app.typing_mut().show();
        binding::show(app);
    }));
    let weak = app.weak();
    view.on_typed(move |text| {
        if let Some(app) = weak.upgrade() {
            app.typing_mut().show();
            text.chars()
                .for_each(|character| binding::press(&app, Key::Character(character)));
        }
    });
}

/// Opens the search page with an empty field.
pub(super) fn open(app: &App) {
    app.typing_mut().edit(FIELD, Purpose::SEARCH, "");
    app.open(Place::Search);
}

/// Shows what is typed so far.
pub(super) fn show(app: &App) -> ui::Page {
    {
        let mut typing = app.typing_mut();
        typing.follow(app.words().language());
        if typing.field() != FIELD {
            let text = app.finder().found.query.clone();
            typing.edit(FIELD, Purpose::SEARCH, &text);
        }
    }
    binding::show(app);
    let view = app.global::<ui::SearchView>();
    let examples: VecModel<SharedString> = home::examples(app)
        .iter()
        .map(|key| app.words().get(key).into())
        .collect();
    view.set_examples(ModelRc::new(examples));
    search(app);
    ui::Page::Search
}

/// A key was pressed.
pub(super) fn typed(app: &App, effect: Effect) {
    match effect {
        Effect::Changed => search(app),
        Effect::Submitted if !app.typing().text().trim().is_empty() => {
            let query = app.typing().text();
            results::open(app, query.trim(), results::From::SearchPage);
        }
        Effect::Submitted | Effect::Hidden | Effect::None => {}
    }
}

fn search(app: &App) {
    let text = app.typing().text();
    app.finder_mut().type_text(&text);
    let (hits, total) = {
        let finder = app.finder();
        (finder.typing.hits.clone(), finder.typing.total)
    };
    let rows = hits
        .iter()
        .enumerate()
        .map(|(place, hit)| row(app, hit, place == 0, List::Typing));
    let rows: VecModel<ui::HitView> = rows.collect();
    let view = app.global::<ui::SearchView>();
    view.set_hits(ModelRc::new(rows));
    view.set_nothing(total == 0 && !text.trim().is_empty());
    view.set_status(status(app, &text, hits.first(), total).into());
}

/// The line under the field: how many were found, and how.
fn status(app: &App, text: &str, best: Option<&Hit>, total: usize) -> String {
    let words = app.words();
    if !app.finder().is_open() {
        return words.get("search-closed");
    }
    let Some(best) = best else {
        return words.get("search-found-none");
    };
    let key = match &best.reason {
        MatchReason::Pinyin(name) if text.chars().count() <= name.chars().count() => "search-found-initials",
        MatchReason::Pinyin(_) => "search-found-pinyin",
        MatchReason::Similar(_) => "search-found-similar",
        _ => "search-found",
    };
    words.count(key, total as u64)
}

/// Opens the page of a hit, at the article that was found.
pub(super) fn open_hit(app: &App, hit: &Hit) {
    app.open(match hit.kind {
        Kind::Area => Place::Area {
            id: hit.id.clone(),
            kind: None,
        },
        _ => Place::Record {
            id: hit.id.clone(),
            article: hit.article,
        },
    });
}

/// The row of a hit.
pub(super) fn row(app: &App, hit: &Hit, best: bool, list: List) -> ui::HitView {
    let (content, words) = (app.content(), app.words());
    let area = hit.area.as_ref().and_then(|id| content.area(id));
    let area = area.map(|area| super::area_name(area, words.language()));
    let look = Look {
        large: app.session().sight.is_large(),
        landscape: app.setup().orientation == Orientation::Landscape,
    };
    let mut finder = app.finder_mut();
    let described = finder.described(&hit.id, || {
        content
            .record(&hit.id)
            .as_ref()
            .map(Described::new)
            .unwrap_or_default()
    });
    let row = Row::new(hit, described, area.as_deref(), best, (list, look), &words);
    let runs: VecModel<ui::TitleRun> = row
        .runs
        .into_iter()
        .map(|run| ui::TitleRun {
            text: run.text.into(),
            hit: run.hit,
        })
        .collect();
    ui::HitView {
        icon: super::icons::of_kind(hit.kind),
        title: row.title.into(),
        runs: ModelRc::new(runs),
        meta: row.meta.into(),
        tag: row.tag.into(),
        best,
    }
}
