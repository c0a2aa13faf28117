//! The filters of the results page and the sheets that set them.

use std::rc::Rc;

use catalog::record::{Addressee, RecordId, ValidityState};
use catalog::search::{Counts, Filter};
use slint::{ModelRc, VecModel};

use super::{narrow, room};
use crate::search::{lines, validity_word, width};
use crate::session::Reach;
use crate::words::Words;
use crate::{App, pages, ui};

/// The filters, in the order of their chips.
const FILTERS: [ui::FilterKind; 4] = [
    ui::FilterKind::Area,
    ui::FilterKind::Body,
    ui::FilterKind::Addressee,
    ui::FilterKind::Validity,
];
/// In force first.
const VALIDITIES: [ValidityState; 5] = [
    ValidityState::InForce,
    ValidityState::BasisSuperseded,
    ValidityState::Superseded,
    ValidityState::Repealed,
    ValidityState::Unknown,
];

/// A value to filter by, with how many hits it leaves.
struct Choice {
    value: Value,
    name: String,
    count: usize,
}

#[derive(Clone)]
enum Value {
    Area(RecordId),
    Body(String),
    Addressee(Addressee),
    Validity(ValidityState),
}

impl Value {
    fn set(self, filter: &mut Filter) {
        match self {
            Self::Area(area) => filter.area = Some(area),
            Self::Body(body) => filter.body = Some(body),
            Self::Addressee(addressee) => filter.addressee = Some(addressee),
            Self::Validity(validity) => filter.validity = Some(validity),
        }
    }
}

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::ResultsView>();
    let weak = app.weak();
    view.on_open_filter(move |kind| {
        if let Some(app) = weak.upgrade() {
            open(&app, kind);
        }
    });
    let weak = app.weak();
    view.on_clear_filter(move |kind| {
        if let Some(app) = weak.upgrade() {
            narrow(&app, |filter| match kind {
                ui::FilterKind::Area => filter.area = None,
                ui::FilterKind::Body => filter.body = None,
                ui::FilterKind::Addressee => filter.addressee = None,
                ui::FilterKind::Validity => filter.validity = None,
                ui::FilterKind::None => {}
            });
        }
    });
    let weak = app.weak();
    view.on_choose(move |place| {
        if let (Some(app), Ok(place)) = (weak.upgrade(), usize::try_from(place)) {
            let sheet = app.global::<ui::ResultsView>().get_sheet();
            let chosen = choices(&app, sheet).into_iter().nth(place);
            if let Some(choice) = chosen {
                narrow(&app, |filter| choice.value.set(filter));
            }
        }
    });
}

/// Shows the chips, in as many lines as they need.
pub(super) fn show(app: &App, filter: &Filter) {
    let words = app.words();
    let all = words.get("results-all");
    let mut chips: Vec<ui::FilterView> = FILTERS
        .into_iter()
        .map(|kind| {
            let value = value(app, kind, filter);
            ui::FilterView {
                filter: kind,
                name: words.get(name_key(kind)).into(),
                set: value.is_some(),
                shows_value: true,
                value: value.unwrap_or_else(|| all.clone()).into(),
            }
        })
        .collect();
    let large = app.session().sight.is_large();
    let size = if large { 38.0 } else { 30.0 };
    let room = room(app);
    // In low reach the chip that leads back to the keyboard stands before them.
    let before = (app.session().reach == Reach::Low).then(|| width(&words.get("search-edit")) * size + 56.0);
    let widths = |chips: &[ui::FilterView]| -> Vec<f32> {
        let wide = |chip: &ui::FilterView| {
            let value = if chip.shows_value {
                width(&chip.value) * size + 12.0
            } else {
                0.0
            };
            width(&chip.name) * size + value + 90.0
        };
        before.into_iter().chain(chips.iter().map(wide)).collect()
    };
    let mut all_widths = widths(&chips);
    if lines(&all_widths, 12.0, room).len() > 1 {
        for chip in chips.iter_mut().filter(|chip| !chip.set) {
            chip.shows_value = false;
        }
        all_widths = widths(&chips);
    }
    let mut chips = chips.into_iter();
    let mut first = usize::from(before.is_some());
    let lines: VecModel<ui::FilterLine> = lines(&all_widths, 12.0, room)
        .into_iter()
        .map(|length| ui::FilterLine {
            filters: ModelRc::new(
                chips
                    .by_ref()
                    .take(length - std::mem::take(&mut first))
                    .collect::<VecModel<_>>(),
            ),
        })
        .collect();
    app.global::<ui::ResultsView>().set_filters(ModelRc::new(lines));
}

