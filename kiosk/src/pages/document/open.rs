//! The document that is open: where in it the resident is, and where turning leads.

use catalog::record::{ArticleNumber, Document, Record, RecordId, Relation};

use super::geometry::Geometry;
use super::interpretation::{Passage, passages};
use super::reading::{Place, Reading};
use crate::App;
use crate::pages::content::Screen;
use crate::pages::content::view::Actions;

/// The document that is open, and where in it the resident is.
pub(super) struct Open {
    pub(super) id: RecordId,
    pub(super) cited: Option<ArticleNumber>,
    pub(super) reading: Reading,
    pub(super) explained: Option<Explained>,
    pub(super) geometry: Geometry,
    pub(super) low_top: f32,
    /// The screens of a document without articles.
    pub(super) starts: Vec<Place>,
    pub(super) about: Vec<Screen>,
    pub(super) at: At,
    pub(super) next: Option<Place>,
    /// The first chapter in the rail; `None` follows the text.
    pub(super) rail: Option<usize>,
    pub(super) actions: Actions,
}

/// The interpretation that explains it.
pub(super) struct Explained {
    pub(super) id: RecordId,
    pub(super) title: String,
    pub(super) passages: Vec<Passage>,
}

/// What the pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Text(Place),
    About(usize),
}

impl At {
    /// As the number that navigation keeps: 0 is where the document opens.
    pub(super) fn to_screen(self) -> i32 {
        match self {
            Self::Text(place) => i32::try_from(place.block() + 1).unwrap_or(i32::MAX),
            Self::About(screen) => -1 - i32::try_from(screen).unwrap_or(0),
        }
    }

    pub(super) fn from_screen(screen: i32) -> Option<Self> {
        match screen {
            0 => None,
            1.. => Some(Self::Text(Place::at_block(screen as usize - 1))),
            ..0 => Some(Self::About((-1 - screen) as usize)),
        }
    }
}

impl Open {
    pub(super) fn new(app: &App, document: &Document, cited: Option<ArticleNumber>) -> Self {
        let explained = document
            .links
            .iter()
            .find(|link| link.relation == Relation::InterpretedBy)
            .and_then(|link| match app.content().record(&link.id)? {
                Record::Interpretation(interpretation) => Some(Explained {
                    id: interpretation.id.clone(),
                    title: crate::pages::content::typeset(&interpretation.title),
                    passages: passages(&interpretation),
                }),
                _ => None,
            });
        Self {
            id: document.id.clone(),
            cited,
            reading: Reading::new(document, cited),
            explained,
            geometry: Geometry::default(),
            low_top: 0.0,
            starts: Vec::new(),
            about: Vec::new(),
            at: At::Text(Place::default()),
            next: None,
            rail: None,
            actions: Actions::default(),
        }
    }

    pub(super) fn has_articles(&self) -> bool {
        self.reading.article_count() > 0
    }

    /// The screen of a document without articles that holds `place`.
    pub(super) fn screen_at(&self, place: Place) -> usize {
        self.starts
            .partition_point(|start| *start <= place)
            .saturating_sub(1)
    }
}

pub(super) fn next(open: &Open) -> Option<At> {
    match open.at {
        At::About(screen) => (screen + 1 < open.about.len()).then_some(At::About(screen + 1)),
        At::Text(place) if open.has_articles() => next_article(open, place).map(At::Text),
        At::Text(_) => open.next.map(At::Text),
    }
}

/// The next article or, when this one goes on below the fold, the rest of it.
fn next_article(open: &Open, place: Place) -> Option<Place> {
    let here = open.reading.article_at(place);
    let following = here.and_then(|here| {
        // Before the first article stands what leads up to it.
        let own = open.reading.article_place(here)?;
        if own > place {
            Some(own)
        } else {
            open.reading.article_place(here + 1)
        }
    });
    match (following, open.next) {
        (Some(following), Some(rest)) => Some(following.min(rest)),
        (Some(following), None) => Some(following),
        (None, rest) => rest,
    }
}

pub(super) fn previous(open: &Open) -> Option<At> {
    match open.at {
        At::About(screen) => Some(
            screen
                .checked_sub(1)
                .map_or(At::Text(Place::default()), At::About),
        ),
        At::Text(place) if open.has_articles() => {
            let here = open.reading.article_at(place)?;
            let own = open.reading.article_place(here)?;
            if own < place {
                return Some(At::Text(own));
            }
            match here.checked_sub(1) {
                Some(before) => open.reading.article_place(before).map(At::Text),
                None => (place > Place::default()).then_some(At::Text(Place::default())),
            }
        }
        At::Text(place) => {
            let before = open.screen_at(place).checked_sub(1)?;
            Some(At::Text(open.starts[before]))
        }
    }
}

pub(super) fn chapter(open: &Open, step: i32) -> Option<At> {
    let At::Text(place) = open.at else {
        return Some(At::Text(Place::default()));
    };
    let here = open.reading.chapter_at(place).map_or(-1, |here| here as i32);
    let wanted = usize::try_from(here + step).ok()?;
    Some(At::Text(open.reading.chapters().get(wanted)?.place))
}

/// The first chapter in the rail: as it was turned, or so that the chapter that is read stands in it.
pub(super) fn rail_start(open: &Open, fit: usize) -> usize {
    let all = open.reading.chapters().len();
    let here = match open.at {
        At::Text(place) => open.reading.chapter_at(place).unwrap_or(0),
        At::About(_) => 0,
    };
    open.rail
        .unwrap_or_else(|| here.saturating_sub(fit / 2))
        .min(all.saturating_sub(fit))
}
