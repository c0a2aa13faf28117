//! The page of a record: built, cut into screens, drawn; what is pressed on it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::str::FromStr as _;

use catalog::record::{ArticleNumber, Record, RecordId};
use catalog::release::Signature;
use fluent_bundle::FluentValue;
use jiff::tz::TimeZone;
use terminal_api::interface::Language;

use super::content::layout::{Frame, HeadLength, Pager, Ruler, column, head_height, provenance_height};
use super::content::view::{self, Actions, Drawer};
use super::content::{
    Action, Block, Columns, Context, DatasetState, DatasetTab, Density, Lookup, Page, Say, Screen,
    provenance, screens, spreads, typeset,
};
use super::{dataset, document, entry, form, guide, interpretation, notice, plan, service_item};
use crate::content::Content;
use crate::navigation::Place;
use crate::words::Words;
use crate::{App, ui};

/// What the pages of records remember during a visit.
#[derive(Default)]
pub(crate) struct State {
    shown: RefCell<Option<Shown>>,
    ticks: RefCell<BTreeMap<RecordId, BTreeSet<usize>>>,
    datasets: RefCell<BTreeMap<RecordId, DatasetState>>,
    pub(super) document: document::State,
}

struct Shown {
    id: RecordId,
    screens: Vec<Screen>,
    shortcut: Option<super::content::Shortcut>,
    actions: Actions,
}

impl Say for Words {
    fn say(&self, key: &str) -> String {
        self.get(key)
    }

