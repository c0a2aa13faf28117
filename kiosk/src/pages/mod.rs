//! One file a page: each turns what is asked for into what its part of the interface shows.

mod attract;
mod home;

use std::rc::Rc;

use crate::navigation::Place;
use crate::{App, ui};

/// Answers the callbacks of all pages. Called once.
pub(crate) fn attach(app: &Rc<App>) {
    home::attach(app);
}

/// Fills the page for `place` and says which it is.
pub(crate) fn show(app: &App, place: &Place) -> ui::Page {
    match place {
        Place::Attract => attract::show(app),
        Place::Home => home::show(app),
        _ => home::show(app),
    }
}

/// Forgets what was typed or ticked: the visit is over.
pub(crate) fn wipe(_app: &App) {}

/// An area's name in the language of the screen, where it has one.
pub(crate) fn area_name(area: &catalog::record::Area, language: terminal_api::interface::Language) -> String {
    match (language, &area.name_en) {
        (terminal_api::interface::Language::En, Some(name)) => name.clone(),
        _ => area.name.clone(),
    }
}
