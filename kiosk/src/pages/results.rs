//! The results page: kinds as tabs, filters, rows; or the honest page when nothing was found.

mod filters;
mod nothing;
mod rows;

use std::rc::Rc;

use catalog::record::Kind;
use catalog::search::{Counts, Filter};
use slint::{ModelRc, VecModel};
use terminal_api::config::Orientation;

use super::search;
use crate::navigation::Place;
use crate::search::{KINDS, groups, lines, share, width};
use crate::{App, ui};

/// More rows than a group gets in any layout.
const MOST_IN_GROUP: usize = 12;
/// So many kinds have their tab also when they have no hits; the others come after them.
const STEADY_TABS: usize = 5;

/// What lies under the results page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// The search page: 返回 and 修改 lead to it.
    SearchPage,
    /// Any other.
    Elsewhere,
}

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::ResultsView>();
    view.on_edit(app.react(edit));
    view.on_try_suggestion(app.react(try_suggestion));
    let weak = app.weak();
    view.on_choose_tab(move |place| {
        if let Some(app) = weak.upgrade() {
            let kind = usize::try_from(place - 1)
                .ok()
                .and_then(|place| KINDS.get(place).copied());
            narrow(&app, |filter| filter.kind = kind);
        }
    });
    let weak = app.weak();
    view.on_open(move |place| {
        if let Some(app) = weak.upgrade() {
            let hits = app.finder().shown();
            open_place(
                &app,
                usize::try_from(place)
                    .ok()
                    .and_then(|place| hits.get(place).copied()),
            );
        }
    });
    let weak = app.weak();
    view.on_open_in_group(move |group, place| {
        if let (Some(app), Ok(group), Ok(place)) =
            (weak.upgrade(), usize::try_from(group), usize::try_from(place))
        {
            let groups = {
                let finder = app.finder();
                groups(&finder.found.hits, &finder.filter)
            };
            open_place(
                &app,
                groups
                    .get(group)
                    .and_then(|(_, places)| places.get(place).copied()),
            );
        }
    });
    let weak = app.weak();
    view.on_share(move |group, first, rows| {
        let Some(app) = weak.upgrade() else { return 0 };
        let sizes: Vec<usize> = {
            let finder = app.finder();
            let groups = groups(&finder.found.hits, &finder.filter);
            let first = groups.iter().take(usize::try_from(first).unwrap_or_default());
            first.map(|(_, places)| places.len().min(MOST_IN_GROUP)).collect()
        };
        let shares = share(&sizes, usize::try_from(rows).unwrap_or_default());
        usize::try_from(group)
            .ok()
            .and_then(|group| shares.get(group))
            .map_or(0, |share| *share as i32)
    });
    filters::attach(app);
    nothing::attach(app);
}

/// Searches for `query` and shows what is found.
pub(super) fn open(app: &App, query: &str, from: From) {
    {
        let mut finder = app.finder_mut();
        finder.filter = Filter::default();
        finder.from_search_page = from == From::SearchPage;
    }
    search_for(app, query);
    app.open(Place::Results);
}

fn search_for(app: &App, query: &str) {
    let mut finder = app.finder_mut();
    finder.search(query);
    if finder.is_open() && finder.found.hits.is_empty() {
        app.agent().count_miss(query);
    }
}

/// Searches for other words on the same page.
fn search_again(app: &App, query: &str) {
    search_for(app, query);
    narrow(app, |filter| *filter = Filter::default());
}

/// Searches for the name that was probably meant.
fn try_suggestion(app: &App) {
    let suggestion = app.finder().found.suggestion.clone();
    if let Some(name) = suggestion {
        search_again(app, &name);
    }
}

/// Back to the keyboard, with the words that were searched for.
fn edit(app: &App) {
    let (query, back) = {
        let finder = app.finder();
        (finder.found.query.clone(), finder.from_search_page)
    };
    app.typing_mut()
        .edit(search::FIELD, crate::keyboard::Purpose::SEARCH, &query);
    if back {
        app.back();
    } else {
        app.replace(Place::Search);
    }
}

/// Shows another part of what was found, from its first screen.
fn narrow(app: &App, change: impl FnOnce(&mut Filter)) {
    change(&mut app.finder_mut().filter);
    app.global::<ui::Place>().set_screen(0);
    show(app);
}

/// How wide the column of tabs and filters is.
fn room(app: &App) -> f32 {
    match app.setup().orientation {
        Orientation::Landscape => 746.0,
        Orientation::Portrait => 984.0,
    }
}

fn open_place(app: &App, place: Option<usize>) {
    let hit = place.and_then(|place| app.finder().found.hits.get(place).cloned());
    if let Some(hit) = hit {
        search::open_hit(app, &hit);
    }
}

pub(super) fn show(app: &App) -> ui::Page {
    let view = app.global::<ui::ResultsView>();
    let (found, filter) = {
        let finder = app.finder();
        (finder.found.clone(), finder.filter.clone())
    };
    view.set_query(found.query.as_str().into());
    view.set_sheet(ui::FilterKind::None);
    view.set_suggestion(found.suggestion.as_deref().unwrap_or_default().into());
    view.set_nothing(found.hits.is_empty());
    if found.hits.is_empty() {
        nothing::show(app, &found);
        return ui::Page::Results;
    }
    let words = app.words();
    show_tabs(app, &found.hits, &filter);
    filters::show(app, &filter);

    let groups = groups(&found.hits, &filter);
    let shown: usize = groups.iter().map(|(_, places)| places.len()).sum();
    view.set_summary(words.count("results-summary", shown as u64).into());
    let grouped = filter.kind.is_none() && groups.len() > 1;
    view.set_groups(if grouped {
        rows::groups(app, &groups)
    } else {
        ModelRc::default()
    });
    view.set_hits(if grouped {
        ModelRc::default()
    } else {
        rows::list(app, &filter)
    });
    ui::Page::Results
}

/// 全部 and the kinds, in as many lines as they need.
fn show_tabs(app: &App, hits: &[catalog::search::Hit], filter: &Filter) {
    let (words, counts) = (app.words(), Counts::of(hits, filter).kinds);
    let count = |kind: Kind| counts.get(&kind).copied().unwrap_or_default();
    let mut tabs = vec![ui::TabView {
        place: 0,
        name: words.get("tab-all").into(),
        count: counts.values().sum::<usize>() as i32,
    }];
    for (place, kind) in KINDS.into_iter().enumerate() {
        if place < STEADY_TABS || count(kind) > 0 || filter.kind == Some(kind) {
            tabs.push(ui::TabView {
                place: place as i32 + 1,
                name: words.get(&format!("tab-{}", kind.as_str())).into(),
                count: count(kind) as i32,
            });
        }
    }
    let size = if app.session().sight.is_large() {
        44.0
    } else {
        34.0
    };
    let room = room(app);
    let wide = |tab: &ui::TabView| (width(&tab.name) + width(&tab.count.to_string())) * size * 1.04 + 56.0;
    let widths: Vec<f32> = tabs.iter().map(wide).collect();
    let mut tabs = tabs.into_iter();
    let lines: VecModel<ui::TabLine> = lines(&widths, 12.0, room)
        .into_iter()
        .map(|length| ui::TabLine {
            tabs: ModelRc::new(tabs.by_ref().take(length).collect::<VecModel<_>>()),
        })
        .collect();
    let view = app.global::<ui::ResultsView>();
    view.set_tabs(ModelRc::new(lines));
    let chosen = filter
        .kind
        .and_then(|kind| KINDS.iter().position(|other| *other == kind));
    view.set_tab(chosen.map_or(0, |place| place as i32 + 1));
}
