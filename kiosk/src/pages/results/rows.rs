//! The rows of the results page, made when they are shown: a search may find hundreds.

use std::rc::Weak;

use catalog::record::Kind;
use catalog::search::Filter;
use slint::{Model, ModelNotify, ModelRc, ModelTracker, VecModel};

use super::MOST_IN_GROUP;
use crate::pages::search::row;
use crate::search::{KINDS, List};
use crate::{App, ui};

/// The rows of one list, by the places of their hits.
struct Rows {
    app: Weak<App>,
    places: Vec<usize>,
    list: List,
    notify: ModelNotify,
}

impl Model for Rows {
    type Data = ui::HitView;

    fn row_count(&self) -> usize {
        self.places.len()
    }

    fn row_data(&self, index: usize) -> Option<Self::Data> {
        let (app, place) = (self.app.upgrade()?, *self.places.get(index)?);
        let hit = app.finder().found.hits.get(place)?.clone();
        Some(row(&app, &hit, place == 0, self.list))
    }

    fn model_tracker(&self) -> &dyn ModelTracker {
        &self.notify
    }
}

/// All rows that the filter lets through.
pub(super) fn list(app: &App, filter: &Filter) -> ModelRc<ui::HitView> {
    let places = app.finder().shown();
    let list = if filter.kind.is_some() {
        List::OfKind
    } else {
        List::Mixed
    };
    rows(app, places, list)
}

/// The groups, each with its first rows.
pub(super) fn groups(app: &App, groups: &[(Kind, Vec<usize>)]) -> ModelRc<ui::GroupView> {
    let words = app.words();
    let group = |(kind, places): &(Kind, Vec<usize>)| ui::GroupView {
        place: KINDS
            .iter()
            .position(|other| other == kind)
            .map_or(0, |place| place as i32 + 1),
        title: words.get(&format!("hit-kind-{}", kind.as_str())).into(),
        count: places.len() as i32,
        hits: rows(
            app,
            places.iter().take(MOST_IN_GROUP).copied().collect(),
            List::OfKind,
        ),
    };
    ModelRc::new(groups.iter().map(group).collect::<VecModel<_>>())
}

fn rows(app: &App, places: Vec<usize>, list: List) -> ModelRc<ui::HitView> {
    ModelRc::new(Rows {
        app: app.weak(),
        places,
        list,
        notify: ModelNotify::default(),
    })
}
