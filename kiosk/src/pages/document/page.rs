//! The reader on the screen: what it shows, and what its keys do.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use catalog::record::{ArticleNumber, Document};

use super::geometry::{Area, Geometry, Wanted};
use super::open::{At, Open, chapter, next, previous, rail_start};
use super::reading::Place;
use super::{about, chrome, frame, pad};
use crate::pages::content::layout::{
    Frame, HeadLength, Pager, Ruler, column, head_height, provenance_height,
};
use crate::pages::content::view::{Drawer, head};
use crate::pages::content::{Block, DatasetState, screens};
use crate::pages::record;
use crate::{App, navigation, ui};

/// The document that is open.
#[derive(Default)]
pub(crate) struct State {
    pub(super) open: RefCell<Option<Open>>,
    /// What was typed on the number pad.
    pub(super) digits: RefCell<String>,
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
        pad::show(app);
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
    pad::attach(app);
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

pub(super) fn turn(app: &App, to: impl FnOnce(&Open) -> Option<At>) {
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
    chrome::show_turn(open, &reader, &words);
    chrome::show_rail(open, &reader);
    chrome::show_explained(open, &reader);
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
