//! The filters of the results page and the sheets that set them.

use std::rc::Rc;

use catalog::record::{RecordId, ValidityState};
use slint::{ModelRc, VecModel};

use super::narrow;
use crate::search::{areas, validities, validity_word};
use crate::{App, pages, ui};

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::ResultsView>();
    let weak = app.weak();
    view.on_open_filter(move |filter| {
        if let Some(app) = weak.upgrade() {
            open(&app, filter);
        }
    });
    let weak = app.weak();
    view.on_clear_filter(move |kind| {
        if let Some(app) = weak.upgrade() {
            narrow(&app, |filter| match kind {
                ui::FilterKind::Area => filter.area = None,
                ui::FilterKind::Validity => filter.validity = None,
                ui::FilterKind::None => {}
            });
        }
    });
    let weak = app.weak();
    view.on_choose(move |place| {
        if let (Some(app), Ok(place)) = (weak.upgrade(), usize::try_from(place)) {
            choose(&app, place);
        }
    });
}

/// The name of the area that is filtered by; empty for all.
pub(super) fn area_name(app: &App, area: Option<&RecordId>) -> String {
    let content = app.content();
    let area = area.and_then(|id| content.area(id));
    area.map(|area| pages::area_name(area, app.words().language()))
        .unwrap_or_default()
}

fn open(app: &App, filter: ui::FilterKind) {
    let words = app.words();
    let choices: VecModel<ui::ChoiceView> = match filter {
        ui::FilterKind::None => VecModel::default(),
        ui::FilterKind::Area => area_choices(app)
            .into_iter()
            .map(|(id, count)| choice(area_name(app, Some(&id)), count))
            .collect(),
        ui::FilterKind::Validity => validity_choices(app)
            .into_iter()
            .map(|(state, count)| choice(validity_word(state, &words), count))
            .collect(),
    };
    let view = app.global::<ui::ResultsView>();
    view.set_choices(ModelRc::new(choices));
    view.set_sheet(filter);
}

fn choose(app: &App, place: usize) {
    match app.global::<ui::ResultsView>().get_sheet() {
        ui::FilterKind::None => {}
        ui::FilterKind::Area => {
            let area = area_choices(app).into_iter().nth(place).map(|(id, _)| id);
            narrow(app, |filter| filter.area = area);
        }
        ui::FilterKind::Validity => {
            let validity = validity_choices(app)
                .into_iter()
                .nth(place)
                .map(|(state, _)| state);
            narrow(app, |filter| filter.validity = validity);
        }
    }
}

fn choice(name: String, count: usize) -> ui::ChoiceView {
    ui::ChoiceView {
        name: name.into(),
        count: count as i32,
    }
}

/// The areas with hits, in the order of the founding document.
fn area_choices(app: &App) -> Vec<(RecordId, usize)> {
    let counts = {
        let finder = app.finder();
        areas(&finder.found.hits, &finder.filter)
    };
    let content = app.content();
    let ids = content.areas().iter().map(|area| area.id.clone());
    ids.filter_map(|id| counts.get(&id).map(|count| (id.clone(), *count)))
        .collect()
}

fn validity_choices(app: &App) -> Vec<(ValidityState, usize)> {
    let finder = app.finder();
    validities(&finder.found.hits, &finder.filter)
}
