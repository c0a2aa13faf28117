//! One file a page: each turns what is asked for into what its part of the interface shows.

mod areas;
mod attract;
pub(crate) mod content;
pub(crate) mod dataset;
pub(crate) mod document;
pub(crate) mod entry;
pub(crate) mod form;
pub(crate) mod guide;
mod home;
mod icons;
pub(crate) mod interpretation;
mod list;
mod notice;
pub(crate) mod plan;
mod record;
mod results;
mod search;
pub(crate) mod service_item;

use std::rc::Rc;

use catalog::record::Area;
use catalog::release::Signature;
use jiff::tz::TimeZone;
use slint::{Model, ModelRc, VecModel};
use terminal_api::interface::Language;

use crate::keyboard::{Effect, binding};
use crate::navigation::Place;
use crate::words::Words;
use crate::{App, ui};

pub(crate) use record::{State, ticks};

/// Answers the callbacks of all pages. Called once.
pub(crate) fn attach(app: &Rc<App>) {
    areas::attach(app);
    home::attach(app);
    list::attach(app);
    notice::attach(app);
    search::attach(app);
    results::attach(app);
    binding::attach(app);
    record::attach(app);
}

/// Fills the page for `place` and says which it is.
pub(crate) fn show(app: &App, place: &Place) -> ui::Page {
    let problem = app.content().problem();
    match (place, problem) {
        (Place::Attract, _) => attract::show(app),
        (Place::Suggestions, _) => notice::suggestions(app),
        (_, Some(problem)) => notice::no_content(app, problem),
        (Place::Home, None) => home::show(app),
        (Place::Areas, None) => areas::show(app),
        (Place::Area { .. } | Place::List(_) | Place::MyList, None) => list::show(app),
        (Place::Search, None) => search::show(app),
        (Place::Results, None) => results::show(app),
        (Place::Record { id, article }, None) => record::show(app, id, *article),
    }
}

/// Forgets what was typed or ticked: the visit is over.
pub(crate) fn wipe(app: &App) {
    app.typing_mut().wipe();
    app.finder_mut().wipe();
    record::wipe(app);
}

/// A key of the on-screen keyboard changed the text of `field`, or finished it. A page that has a text field answers here.
pub(crate) fn typed(app: &App, field: &str, effect: Effect) {
    if field == search::FIELD {
        search::typed(app, effect);
    }
}

/// An area's name in the language of the screen, where it has one.
pub(crate) fn area_name(area: &Area, language: Language) -> String {
    match (language, &area.name_en) {
        (Language::En, Some(name)) => name.clone(),
        _ => area.name.clone(),
    }
}

/// Content set in type for the screen; it is Chinese in every language of the interface.
pub(crate) fn typeset(text: &str) -> String {
    catalog::typeset(text, catalog::Language::Zh)
}

/// The provenance line of a page that shows many records.
pub(crate) fn provenance_of_many(app: &App, words: &Words) -> ui::ProvenanceView {
    ui::ProvenanceView {
        publisher: words.get("list-verified-elsewhere").into(),
        as_of: as_of(app).into(),
        verified: app.content().signature() == Signature::Verified,
        ..ui::ProvenanceView::default()
    }
}

/// The day up to which the content goes, as provenance gives it.
pub(crate) fn as_of(app: &App) -> String {
    app.content().published_at().map_or_else(
        || app.words().get("not-provided"),
        |at| at.to_zoned(TimeZone::system()).date().to_string(),
    )
}

/// A model of finished values.
pub(crate) fn model<T: Clone + 'static>(values: impl IntoIterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(values.into_iter().collect::<VecModel<T>>())
}

/// A model that makes a row when it is looked at: of a long list only what is on the screen.
pub(crate) struct OnDemand<T> {
    rows: usize,
    make: Box<dyn Fn(usize) -> T>,
}

impl<T: Clone + 'static> OnDemand<T> {
    /// A model of `rows` rows that `make` makes.
    pub(crate) fn model(rows: usize, make: impl Fn(usize) -> T + 'static) -> ModelRc<T> {
        ModelRc::new(Self {
            rows,
            make: Box::new(make),
        })
    }
}

impl<T: 'static> Model for OnDemand<T> {
    type Data = T;

    fn row_count(&self) -> usize {
        self.rows
    }

    fn row_data(&self, row: usize) -> Option<T> {
        (row < self.rows).then(|| (self.make)(row))
    }

    fn model_tracker(&self) -> &dyn slint::ModelTracker {
        &()
    }
}
