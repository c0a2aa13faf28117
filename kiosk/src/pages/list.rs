//! Lists of records: by kind, of one area, of one life event, the resident's own.

mod line;
mod source;

use std::rc::Rc;

use self::source::Listing;
use super::{OnDemand, model, provenance_of_many};
use crate::navigation::Place;
use crate::{App, ui};

pub(super) fn attach(app: &Rc<App>) {
    let view = app.global::<ui::ListView>();
    let weak = app.weak();
    view.on_open(move |index| {
        if let Some(app) = weak.upgrade()
            && let Some(line) = listing(&app).and_then(|listing| listing.lines.get(index as usize).cloned())
        {
            app.open(line.leads_to());
        }
    });
    let weak = app.weak();
    view.on_choose(move |tab| {
        if let Some(app) = weak.upgrade()
            && let Some(tab) = listing(&app).and_then(|listing| listing.tabs.into_iter().nth(tab as usize))
        {
            app.replace(tab.place);
        }
    });
    view.on_clear(app.react(App::clear_list));
}

/// What the list that is open holds.
fn listing(app: &App) -> Option<Listing> {
    match app.place() {
        Place::List(list) => Some(source::list(app, &list)),
        Place::Area { id, kind } => Some(source::area(app, &id, kind)),
        Place::MyList => Some(source::my_list(app)),
        _ => None,
    }
}

/// Shows the list, the area or the resident's own list that is open.
pub(super) fn show(app: &App) -> ui::Page {
    let (view, words) = (app.global::<ui::ListView>(), app.words());
    let listing = listing(app).unwrap_or_default();
    view.set_crumb(listing.crumb.into());
    view.set_title(listing.title.into());
    view.set_remark(listing.remark.into());
    view.set_tabs(model(listing.tabs.into_iter().map(|tab| {
        ui::ListTab {
            text: tab.text.into(),
            count: tab
                .count
                .map(|count| count.to_string())
                .unwrap_or_default()
                .into(),
            selected: tab.selected,
        }
    })));
    view.set_shape(listing.shape);
    view.set_empty(listing.empty.into());
    view.set_is_my_list(app.place() == Place::MyList);
    view.set_provenance(provenance_of_many(app, &words));
    let (lines, app) = (listing.lines, app.weak());
    view.set_items(OnDemand::model(lines.len(), move |row| {
        app.upgrade()
            .map(|app| lines[row].shown(&app))
            .unwrap_or_default()
    }));
    ui::Page::List
}
