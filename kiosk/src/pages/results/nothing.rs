//! Nothing was found: what was searched, and four ways on.

use std::rc::Rc;

use slint::{ModelRc, SharedString, VecModel};

use super::search_again;
use crate::navigation::Place;
use crate::pages::home;
use crate::search::{Found, KINDS};
use crate::{App, ui};

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::NothingView>();
    let weak = app.weak();
    view.on_try_word(move |word| {
        if let Some(app) = weak.upgrade() {
            search_again(&app, &word);
        }
    });
    let weak = app.weak();
    view.on_go(move |way| {
        if let Some(app) = weak.upgrade() {
            match way {
                ui::NothingWay::Areas => app.open(Place::Areas),
                ui::NothingWay::Request => home::open(&app, ui::HomeTarget::Request),
                ui::NothingWay::Suggestion => app.open(Place::Suggestions),
                ui::NothingWay::Staff => app.global::<ui::NothingView>().set_shows_staff(true),
            }
        }
    });
}

pub(super) fn show(app: &App, found: &Found) {
    let (view, words, content) = (app.global::<ui::NothingView>(), app.words(), app.content());
    let records: u64 = KINDS
        .into_iter()
        .filter(|kind| kind.is_public_page())
        .map(|kind| content.count(kind))
        .sum();
    let searched = words.with(
        "nothing-searched",
        [("count", records.into()), ("text", found.query.as_str().into())],
    );
    view.set_searched(searched.into());
    let as_of = crate::pages::as_of(app);
    view.set_scope(words.with("nothing-scope", [("text", as_of.into())]).into());
    view.set_areas(
        words
            .count("nothing-areas-meta", content.areas().len() as u64)
            .into(),
    );
    let names: VecModel<SharedString> = found.other_words.iter().map(SharedString::from).collect();
    view.set_other_words(ModelRc::new(names));
    view.set_shows_staff(false);
}
