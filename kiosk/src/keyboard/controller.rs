//! What the keys do.

use rime::Session;

use super::candidates;

/// A key of the screen or of a real keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, digit or sign.
    Character(char),
    /// Takes back what was typed last.
    Backspace,
    /// 分词: the next letter begins a new syllable.
    Separate,
    /// Takes the first candidate, or writes a space.
    Space,
    /// The next letter is a capital.
    Shift,
    /// Shows another sheet of keys.
    Sheet(Sheet),
    /// 中／英.
    Language,
    /// Takes the candidate at this place of the bar.
    Choose(usize),
    /// The next candidates.
    More,
    /// The candidates before.
    Earlier,
    /// ×: empties the field.
    Clear,
    /// 搜索, or the next field of a form.
    Submit,
    /// 收起.
    Hide,
}

/// What the keys show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sheet {
    /// a to z.
    #[default]
    Letters,
    /// Digits and the signs of document numbers.
    Digits,
    /// Other signs.
    Signs,
}

/// What letters become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Pinyin, with candidates.
    #[default]
    Chinese,
    /// Themselves.
    English,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Input {
    /// Any text.
    #[default]
    Text,
    /// Digits only, such as a telephone number.
    Digits,
    /// An identity number: digits and X.
    IdNumber,
    /// Letters, digits and signs without Chinese, such as an e-mail address.
    Latin,
}

/// What a field takes, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// What is taken.
    pub input: Input,
    /// The most characters.
    pub limit: usize,
}

impl Purpose {
    /// The search field.
    pub const SEARCH: Self = Self {
        input: Input::Text,
        limit: 40,
    };

    fn takes(self, character: char) -> bool {
        match self.input {
            Input::Text => !character.is_control(),
            Input::Digits => character.is_ascii_digit(),
            Input::IdNumber => character.is_ascii_digit() || matches!(character, 'x' | 'X'),
            Input::Latin => character.is_ascii_graphic() || character == ' ',
        }
    }
}

/// What came of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but the look of the keys.
    None,
    /// The text or the letters being composed changed.
    Changed,
    /// The resident is done: search, or go to the next field.
    Submitted,
    /// The keyboard goes away.
    Hidden,
}

/// What the keyboard shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The text of the field, with the letters being composed.
    pub text: String,
    /// The letters being composed, by syllables.
    pub preedit: String,
    /// The candidates in the bar.
    pub candidates: Vec<String>,
    /// Whether candidates stand before these.
    pub earlier: bool,
    /// Whether more follow.
    pub more: bool,
    /// The keys.
    pub sheet: Sheet,
    /// What letters become.
    pub language: Language,
    /// Whether the next letter is a capital.
    pub shifted: bool,
}

/// The state of the keyboard and of the text it writes.
#[derive(Debug)]
pub struct Controller {
    purpose: Purpose,
    text: String,
    sheet: Sheet,
    language: Language,
    shifted: bool,
    /// Absent without prepared input data: letters are then written as they are, and initials still search.
    session: Option<Session>,
    composing: rime::State,
    /// Where the bar's candidates begin.
    first: usize,
    /// The bar's width in text sizes.
    bar: f32,
}

impl Controller {
    /// A keyboard for one visit.
    #[must_use]
    pub fn new(session: Option<Session>) -> Self {
        Self {
            purpose: Purpose::SEARCH,
            text: String::new(),
            sheet: Sheet::default(),
            language: Language::default(),
            shifted: false,
            session,
            composing: rime::State::default(),
            first: 0,
            bar: 22.0,
        }
    }

    /// Begins to edit a field that holds `text`.
    pub fn edit(&mut self, purpose: Purpose, text: &str) {
        self.forget_composing();
        self.purpose = purpose;
        text.clone_into(&mut self.text);
        self.shifted = false;
        self.sheet = match purpose.input {
            Input::Text | Input::Latin => Sheet::Letters,
            Input::Digits | Input::IdNumber => Sheet::Digits,
        };
    }

    /// What letters become from now on; letters being composed stay as typed.
    pub fn set_language(&mut self, language: Language) {
        if language != self.language {
            self.keep_letters();
            self.language = language;
        }
    }

    /// Says how wide the candidate bar is without its carets, in text sizes.
    pub fn set_bar(&mut self, text_sizes: f32) {
        self.bar = text_sizes;
    }

    /// The text with what is being composed: letters as typed, chosen parts in Chinese. This is what searches.
    #[must_use]
    pub fn query(&self) -> String {
        let composing = if self.composing.preedit.is_ascii() {
            self.composing.input.clone()
        } else {
            self.composing.preedit.replace('\'', "")
        };
        self.text.clone() + &composing
    }

    /// Whether letters are being composed.
    #[must_use]
    pub fn is_composing(&self) -> bool {
        !self.composing.input.is_empty()
    }

