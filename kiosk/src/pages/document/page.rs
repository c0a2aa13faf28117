//! The reader on the screen: what it shows, and what its keys do.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use catalog::record::{ArticleNumber, Document, Record, RecordId, Relation};
use slint::SharedString;

use super::geometry::{Area, Geometry, Wanted};
use super::interpretation::{Passage, passages};
use super::reading::{Place, Reading};
use super::{about, frame};
use crate::pages::content::layout::{
    Frame, HeadLength, Pager, Ruler, column, head_height, provenance_height,
};
use crate::pages::content::view::{Actions, Drawer, head, model};
use crate::pages::content::{Block, DatasetState, Say as _, Screen, screens};
use crate::pages::record;
use crate::words::Words;
use crate::{App, navigation, ui};

/// The document that is open.
#[derive(Default)]
pub(crate) struct State {
    open: RefCell<Option<Open>>,
    /// What was typed on the number pad.
    digits: RefCell<String>,
}

struct Open {
    id: RecordId,
    cited: Option<ArticleNumber>,
    reading: Reading,
    explained: Option<Explained>,
    geometry: Geometry,
    low_top: f32,
    /// The screens of a document without articles.
    starts: Vec<Place>,
    about: Vec<Screen>,
    at: At,
    next: Option<Place>,
    /// The first chapter in the rail; `None` follows the text.
    rail: Option<usize>,
    actions: Actions,
}

struct Explained {
    id: RecordId,
    title: String,
    passages: Vec<Passage>,
}

/// What the pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Text(Place),
    About(usize),
}

impl At {
    /// As the number that navigation keeps: 0 is where the document opens.
    fn to_screen(self) -> i32 {
        match self {
            Self::Text(place) => i32::try_from(place.block() + 1).unwrap_or(i32::MAX),
            Self::About(screen) => -1 - i32::try_from(screen).unwrap_or(0),
        }
    }

    fn from_screen(screen: i32) -> Option<Self> {
        match screen {
            0 => None,
            1.. => Some(Self::Text(Place::at_block(screen as usize - 1))),
            ..0 => Some(Self::About((-1 - screen) as usize)),
        }
    }
}

/// Answers what is pressed in the reader. Called once.
pub(crate) fn attach(app: &Rc<App>) {
    let reader = app.global::<ui::Reader>();
    reader.on_previous(app.react(|app| turn(app, previous)));
    reader.on_next(app.react(|app| turn(app, next)));
    reader.on_about(app.react(|app| {
        turn(app, |open| match open.at {
            At::Text(_) => Some(At::About(0)),
            At::About(_) => Some(At::Text(Place::default())),
        });
    }));
    reader.on_rail_up(app.react(|app| turn_rail(app, false)));
    reader.on_rail_down(app.react(|app| turn_rail(app, true)));
    reader.on_jump(app.react(|app| {
        app.pages().document.digits.borrow_mut().clear();
        app.global::<ui::JumpPad>().set_shown(true);
        show_pad(app);
    }));
    reader.on_open_explained(app.react(|app| {
        let id = app
            .pages()
            .document
            .open
            .borrow()
            .as_ref()
            .and_then(|open| Some(open.explained.as_ref()?.id.clone()));
        if let Some(id) = id {
            app.open(navigation::Place::record(id));
        }
    }));
    let weak = app.weak();
    reader.on_go_to(move |chapter| {
        if let Some(app) = weak.upgrade() {
            turn(&app, |open| {
                Some(At::Text(open.reading.chapters().get(chapter as usize)?.place))
            });
        }
    });
    let weak = app.weak();
    reader.on_chapter(move |step| {
        if let Some(app) = weak.upgrade() {
            turn(&app, |open| chapter(open, step));
        }
    });
    let weak = app.weak();
    reader.on_press(move |number| {
        let Some(app) = weak.upgrade() else { return };
        let pressed = {
            let open = app.pages().document.open.borrow();
            open.as_ref()
                .and_then(|open| Some((open.id.clone(), open.actions.get(number)?.clone())))
        };
        if let Some((id, action)) = pressed {
            record::act(&app, &id, action);
        }
    });
    attach_pad(app);
}

