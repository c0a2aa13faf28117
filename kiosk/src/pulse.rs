//! Tells the agent that the screen lives: that frames are drawn, with which content, and what is opened.
//!
//! The software renderer does not say when it drew. A frame that was asked for is drawn before the loop of
//! the window comes to the timer again; so a frame asked for in one second is drawn by the next, or the loop
//! hangs and nothing is told.

use std::cell::Cell;

use catalog::record::Kind;
use slint::ComponentHandle as _;
use terminal_api::interface::Page;

use crate::App;
use crate::navigation::{List, Place};

/// A frame is asked for once in so many seconds, also when nothing changes.
const BETWEEN_FRAMES: u32 = 5;
/// The agent hears once in so many seconds what is drawn, also when that has not changed,
const BETWEEN_FRAMES_TOLD: u32 = 10;
/// and once in so many how many frames there were.
const BETWEEN_BEATS: u32 = 30;

/// The pulse of the screen.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    seconds: Cell<u32>,
    is_asked_for: Cell<bool>,
    frames: Cell<u64>,
    /// The generation of which the agent knows that it was drawn.
    told: Cell<Option<u64>>,
}

impl Pulse {
    /// The agent is there, perhaps anew: it hears again what is drawn.
    pub(crate) fn begin(&self) {
        self.told.set(None);
    }

    /// A second has passed.
    pub(crate) fn second(&self, app: &App) {
        let generation = app.content().generation();
        if self.is_asked_for.take() {
            self.frames.set(self.frames.get() + 1);
            let is_due = self.seconds.get().is_multiple_of(BETWEEN_FRAMES_TOLD);
            if let Some(drawn) = generation.filter(|_| is_due || self.told.get() != generation) {
                app.agent().frame_drawn(drawn);
                self.told.set(generation);
            }
        }
        let seconds = self.seconds.get().wrapping_add(1);
        self.seconds.set(seconds);
        if seconds.is_multiple_of(BETWEEN_FRAMES) || generation.is_some() && self.told.get() != generation {
            app.window().window().request_redraw();
            self.is_asked_for.set(true);
        }
        if seconds.is_multiple_of(BETWEEN_BEATS) {
            app.agent().heartbeat(self.frames.get());
        }
    }
}

/// What kind of page a place is, as far as it is counted. Which record it shows is nobody's business.
pub(crate) fn page(place: &Place, kind: impl FnOnce() -> Option<Kind>) -> Option<Page> {
    match place {
        Place::Home => Some(Page::Home),
        Place::Results => Some(Page::Search),
        Place::Areas | Place::Area { .. } => Some(Page::Area),
        Place::List(List::Concerning(_)) => Some(Page::LifeEvent),
        Place::Record { .. } => match kind()? {
            Kind::Entry => Some(Page::Entry),
            Kind::Guide => Some(Page::Guide),
            Kind::Document | Kind::Interpretation => Some(Page::Document),
            Kind::Dataset => Some(Page::Dataset),
            Kind::Form => Some(Page::Form),
            _ => None,
        },
        Place::Attract | Place::List(_) | Place::MyList | Place::Suggestions | Place::Search => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_counted_by_its_kind_and_nothing_else() {
        let record = Place::record("guide-001".try_into().unwrap());
        assert_eq!(page(&record, || Some(Kind::Guide)), Some(Page::Guide));
        assert_eq!(page(&record, || None), None);
        assert_eq!(page(&Place::Home, || None), Some(Page::Home));
        assert_eq!(page(&Place::MyList, || None), None);
    }
}