    fn say_with(&self, key: &str, arguments: &[(&'static str, &str)]) -> String {
        // Numbers choose between one and many.
        let value = |text| i64::from_str(text).map_or_else(|_| FluentValue::from(text), FluentValue::from);
        let said = self.with(key, arguments.iter().map(|&(name, text)| (name, value(text))));
        match self.language() {
            Language::Zh => typeset(&said),
            Language::En => said,
        }
    }
}

impl Lookup for Content {
    fn record(&self, id: &RecordId) -> Option<Record> {
        Self::record(self, id)
    }
}

/// Answers what is pressed on content pages. Called once.
pub(super) fn attach(app: &Rc<App>) {
    let content = app.global::<ui::Content>();
    let weak = app.weak();
    content.on_press(move |number| {
        if let Some(app) = weak.upgrade() {
            press(&app, number);
        }
    });
    let weak = app.weak();
    content.on_go(move |screen| {
        if let Some(app) = weak.upgrade() {
            app.global::<ui::Place>().set_screen(screen);
            draw(&app);
        }
    });
    app.global::<ui::Actions>().on_add_to_list(app.react(|app| {
        if let Place::Record { id, .. } = app.place() {
            app.collect(&id);
        }
    }));
    document::attach(app);
}

/// Forgets what was ticked and looked at.
pub(super) fn wipe(app: &App) {
    let state = app.pages();
    state.ticks.borrow_mut().clear();
    state.datasets.borrow_mut().clear();
    *state.shown.borrow_mut() = None;
    document::wipe(app);
}

/// What the resident ticked on the page of `id`.
pub(crate) fn ticks(app: &App, id: &RecordId) -> BTreeSet<usize> {
    app.pages().ticks.borrow().get(id).cloned().unwrap_or_default()
}

/// Fills the page of the record `id` and says which it is.
pub(super) fn show(app: &App, id: &RecordId, article: Option<ArticleNumber>) -> ui::Page {
    let Some(record) = app.content().record(id) else {
        return notice::gone(app);
    };
    app.global::<ui::Actions>()
        .set_is_listed(app.session().list().contains(id));
    app.global::<ui::Content>()
        .set_foreign(app.session().language != Language::Zh);
    if let Record::Document(document) = &record {
        return document::show(app, document, article);
    }
    let ticks = ticks(app, id);
    let dataset_state = app.pages().datasets.borrow().get(id).cloned().unwrap_or_default();
    let page = with_context(app, &ticks, &dataset_state, |cx| match &record {
        Record::Guide(record) => Some((ui::Page::Guide, guide::page(record, cx))),
        Record::Entry(record) => Some((ui::Page::Entry, entry::page(record, cx))),
        Record::Interpretation(record) => Some((ui::Page::Interpretation, interpretation::page(record, cx))),
        Record::Dataset(record) => Some((ui::Page::Dataset, dataset::page(record, cx))),
        Record::ServiceItem(record) => Some((ui::Page::ServiceItem, service_item::page(record, cx))),
        Record::Plan(record) => Some((ui::Page::Plan, plan::page(record, cx))),
        Record::Form(record) => Some((ui::Page::Form, form::page(record, cx))),
        _ => None,
    });
    let Some((kind, page)) = page else {
        return notice::gone(app);
    };
    cut(app, id, page);
    draw(app);
    kind
}

/// Calls `build` with what a page needs to know besides its record.
pub(super) fn with_context<T>(
    app: &App,
    ticks: &BTreeSet<usize>,
    dataset: &DatasetState,
    build: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let (words, content) = (app.words(), app.content());
    let frame = Frame::of(app.window());
    build(&Context {
        words: &*words,
        records: &*content,
        language: words.language(),
        density: if app.session().sight.is_large() {
            Density::Large
        } else {
            Density::Normal
        },
        orientation: app.setup().orientation,
        width: frame.body_width(),
        text_size: app.global::<ui::Theme>().get_body(),
        as_of: content
            .published_at()
            .map(|at| at.to_zoned(TimeZone::system()).date()),
        ticks,
        dataset,
    })
}

/// The provenance line as Slint shows it.
pub(super) fn provenance(line: &provenance::Line, signature: Signature, words: &Words) -> ui::ProvenanceView {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| words.get("not-provided")).into();
    ui::ProvenanceView {
        publisher: value(&line.publisher),
        source: value(&line.source),
        validity: value(&line.validity),
        as_of: value(&line.as_of),
        verified: signature == Signature::Verified,
    }
}

/// Cuts `page` into screens.
fn cut(app: &App, id: &RecordId, page: Page) {
    let (window, words, content) = (app.window(), app.words(), app.global::<ui::Content>());
    content.set_head(view::head(&page.head));
    content.set_provenance(provenance(&page.provenance, app.content().signature(), &words));
    let frame = Frame::of(window);
    let large = app.session().sight.is_large();
    let mut ruler = Ruler::new(window, &*words, large);
    let head = |length| head_height(window, frame.identity_width(), length);
    let (whole, brief) = (head(HeadLength::Whole), head(HeadLength::Brief));
    let source = provenance_height(window, frame.inner());
    let mut attempt = |pager: Pager| {
        let body = frame.body(whole, source, pager);
        if frame.landscape() {
            let columns = Columns {
                first_left: frame.identity(whole, source, pager),
                left: frame.identity(brief, source, pager),
                right: body,
            };
            spreads(&page.identity, &page.body, columns, &mut ruler)
        } else {
            let blocks: Vec<Block> = page.identity.iter().chain(&page.body).cloned().collect();
            screens(&blocks, body, &mut ruler)
        }
    };
    let pager = if page.shortcut.is_some() {
        Pager::Shown
    } else {
        Pager::Absent
    };
    let mut cut = attempt(pager);
    if pager == Pager::Absent && cut.len() > 1 {
        cut = attempt(Pager::Shown);
    }
    *app.pages().shown.borrow_mut() = Some(Shown {
        id: id.clone(),
        screens: cut,
        shortcut: page.shortcut,
        actions: Actions::default(),
    });
}

/// Draws the screen that [`ui::Place`] says.
pub(super) fn draw(app: &App) {
    let mut shown = app.pages().shown.borrow_mut();
    let Some(shown) = shown.as_mut() else { return };
    let (window, words, content, place) = (
        app.window(),
        app.words(),
        app.global::<ui::Content>(),
        app.global::<ui::Place>(),
    );
    let last = shown.screens.len() - 1;
    let at = usize::try_from(place.get_screen()).unwrap_or(0).min(last);
    place.set_screen(at as i32);
    let frame = Frame::of(window);
    let large = app.session().sight.is_large();
    let mut drawer = Drawer::new(&*words, large);
    let mut ruler = Ruler::new(window, &*words, large);
    let screen = &shown.screens[at];
    let mut draw = |blocks: &[Block], width| column(blocks, width, &mut drawer, &mut ruler);
    content.set_identity(draw(&screen.left, frame.identity_width()));
    content.set_blocks(draw(&screen.blocks, frame.body_width()));
    content.set_pressed(draw(&screen.pressed, frame.body_width()));
    content.set_shortcut(drawer.shortcut(shown.shortcut.as_ref()));
    content.set_screen(at as i32);
    content.set_screens(shown.screens.len() as i32);
    content.set_next_text(
        shown
            .screens
            .get(at + 1)
            .map(|next| announced(next, &words, large))
            .unwrap_or_default()
            .into(),
    );
    shown.actions = drawer.actions;
}

/// What the pager says of the next screen: as many section names as fit one line.
fn announced(screen: &Screen, words: &Words, large: bool) -> String {
    if let Some(Block::TableRow { row, .. }) = screen
        .blocks
        .iter()
        .chain(&screen.pressed)
        .find(|block| matches!(block, Block::TableRow { .. }))
    {
        return words.say_with("dataset-from-row", &[("number", &(row + 1).to_string())]);
    }
    let chinese = words.language() == Language::Zh;
    let (comma, room) = match (chinese, large) {
        (true, false) => ("、", 12),
        (true, true) => ("、", 9),
        (false, false) => (", ", 24),
        (false, true) => (", ", 16),
    };
    let mut text = String::new();
    for name in screen.summary() {
        let longer = if text.is_empty() {
            name.to_owned()
        } else {
            format!("{text}{comma}{name}")
        };
        if !text.is_empty() && longer.chars().count() > room {
            break;
        }
        text = longer;
    }
    text
}

fn press(app: &App, number: i32) {
    let pressed = {
        let shown = app.pages().shown.borrow();
        shown
            .as_ref()
            .and_then(|shown| Some((shown.id.clone(), shown.actions.get(number)?.clone())))
    };
    if let Some((id, action)) = pressed {
        act(app, &id, action);
    }
}

/// Does what was pressed on the page of `id`.
pub(super) fn act(app: &App, id: &RecordId, action: Action) {
    match action {
        Action::Open(id, article) => app.open(Place::Record { id, article }),
        Action::Area(id, kind) => app.open(Place::Area { id, kind: Some(kind) }),
        Action::Tick(index) => {
            let state = app.pages();
            {
                let mut ticks = state.ticks.borrow_mut();
                let ticks = ticks.entry(id.clone()).or_default();
                if !ticks.remove(&index) {
                    ticks.insert(index);
                }
            }
            let any = state.ticks.borrow().values().any(|ticks| !ticks.is_empty());
            app.set_has_entries(any);
            app.refresh();
        }
        Action::Section(name) => {
            let screen = {
                let shown = app.pages().shown.borrow();
                shown.as_ref().and_then(|shown| {
                    shown
                        .screens
                        .iter()
                        .position(|screen| screen.begins.contains(&name))
                })
            };
            if let Some(screen) = screen {
                app.global::<ui::Place>().set_screen(screen as i32);
                draw(app);
            }
        }
        Action::Tab(tab) => look(app, id, |state| {
            *state = DatasetState {
                tab,
                row: None,
                ..state.clone()
            }
        }),
        Action::Row(row) => look(app, id, |state| state.row = Some(row)),
        Action::Filter => look(app, id, |state| {
            state.tab = if state.filter.take().is_some() {
                DatasetTab::Rows
            } else {
                DatasetTab::Values
            };
        }),
        Action::Value(value) => look(app, id, |state| {
            *state = DatasetState {
                filter: Some(value),
                ..DatasetState::default()
            };
        }),
        Action::ReportMistake => app.open(Place::Suggestions),
    }
}

/// Changes what the resident looks at on the page of a data set, from its first screen.
fn look(app: &App, id: &RecordId, change: impl FnOnce(&mut DatasetState)) {
    change(app.pages().datasets.borrow_mut().entry(id.clone()).or_default());
    app.global::<ui::Place>().set_screen(0);
    app.refresh();
}