fn open(app: &App, kind: ui::FilterKind) {
    let choices: VecModel<ui::ChoiceView> = choices(app, kind)
        .into_iter()
        .map(|choice| ui::ChoiceView {
            name: choice.name.into(),
            count: choice.count as i32,
        })
        .collect();
    let view = app.global::<ui::ResultsView>();
    view.set_choices(ModelRc::new(choices));
    view.set_sheet_title(app.words().get(title_key(kind)).into());
    view.set_sheet(kind);
}

fn name_key(kind: ui::FilterKind) -> &'static str {
    match kind {
        ui::FilterKind::Area | ui::FilterKind::None => "results-area",
        ui::FilterKind::Body => "results-body",
        ui::FilterKind::Addressee => "results-addressee",
        ui::FilterKind::Validity => "results-validity",
    }
}

fn title_key(kind: ui::FilterKind) -> &'static str {
    match kind {
        ui::FilterKind::Area | ui::FilterKind::None => "results-choose-area",
        ui::FilterKind::Body => "results-choose-body",
        ui::FilterKind::Addressee => "results-choose-addressee",
        ui::FilterKind::Validity => "results-choose-validity",
    }
}

/// The word for what is filtered by; `None` for all.
fn value(app: &App, kind: ui::FilterKind, filter: &Filter) -> Option<String> {
    let words = app.words();
    match kind {
        ui::FilterKind::None => None,
        ui::FilterKind::Area => filter.area.as_ref().map(|area| area_name(app, area)),
        ui::FilterKind::Body => filter.body.clone(),
        ui::FilterKind::Addressee => filter
            .addressee
            .map(|addressee| addressee_word(addressee, &words)),
        ui::FilterKind::Validity => filter.validity.map(|validity| validity_word(validity, &words)),
    }
}

fn area_name(app: &App, id: &RecordId) -> String {
    let content = app.content();
    let area = content.area(id);
    area.map(|area| pages::area_name(area, app.words().language()))
        .unwrap_or_default()
}

fn addressee_word(addressee: Addressee, words: &Words) -> String {
    words.get(&format!("results-for-{}", addressee.as_str()))
}

/// The values of a filter that leave hits, in the order in which the sheet shows them.
fn choices(app: &App, kind: ui::FilterKind) -> Vec<Choice> {
    let counts = {
        let finder = app.finder();
        Counts::of(&finder.found.hits, &finder.filter)
    };
    let words = app.words();
    match kind {
        ui::FilterKind::None => Vec::new(),
        ui::FilterKind::Area => {
            // In the order of the founding document.
            let ids: Vec<RecordId> = app.content().areas().iter().map(|area| area.id.clone()).collect();
            ids.into_iter()
                .filter_map(|id| {
                    Some(Choice {
                        count: *counts.areas.get(&id)?,
                        name: area_name(app, &id),
                        value: Value::Area(id),
                    })
                })
                .collect()
        }
        ui::FilterKind::Body => {
            let mut bodies: Vec<(String, usize)> = counts.bodies.into_iter().collect();
            bodies.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
            bodies
                .into_iter()
                .map(|(body, count)| Choice {
                    name: body.clone(),
                    count,
                    value: Value::Body(body),
                })
                .collect()
        }
        ui::FilterKind::Addressee => Addressee::ALL
            .into_iter()
            .filter_map(|addressee| {
                Some(Choice {
                    count: *counts.addressees.get(&addressee)?,
                    name: addressee_word(addressee, &words),
                    value: Value::Addressee(addressee),
                })
            })
            .collect(),
        ui::FilterKind::Validity => VALIDITIES
            .into_iter()
            .filter_map(|validity| {
                Some(Choice {
                    count: *counts.validities.get(&validity)?,
                    name: validity_word(validity, &words),
                    value: Value::Validity(validity),
                })
            })
            .collect(),
    }
}