    /// Presses a key.
    pub fn press(&mut self, key: Key) -> Effect {
        match key {
            Key::Character(character) => return self.character(character),
            Key::Backspace => return self.backspace(),
            Key::Separate => return self.compose('\''),
            Key::Space if self.is_composing() => return self.choose(0),
            Key::Space => return self.write(' '),
            Key::Choose(place) => return self.choose(place),
            Key::Clear => {
                self.forget_composing();
                self.text.clear();
                return Effect::Changed;
            }
            Key::Submit => {
                self.keep_letters();
                return Effect::Submitted;
            }
            Key::Hide => return Effect::Hidden,
            Key::Shift => self.shifted = !self.shifted,
            Key::Sheet(sheet) => self.sheet = sheet,
            Key::Language => {
                let other = match self.language {
                    Language::Chinese => Language::English,
                    Language::English => Language::Chinese,
                };
                self.set_language(other);
                self.sheet = Sheet::Letters;
            }
            Key::More => {
                self.first = self
                    .window()
                    .end
                    .min(self.composing.candidates.len().saturating_sub(1));
            }
            Key::Earlier => self.first = candidates::before(&self.texts(), self.first, self.room()),
        }
        Effect::None
    }

    /// What to show.
    #[must_use]
    pub fn view(&self) -> View {
        let window = self.window();
        View {
            text: self.query(),
            preedit: self.composing.preedit.clone(),
            earlier: window.start > 0,
            more: window.end < self.composing.candidates.len(),
            candidates: self.composing.candidates[window]
                .iter()
                .map(|found| found.text.clone())
                .collect(),
            sheet: self.sheet,
            language: self.language,
            shifted: self.shifted,
        }
    }

    fn character(&mut self, character: char) -> Effect {
        let letter = character.is_ascii_alphabetic();
        let pinyin = letter && self.language == Language::Chinese && self.purpose.input == Input::Text;
        if pinyin && self.session.is_some() {
            return self.compose(character);
        }
        if self.is_composing() {
            // The numbers in the bar choose; any other sign ends the word.
            if let Some(number @ 1..) = character.to_digit(10) {
                return self.choose(number as usize - 1);
            }
            self.choose(0);
        }
        let capital = letter && (self.shifted || self.purpose.input == Input::IdNumber);
        self.shifted = false;
        self.write(if capital {
            character.to_ascii_uppercase()
        } else {
            character
        })
    }

    fn write(&mut self, character: char) -> Effect {
        if !self.purpose.takes(character) || self.text.chars().count() >= self.purpose.limit {
            return Effect::None;
        }
        self.text.push(character);
        Effect::Changed
    }

    fn compose(&mut self, letter: char) -> Effect {
        if self.query().chars().count() >= self.purpose.limit {
            return Effect::None;
        }
        let taken = self
            .session
            .as_mut()
            .is_some_and(|session| session.type_key(letter));
        if taken { self.composed() } else { Effect::None }
    }

    fn choose(&mut self, place: usize) -> Effect {
        let window = self.window();
        let index = window.start + place;
        if window.contains(&index) {
            let taken = self.session.as_mut().is_some_and(|session| session.select(index));
            return if taken { self.composed() } else { Effect::None };
        }
        if window.is_empty() && self.is_composing() {
            // Letters that mean nothing are written as they are.
            self.keep_letters();
            return Effect::Changed;
        }
        Effect::None
    }

    fn backspace(&mut self) -> Effect {
        if let Some(session) = &mut self.session
            && session.backspace()
        {
            return self.composed();
        }
        if self.text.pop().is_some() {
            Effect::Changed
        } else {
            Effect::None
        }
    }

    /// Takes over what the session made of the last key.
    fn composed(&mut self) -> Effect {
        if let Some(session) = &mut self.session {
            self.composing = session.state();
            self.first = 0;
            if let Some(text) = self.composing.committed.take() {
                let free = self.purpose.limit.saturating_sub(self.text.chars().count());
                self.text.extend(text.chars().take(free));
            }
        }
        Effect::Changed
    }

    /// Writes the letters being composed into the text, as typed.
    fn keep_letters(&mut self) {
        self.text = self.query();
        self.forget_composing();
    }

    fn forget_composing(&mut self) {
        if let Some(session) = &mut self.session {
            session.clear();
        }
        self.composing = rime::State::default();
        self.first = 0;
    }

    fn window(&self) -> std::ops::Range<usize> {
        candidates::fitting(&self.texts(), self.first, self.room())
    }

    fn room(&self) -> f32 {
        candidates::room(self.bar, &self.composing.preedit)
    }

    fn texts(&self) -> Vec<&str> {
        self.composing
            .candidates
            .iter()
            .map(|found| found.text.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests;
