//! The keyboard on the screen: joins the [`Controller`] to the Slint global `Keyboard`.

use std::path::Path;
use std::rc::Rc;

use rime::Engine;
use slint::{ModelRc, SharedString, VecModel};
use terminal_api::interface::Language as Interface;

use super::controller::{Controller, Effect, Input, Key, Language, Purpose, Sheet};
use crate::{App, pages, ui};

/// The candidate bar without its carets, in text sizes of the candidates: 868 pixels of 38, or of 46 in large text.
const BAR: f32 = 22.8;
const BAR_LARGE: f32 = 18.8;

/// The one keyboard of the window and the field that it writes to.
#[derive(Debug)]
pub struct Typing {
    engine: Option<Engine>,
    controller: Controller,
    field: String,
    shown: bool,
    /// The language of the interface that the keyboard followed last.
    followed: Option<Interface>,
}

impl Typing {
    /// A keyboard with the input data in `folder`. Without them it writes letters as they are, and says so in the log.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let engine = Engine::start(folder)
            .inspect_err(|error| tracing::warn!(%error, "no Chinese input; pinyin still searches"))
            .ok();
        Self {
            controller: controller(engine.as_ref()),
            engine,
            field: String::new(),
            shown: false,
            followed: None,
        }
    }

    /// Begins to edit `field`, which holds `text`.
    pub fn edit(&mut self, field: &str, purpose: Purpose, text: &str) {
        self.controller.edit(purpose, text);
        field.clone_into(&mut self.field);
        self.shown = true;
    }

    /// The field that is being edited, also while the keyboard is put away.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The text of the field, with what is being composed.
    #[must_use]
    pub fn text(&self) -> String {
        self.controller.query()
    }

    /// Puts the keyboard on the screen.
    pub fn show(&mut self) {
        self.shown = true;
    }

    /// Lets the keyboard begin in the language of the interface, once with every change.
    pub fn follow(&mut self, language: Interface) {
        if self.followed.replace(language) != Some(language) {
            self.controller.set_language(match language {
                Interface::Zh => Language::Chinese,
                Interface::En => Language::English,
            });
        }
    }

    /// Forgets everything typed; the next visit has a session of its own.
    pub fn wipe(&mut self) {
        self.controller = controller(self.engine.as_ref());
        self.field.clear();
        self.shown = false;
        self.followed = None;
    }

    fn press(&mut self, key: Key) -> Effect {
        let effect = self.controller.press(key);
        if effect == Effect::Hidden {
            self.shown = false;
        }
        effect
    }
}

fn controller(engine: Option<&Engine>) -> Controller {
    let open = |engine: &Engine| {
        engine
            .session()
            .inspect_err(|error| tracing::error!(%error, "no Chinese input in this visit"))
            .ok()
    };
    Controller::new(engine.and_then(open))
}

/// Answers the keys. Called once.
pub(crate) fn attach(app: &Rc<App>) {
    let keyboard = app.global::<ui::Keyboard>();
    let weak = app.weak();
    keyboard.on_edit(move |field, text, input, limit| {
        if let Some(app) = weak.upgrade() {
            let input = match input {
                ui::KeyInput::Text => Input::Text,
                ui::KeyInput::Digits => Input::Digits,
                ui::KeyInput::IdNumber => Input::IdNumber,
                ui::KeyInput::Latin => Input::Latin,
            };
            let limit = usize::try_from(limit).unwrap_or_default();
            app.typing_mut().edit(&field, Purpose { input, limit }, &text);
            show(&app);
        }
    });
    let weak = app.weak();
    keyboard.on_character(move |text| {
        if let Some(app) = weak.upgrade() {
            text.chars()
                .for_each(|character| press(&app, Key::Character(character)));
        }
    });
    let weak = app.weak();
    keyboard.on_choose(move |place| {
        if let Some(app) = weak.upgrade() {
            press(&app, Key::Choose(usize::try_from(place).unwrap_or(usize::MAX)));
        }
    });
    let weak = app.weak();
    keyboard.on_press(move |action| {
        if let Some(app) = weak.upgrade() {
            press(&app, key(action));
        }
    });
}

/// Presses a key and lets the page of the field know.
pub(crate) fn press(app: &App, key: Key) {
    let effect = app.typing_mut().press(key);
    let field = app.typing().field().to_owned();
    show(app);
    pages::typed(app, &field, effect);
}

/// Shows the keyboard as it is.
pub(crate) fn show(app: &App) {
    let large = app.session().sight.is_large();
    let (field, view) = {
        let mut typing = app.typing_mut();
        typing.controller.set_bar(if large { BAR_LARGE } else { BAR });
        (
            if typing.shown {
                typing.field.clone()
            } else {
                String::new()
            },
            typing.controller.view(),
        )
    };
    let keyboard = app.global::<ui::Keyboard>();
    keyboard.set_field(field.into());
    keyboard.set_text(view.text.into());
    keyboard.set_preedit(view.preedit.into());
    let candidates: VecModel<SharedString> = view.candidates.into_iter().map(SharedString::from).collect();
    keyboard.set_candidates(ModelRc::new(candidates));
    keyboard.set_earlier(view.earlier);
    keyboard.set_more(view.more);
    keyboard.set_chinese(view.language == Language::Chinese);
    keyboard.set_shifted(view.shifted);
    keyboard.set_sheet(match view.sheet {
        Sheet::Letters => ui::KeySheet::Letters,
        Sheet::Digits => ui::KeySheet::Digits,
        Sheet::Signs => ui::KeySheet::Signs,
    });
}

fn key(action: ui::KeyAction) -> Key {
    match action {
        ui::KeyAction::Backspace => Key::Backspace,
        ui::KeyAction::Separate => Key::Separate,
        ui::KeyAction::Space => Key::Space,
        ui::KeyAction::Shift => Key::Shift,
        ui::KeyAction::Letters => Key::Sheet(Sheet::Letters),
        ui::KeyAction::Digits => Key::Sheet(Sheet::Digits),
        ui::KeyAction::Signs => Key::Sheet(Sheet::Signs),
        ui::KeyAction::Language => Key::Language,
        ui::KeyAction::More => Key::More,
        ui::KeyAction::Earlier => Key::Earlier,
        ui::KeyAction::Clear => Key::Clear,
        ui::KeyAction::Submit => Key::Submit,
        ui::KeyAction::Hide => Key::Hide,
    }
}