/// Forgets the document.
pub(crate) fn wipe(app: &App) {
    *app.pages().document.open.borrow_mut() = None;
    app.pages().document.digits.borrow_mut().clear();
    app.global::<ui::JumpPad>().set_shown(false);
}

/// Opens `document`, at the article that is cited, or where navigation left it.
pub(crate) fn show(app: &App, document: &Document, cited: Option<ArticleNumber>) -> ui::Page {
    app.global::<ui::JumpPad>().set_shown(false);
    let (window, words, reader, content) = (
        app.window(),
        app.words(),
        app.global::<ui::Reader>(),
        app.global::<ui::Content>(),
    );
    let (around, about) = record::with_context(app, &BTreeSet::default(), &DatasetState::default(), |cx| {
        (frame(document, cx), about(document, cx))
    });
    content.set_head(head(&around.head));
    content.set_provenance(record::provenance(
        &around.provenance,
        app.content().signature(),
        &words,
    ));

    let mut open = match app.pages().document.open.borrow_mut().take() {
        Some(open) if open.id == document.id && open.cited == cited => open,
        _ => Open::new(app, document, cited),
    };
    let large = app.session().sight.is_large();
    let mut ruler = Ruler::new(window, &*words, large);
    let page = Frame::of(window);
    let mut drawer = Drawer::new(&*words, large);
    let notice: Vec<Block> = around.notice.into_iter().collect();
    let notice = column(&notice, page.inner(), &mut drawer, &mut ruler);
    let notice_height = slint::Model::iter(&notice)
        .map(|block| block.height + 16.0)
        .sum::<f32>();
    reader.set_notice(notice);
    let top = head_height(window, page.inner(), HeadLength::Whole) + notice_height;
    let source = provenance_height(window, page.inner());
    open.geometry = Geometry::new(&Wanted {
        width: page.width(),
        top,
        bottom: page.bottom(source, Pager::Absent),
        low_top: page.low_top(),
        landscape: page.landscape(),
        low: page.low(),
        large,
        chapters: !open.reading.chapters().is_empty(),
        explained: open.explained.is_some(),
    });
    open.low_top = page.low_top();
    let room = open.geometry.room();
    open.starts = match open.reading.article_count() {
        0 => open.reading.screens(room, &mut ruler),
        _ => Vec::new(),
    };
    open.about = screens(&about, open.geometry.about_room(open.low_top), &mut ruler);
    let kept = At::from_screen(app.global::<ui::Place>().get_screen());
    open.at = kept.unwrap_or_else(|| {
        let asked = cited.and_then(|number| open.reading.article_place(open.reading.find(number)?));
        At::Text(asked.unwrap_or_default())
    });
    *app.pages().document.open.borrow_mut() = Some(open);
    draw(app);
    ui::Page::Document
}

