//! The window and what lies behind it.

mod shell;

use std::cell::{Ref, RefCell, RefMut};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::Clock;
use catalog::record::{Kind, RecordId};
use jiff::Zoned;
use jiff::tz::TimeZone;
use slint::{ComponentHandle as _, PlatformError, Timer, TimerMode};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

use crate::agent::{self, Agent};
use crate::content::Content;
use crate::idle::{COUNTDOWN_SECONDS, Idle, Occupation};
use crate::keyboard::Typing;
use crate::navigation::{Navigation, Place, Position};
use crate::pages;
use crate::phone::{self, Phone};
use crate::printing::{self, Printing};
use crate::pulse::{self, Pulse};
use crate::search::Finder;
use crate::service::Service;
use crate::session::{Collected, Session};
use crate::words::Words;
use crate::{Setup, ui};

/// The touch screen. It lives on the thread of the window.
pub struct App {
    this: Weak<Self>,
    window: ui::AppWindow,
    setup: Setup,
    clock: Arc<dyn Clock>,
    words: RefCell<Rc<Words>>,
    content: RefCell<Content>,
    navigation: RefCell<Navigation>,
    session: RefCell<Session>,
    service: RefCell<Service>,
    typing: RefCell<Typing>,
    finder: RefCell<Finder>,
    idle: RefCell<Idle>,
    occupation: RefCell<Occupation>,
    pages: pages::State,
    agent: Agent,
    printing: Printing,
    phone: Phone,
    pulse: Pulse,
    seconds: Timer,
}

impl App {
    /// Builds the window and shows the attract screen.
    pub fn new(setup: Setup, clock: Arc<dyn Clock>) -> Result<Rc<Self>, PlatformError> {
        let language = *setup.languages.first().unwrap_or(&Language::Zh);
        let window = ui::AppWindow::new()?;
        let app = Rc::new_cyclic(|this| Self {
            this: this.clone(),
            window,
            words: RefCell::new(Rc::new(Words::new(language))),
            content: RefCell::new(Content::open(&setup.state)),
            navigation: RefCell::default(),
            session: RefCell::new(Session::new(language)),
            service: RefCell::new(setup.socket.as_ref().map_or(Service::None, |_| Service::Awaited)),
            typing: RefCell::new(Typing::new(&setup.input_method)),
            finder: RefCell::new(Finder::open(&setup.state)),
            idle: RefCell::new(Idle::new(setup.idle_seconds)),
            occupation: RefCell::default(),
            pages: pages::State::default(),
            agent: Agent::default(),
            printing: Printing::default(),
            phone: Phone::default(),
            pulse: Pulse::default(),
            seconds: Timer::default(),
            clock,
            setup,
        });
        app.attach();
        app.show();
        Ok(app)
    }

    /// Shows the window until it is closed.
    pub fn run(self: &Rc<Self>) -> Result<(), PlatformError> {
        self.window.show()?;
        slint::run_event_loop()?;
        self.window.hide()
    }

    /// The window, for tests and for the scripted visit.
    #[must_use]
    pub fn window(&self) -> &ui::AppWindow {
        &self.window
    }

    /// What the kiosk was told when it started.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// A global of the interface.
    pub(crate) fn global<'a, G: slint::Global<'a, ui::AppWindow>>(&'a self) -> G {
        G::get(&self.window)
    }

    /// The tie to the agent.
    pub(crate) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The print of this visit.
    pub(crate) fn printing(&self) -> &Printing {
        &self.printing
    }

    /// What is carried to the phone.
    pub(crate) fn phone(&self) -> &Phone {
        &self.phone
    }

    /// What the agent hears of the screen.
    pub(crate) fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// What the pages remember during the visit.
    pub(crate) fn pages(&self) -> &pages::State {
        &self.pages
    }

    /// The words of the language that is set.
    #[must_use]
    pub fn words(&self) -> Rc<Words> {
        Rc::clone(&self.words.borrow())
    }

