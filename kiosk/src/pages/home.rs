//! The home page.

use std::rc::Rc;

use catalog::record::Kind;
use slint::{ModelRc, SharedString, VecModel};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

use super::{results, search};
use crate::navigation::{List, Place};
use crate::{App, ui};

/// The areas that the tile lists.
const AREAS_ON_TILE: usize = 9;

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::HomeView>();
    let weak = app.weak();
    view.on_open(move |target| {
        if let Some(app) = weak.upgrade() {
            open(&app, target);
        }
    });
    view.on_search(app.react(search::open));
    let weak = app.weak();
    view.on_try_word(move |word| {
        if let Some(app) = weak.upgrade() {
            results::open(&app, &word, results::From::Elsewhere);
        }
    });
}

pub(super) fn open(app: &App, target: ui::HomeTarget) {
    let form = || app.content().of_kind(Kind::Form).into_iter().next();
    app.open(match target {
        ui::HomeTarget::Guides => Place::List(List::Events),
        ui::HomeTarget::Documents => Place::List(List::Documents(None)),
        ui::HomeTarget::Areas => Place::Areas,
        ui::HomeTarget::Entries => Place::List(List::Entries),
        ui::HomeTarget::Interpretations => Place::List(List::Interpretations),
        ui::HomeTarget::Datasets => Place::List(List::Datasets),
        ui::HomeTarget::Request => match form() {
            Some(form) => Place::record(form.id),
            None => Place::Suggestions,
        },
        ui::HomeTarget::Suggestions => Place::Suggestions,
        ui::HomeTarget::MyList => Place::MyList,
    });
}

pub(super) fn show(app: &App) -> ui::Page {
    let (view, words, content) = (app.global::<ui::HomeView>(), app.words(), app.content());
    let count = |name: &str, number: u64| ui::HomeCount {
        phrase: words.count(&format!("count-{name}"), number).into(),
        figure: number.to_string().into(),
        unit: words.get(&format!("unit-{name}")).into(),
    };
    view.set_guides(count("guides", content.count(Kind::Guide)));
    view.set_documents(count("documents", content.count(Kind::Document)));
    view.set_entries(count("entries", content.count(Kind::Entry)));
    view.set_interpretations(count("interpretations", content.count(Kind::Interpretation)));
    view.set_datasets(count("datasets", content.count(Kind::Dataset)));
    view.set_areas(count("areas", content.count(Kind::Area)));
    let names: Vec<String> = content
        .areas()
        .iter()
        .take(AREAS_ON_TILE)
        .map(|area| super::area_name(area, words.language()))
        .collect();
    view.set_area_text(match words.language() {
        Language::Zh => SharedString::new(),
        Language::En => format!("{} …", names[..names.len().min(long_names(app))].join(", ")).into(),
    });
    view.set_area_names(super::model(names.into_iter().map(SharedString::from)));
    let examples: VecModel<SharedString> = examples(app).iter().map(|key| words.get(key).into()).collect();
    view.set_examples(ModelRc::new(examples));
    let listed = app.session().list().len();
    view.set_listed(match listed {
        0 => words.get("home-my-list-empty").into(),
        listed => words.count("count-listed", listed as u64).into(),
    });
    ui::Page::Home
}

/// The words to try that fit one line.
pub(super) fn examples(app: &App) -> &'static [&'static str] {
    const CHINESE: [&str; 5] = [
        "example-social-card",
        "example-residence",
        "example-identity",
        "example-legal-aid",
        "example-fund",
    ];
    const ENGLISH: [&str; 3] = ["example-social-card", "example-residence", "example-legal-aid"];
    let tight = tightness(app);
    match app.words().language() {
        Language::Zh => &CHINESE[..CHINESE.len() - tight],
        Language::En => &ENGLISH[..(ENGLISH.len() - tight).max(2)],
    }
}

/// How many long names the tile of the areas takes.
fn long_names(app: &App) -> usize {
    [5, 3, 2][tightness(app)]
}

/// How little room there is: large text and a lying panel each take some.
fn tightness(app: &App) -> usize {
    usize::from(app.session().sight.is_large())
        + usize::from(app.setup().orientation == Orientation::Landscape)
}