impl Open {
    fn new(app: &App, document: &Document, cited: Option<ArticleNumber>) -> Self {
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

    fn has_articles(&self) -> bool {
        self.reading.article_count() > 0
    }

    /// The screen of a document without articles that holds `place`.
    fn screen_at(&self, place: Place) -> usize {
        self.starts
            .partition_point(|start| *start <= place)
            .saturating_sub(1)
    }
}

fn next(open: &Open) -> Option<At> {
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

fn previous(open: &Open) -> Option<At> {
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

fn chapter(open: &Open, step: i32) -> Option<At> {
    let At::Text(place) = open.at else {
        return Some(At::Text(Place::default()));
    };
    let here = open.reading.chapter_at(place).map_or(-1, |here| here as i32);
    let wanted = usize::try_from(here + step).ok()?;
    Some(At::Text(open.reading.chapters().get(wanted)?.place))
}

fn turn(app: &App, to: impl FnOnce(&Open) -> Option<At>) {
    {
        let mut open = app.pages().document.open.borrow_mut();
        let Some(open) = open.as_mut() else { return };
        let Some(at) = to(open) else { return };
        open.at = at;
        open.rail = None;
    }
    draw(app);
}

fn turn_rail(app: &App, down: bool) {
    {
        let mut open = app.pages().document.open.borrow_mut();
        let Some(open) = open.as_mut() else { return };
        let all = open.reading.chapters().len();
        let fit = open.geometry.chapters(all, open.has_articles());
        let first = rail_start(open, fit);
        open.rail = Some(if down {
            (first + fit).min(all - fit)
        } else {
            first.saturating_sub(fit)
        });
    }
    draw(app);
}

/// The first chapter in the rail: as it was turned, or so that the chapter that is read stands in it.
fn rail_start(open: &Open, fit: usize) -> usize {
    let all = open.reading.chapters().len();
    let here = match open.at {
        At::Text(place) => open.reading.chapter_at(place).unwrap_or(0),
        At::About(_) => 0,
    };
    open.rail
        .unwrap_or_else(|| here.saturating_sub(fit / 2))
        .min(all.saturating_sub(fit))
}

fn draw(app: &App) {
    let mut open = app.pages().document.open.borrow_mut();
    let Some(open) = open.as_mut() else { return };
    let (window, words, reader) = (app.window(), app.words(), app.global::<ui::Reader>());
    let large = app.session().sight.is_large();
    let mut ruler = Ruler::new(window, &*words, large);
    let mut drawer = Drawer::new(&*words, large);
    let room = open.geometry.room();

    let blocks = match open.at {
        At::Text(place) => {
            let shown = open.reading.show(place, room, &mut ruler);
            open.next = shown.next;
            shown.blocks
        }
        At::About(screen) => {
            let screen = screen.min(open.about.len() - 1);
            open.at = At::About(screen);
            open.next = None;
            open.about[screen].blocks.clone()
        }
    };
    app.global::<ui::Place>().set_screen(open.at.to_screen());
    reader.set_blocks(column(&blocks, room.width, &mut drawer, &mut ruler));
    open.actions = drawer.actions;
    show_turn(open, &reader, &words);
    show_rail(open, &reader);
    show_explained(open, &reader);
    let Geometry {
        rail,
        pane,
        turn,
        tools,
        panel,
    } = open.geometry;
    reader.set_rail_area(area(rail));
    reader.set_pane(area(match open.at {
        At::Text(_) => pane,
        At::About(_) => open.geometry.about(open.low_top),
    }));
    reader.set_turn_area(area(turn));
    reader.set_tool_area(area(tools));
    reader.set_panel_area(area(panel));
}

fn area(area: Area) -> ui::Area {
    ui::Area {
        x: area.x,
        y: area.y,
        width: area.width,
        height: area.height,
    }
}

fn show_turn(open: &Open, reader: &ui::Reader<'_>, words: &Words) {
    let by_article = open.has_articles() && matches!(open.at, At::Text(_));
    let (here, total, of) = match open.at {
        At::About(screen) => (screen + 1, open.about.len(), "document-screens"),
        At::Text(place) if by_article => (
            open.reading.article_at(place).map_or(1, |here| here + 1),
            open.reading.article_count(),
            "document-articles",
        ),
        At::Text(place) => (open.screen_at(place) + 1, open.starts.len(), "document-screens"),
    };
    let goes_on = match (open.at, next(open)) {
        (At::Text(place), Some(At::Text(next))) if by_article => {
            open.reading.article_at(place) == open.reading.article_at(next)
                && open
                    .reading
                    .article_place(here - 1)
                    .is_some_and(|own| own <= place)
        }
        _ => false,
    };
    let (previous_key, next_key) = if by_article {
        (
            "document-previous",
            if goes_on {
                "document-continues"
            } else {
                "document-next"
            },
        )
    } else {
        ("document-previous-screen", "document-next-screen")
    };
    reader.set_here(here.to_string().into());
    reader.set_of(words.say_with(of, &[("total", &total.to_string())]).into());
    reader.set_previous_text(words.get(previous_key).into());
    reader.set_next_text(words.get(next_key).into());
    reader.set_can_previous(previous(open).is_some());
    reader.set_can_next(next(open).is_some());
    reader.set_can_jump(open.has_articles());
    reader.set_is_about(matches!(open.at, At::About(_)));
}

fn show_rail(open: &Open, reader: &ui::Reader<'_>) {
    let chapters = open.reading.chapters();
    let fit = open.geometry.chapters(chapters.len(), open.has_articles());
    let first = rail_start(open, fit);
    let selected = match open.at {
        At::Text(place) => open.reading.chapter_at(place),
        At::About(_) => None,
    };
    reader.set_more_above(first > 0);
    reader.set_more_below(first + fit < chapters.len());
    reader.set_rail(model(chapters.iter().enumerate().skip(first).take(fit).map(
        |(index, chapter)| ui::RailItem {
            label: chapter.label.as_str().into(),
            title: chapter.title.as_str().into(),
            selected: selected == Some(index),
            action: index as i32,
        },
    )));
}

fn show_explained(open: &Open, reader: &ui::Reader<'_>) {
    let At::Text(place) = open.at else {
        reader.set_explains(false);
        return;
    };
    let article = open.reading.article_at(place);
    let passage = open.explained.as_ref().map(|explained| {
        let near = article
            .and_then(|article| Passage::nearest(&explained.passages, &open.reading.article_text(article)));
        let text = near
            .or(explained.passages.first())
            .map_or("", |passage| passage.text.as_str());
        ui::Explained {
            source: explained.title.as_str().into(),
            text: text.into(),
        }
    });
    reader.set_explains(passage.is_some());
    reader.set_explained(passage.unwrap_or_default());
}

fn attach_pad(app: &Rc<App>) {
    /// No law has an article with more digits.
    const DIGITS: usize = 4;
    let pad = app.global::<ui::JumpPad>();
    let weak = app.weak();
    pad.on_digit(move |digit: SharedString| {
        let Some(app) = weak.upgrade() else { return };
        {
            let mut digits = app.pages().document.digits.borrow_mut();
            if digits.len() < DIGITS && !(digits.is_empty() && digit == "0") {
                digits.push_str(&digit);
            }
        }
        show_pad(&app);
    });
    pad.on_erase(app.react(|app| {
        app.pages().document.digits.borrow_mut().pop();
        show_pad(app);
    }));
    pad.on_clear(app.react(|app| {
        app.pages().document.digits.borrow_mut().clear();
        show_pad(app);
    }));
    pad.on_close(app.react(|app| app.global::<ui::JumpPad>().set_shown(false)));
    pad.on_go(app.react(|app| {
        let digits = app.pages().document.digits.borrow().clone();
        turn(app, |open| {
            Some(At::Text(open.reading.article_place(named(open, &digits)?)?))
        });
        app.global::<ui::JumpPad>().set_shown(false);
    }));
}

/// The article that the digits name.
fn named(open: &Open, digits: &str) -> Option<usize> {
    open.reading.find(ArticleNumber {
        number: digits.parse().ok()?,
        inserted: 0,
    })
}

fn show_pad(app: &App) {
    /// The article's first line, as much as the pad shows.
    const PREVIEW: usize = 44;
    let (pad, words, open) = (
        app.global::<ui::JumpPad>(),
        app.words(),
        app.pages().document.open.borrow(),
    );
    let digits = app.pages().document.digits.borrow();
    let Some(open) = open.as_ref() else { return };
    let found = named(open, &digits);
    let number: Option<u16> = digits.parse().ok();
    pad.set_digits(digits.as_str().into());
    pad.set_can_go(found.is_some());
    pad.set_article(
        number
            .map_or_else(
                || words.get("jump-article"),
                |number| ArticleNumber { number, inserted: 0 }.to_string(),
            )
            .into(),
    );
    pad.set_preview(
        match (found.and_then(|found| open.reading.first_line(found)), number) {
            (Some(line), _) => {
                let short: String = line.chars().take(PREVIEW).collect();
                if short.len() < line.len() {
                    format!("{short}……").into()
                } else {
                    short.into()
                }
            }
            (None, Some(_)) => words.get("jump-missing").into(),
            (None, None) => words
                .count("jump-empty", open.reading.article_count() as u64)
                .into(),
        },
    );
}