    /// The content that is open.
    pub fn content(&self) -> Ref<'_, Content> {
        self.content.borrow()
    }

    /// The on-screen keyboard.
    pub(crate) fn typing(&self) -> Ref<'_, Typing> {
        self.typing.borrow()
    }

    /// The on-screen keyboard, to type on.
    pub(crate) fn typing_mut(&self) -> RefMut<'_, Typing> {
        self.typing.borrow_mut()
    }

    /// What the visit searched for.
    pub(crate) fn finder(&self) -> Ref<'_, Finder> {
        self.finder.borrow()
    }

    /// What the visit searches for.
    pub(crate) fn finder_mut(&self) -> RefMut<'_, Finder> {
        self.finder.borrow_mut()
    }

    /// What the visit has set.
    pub fn session(&self) -> Ref<'_, Session> {
        self.session.borrow()
    }

    /// What works.
    pub fn service(&self) -> Ref<'_, Service> {
        self.service.borrow()
    }

    /// The place that is shown.
    #[must_use]
    pub fn place(&self) -> Place {
        self.navigation.borrow().current().place.clone()
    }

    /// The time at the terminal.
    #[must_use]
    pub fn now(&self) -> Zoned {
        self.clock.now().to_zoned(TimeZone::system())
    }

    /// Goes to `place`.
    pub fn open(&self, place: Place) {
        phone::close(self);
        self.keep_position();
        self.count(&place);
        self.navigation.borrow_mut().open(place);
        self.show();
    }

    /// Tells the agent what kind of page is opened.
    fn count(&self, place: &Place) {
        let kind = || match place {
            Place::Record { id, .. } => {
                let content = self.content();
                let row = content.store()?.row(id).ok()??;
                Kind::from_name(&row.kind)
            }
            _ => None,
        };
        if let Some(page) = pulse::page(place, kind) {
            self.agent.count_page(page);
        }
    }

    /// Shows `place` instead of what is shown.
    pub fn replace(&self, place: Place) {
        self.navigation.borrow_mut().replace(place);
        self.show();
    }

    /// Goes one step back.
    pub fn back(&self) {
        phone::close(self);
        if self.navigation.borrow_mut().back() {
            self.show();
        }
    }

    /// Goes to the home page; the list stays.
    pub fn home(&self) {
        phone::close(self);
        self.count(&Place::Home);
        self.navigation.borrow_mut().home();
        self.show();
    }

    /// Ends the visit and wipes what it set and collected.
    pub fn end_visit(&self) {
        let language = *self.setup.languages.first().unwrap_or(&Language::Zh);
        *self.session.borrow_mut() = Session::new(language);
        *self.occupation.borrow_mut() = Occupation::default();
        self.navigation.borrow_mut().end();
        self.idle.borrow_mut().touched();
        pages::wipe(self);
        printing::wipe(self);
        self.agent.end_session();
        phone::close(self);
        let shell = self.global::<ui::Shell>();
        shell.set_idle_left(0);
        shell.set_confirms_end(false);
        shell.set_toast("".into());
        self.apply_language();
        self.show();
    }

    /// Shows the same place anew, at the same position: the language, the size or the content changed.
    pub fn refresh(&self) {
        self.keep_position();
        self.show();
    }

    /// Opens the generation that is current now.
    pub fn reopen_content(&self) {
        self.content.borrow_mut().reopen();
        self.finder.borrow_mut().reopen();
        self.refresh();
    }

    /// Takes note of what works.
    pub fn set_service(&self, service: Service) {
        if *self.service.borrow() != service {
            *self.service.borrow_mut() = service;
            self.refresh();
        }
    }

    /// Says for how long nobody need touch the screen.
    pub fn set_occupation(&self, occupation: Occupation) {
        *self.occupation.borrow_mut() = occupation;
    }

    /// Says whether ending the visit would lose something typed or ticked.
    pub fn set_has_entries(&self, has_entries: bool) {
        self.session.borrow_mut().has_entries = has_entries;
    }

    /// Shows a line for a few seconds.
    pub fn toast(&self, text: &str) {
        self.global::<ui::Shell>().set_toast(text.into());
    }

    /// Puts a page on the list, or takes it off, and says so.
    pub fn collect(&self, id: &RecordId) {
        let collected = self.session.borrow_mut().collect(id);
        let words = self.words();
        let count = self.session.borrow().list().len() as u64;
        self.toast(&match collected {
            Collected::Added => words.count("toast-listed", count),
            Collected::Removed => words.get("toast-unlisted"),
            Collected::Full => words.count("toast-list-full", count),
        });
        self.refresh();
    }

    /// Empties the list.
    pub fn clear_list(&self) {
        self.session.borrow_mut().clear_list();
        self.refresh();
    }

    fn attach(self: &Rc<Self>) {
        let words = self.global::<ui::Words>();
        words.on_lookup(self.answer(|app, (key, _)| app.words().get(&key).into()));
        let app = Rc::downgrade(self);
        words.on_format(move |key, text, other, count, total, _| {
            let Some(app) = app.upgrade() else { return key };
            let arguments = [
                ("text", text.as_str().into()),
                ("other", other.as_str().into()),
                ("count", count.into()),
                ("total", total.into()),
            ];
            app.words().with(&key, arguments).into()
        });
        self.attach_shell();
        pages::attach(self);
        printing::attach(self);
        phone::attach(self);
        agent::attach(self);
        let app = Rc::downgrade(self);
        self.seconds
            .start(TimerMode::Repeated, Duration::from_secs(1), move || {
                if let Some(app) = app.upgrade() {
                    app.second();
                }
            });
        let theme = self.global::<ui::Theme>();
        theme.set_landscape(self.setup.orientation == Orientation::Landscape);
        self.global::<ui::Shell>()
            .set_idle_whole(COUNTDOWN_SECONDS as i32);
    }

    /// A callback without arguments that calls `action` while the app is there.
    pub(crate) fn react(self: &Rc<Self>, action: impl Fn(&Self) + 'static) -> impl Fn() + 'static {
        let app = Rc::downgrade(self);
        move || {
            if let Some(app) = app.upgrade() {
                app.idle.borrow_mut().touched();
                action(&app);
            }
        }
    }

    /// A weak handle for callbacks with arguments.
    pub(crate) fn weak(&self) -> Weak<Self> {
        self.this.clone()
    }

    fn answer<T: Default>(
        self: &Rc<Self>,
        answer: impl Fn(&Self, (slint::SharedString, i32)) -> T + 'static,
    ) -> impl Fn(slint::SharedString, i32) -> T + 'static {
        let app = Rc::downgrade(self);
        move |key, rev| {
            app.upgrade()
                .map(|app| answer(&app, (key, rev)))
                .unwrap_or_default()
        }
    }

    /// Shows the place that navigation stands at.
    fn show(&self) {
        let step = self.navigation.borrow().current().clone();
        let shell = self.global::<ui::Shell>();
        shell.set_can_go_back(self.navigation.borrow().can_go_back());
        self.show_bars();
        self.show_sight();
        let place = self.global::<ui::Place>();
        place.set_offset(step.position.offset);
        place.set_screen(step.position.screen);
        let page = pages::show(self, &step.place);
        if shell.get_page() != page {
            shell.set_page(page);
            self.window.invoke_take_focus();
        }
        printing::show(self);
        phone::show(self);
    }

    fn keep_position(&self) {
        let place = self.global::<ui::Place>();
        self.navigation.borrow_mut().keep(Position {
            offset: place.get_offset(),
            screen: place.get_screen(),
        });
    }
}
