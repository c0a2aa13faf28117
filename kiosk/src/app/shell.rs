//! The two bars: what stands in them, what their keys do, and the end of a visit that nobody touches.

use std::rc::Rc;

use jiff::tz::TimeZone;
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

use super::App;
use crate::idle::Outcome;
use crate::navigation::Place;
use crate::service::Trouble;
use crate::session::{Reach, Sight};
use crate::ui;
use crate::words::Words;

impl App {
    /// Answers what is pressed on the two bars. Called once.
    pub(super) fn attach_shell(self: &Rc<Self>) {
        let shell = self.global::<ui::Shell>();
        shell.on_activity(self.react(|app| app.idle.borrow_mut().touched()));
        shell.on_stay(self.react(Self::touched));
        shell.on_start(self.react(Self::home));
        shell.on_back(self.react(Self::back));
        shell.on_home(self.react(Self::home));
        shell.on_size(self.react(Self::next_sight));
        shell.on_language(self.react(Self::next_language));
        shell.on_reach(self.react(Self::other_reach));
        shell.on_speak(self.react(|app| app.toast(&app.words().get("toast-no-speech"))));
        shell.on_finish(self.react(Self::finish));
        shell.on_end_visit(self.react(Self::end_visit));
    }

    /// Sets size, contrast and reach as the visit has them.
    pub(super) fn show_sight(&self) {
        let theme = self.global::<ui::Theme>();
        let session = self.session.borrow();
        theme.set_elder(session.sight.is_large());
        theme.set_contrast(session.sight == Sight::LargeContrast);
        theme.set_low_reach(session.reach == Reach::Low);
    }

    /// Says where this is, what does not work, as of when the content is and what time it is.
    pub(super) fn show_bars(&self) {
        let (shell, words) = (self.global::<ui::Shell>(), self.words());
        shell.set_place_name(self.setup.place.in_language(words.language()).into());
        shell.set_other_language(match words.language() {
            Language::Zh => "English".into(),
            Language::En => "中文".into(),
        });
        let published = self
            .content
            .borrow()
            .published_at()
            .map(|at| words.short_date(at.to_zoned(TimeZone::system()).date()));
        let date = || published.clone().unwrap_or_else(|| words.get("not-provided"));
        let trouble = self.service.borrow().trouble();
        let said = |key: &str| words.with(key, [("date", date().into())]);
        shell.set_as_of(match (&published, trouble) {
            (Some(_), None) => said("as-of").into(),
            (Some(_), Some(_)) => said("as-of-short").into(),
            (None, _) => "".into(),
        });
        let [chip, title, text] =
            trouble.map_or([const { String::new() }; 3], |trouble| trouble.keys().map(said));
        shell.set_chip(chip.into());
        shell.set_trouble_title(title.into());
        shell.set_trouble_text(text.into());
        shell.set_trouble(match trouble {
            None => ui::Trouble::None,
            Some(Trouble::Agent) => ui::Trouble::Agent,
            Some(Trouble::Printer(_)) => ui::Trouble::Printer,
            Some(Trouble::SlipLeft) => ui::Trouble::Slip,
            Some(Trouble::Stale) => ui::Trouble::Stale,
            Some(Trouble::Offline) => ui::Trouble::Offline,
        });
        self.global::<ui::Actions>()
            .set_can_print(self.service.borrow().can_print());
        self.show_time();
    }

    fn show_time(&self) {
        let (shell, now) = (self.global::<ui::Shell>(), self.now());
        shell.set_time(format!("{}:{:02}", now.hour(), now.minute()).into());
        shell.set_date(self.words().day(now.date()).into());
    }

    /// A second has passed: the clock moves on, and a visit that nobody touches comes to its end.
    pub(super) fn second(&self) {
        self.show_time();
        self.pulse().second(self);
        if self.place() == Place::Attract {
            return;
        }
        let occupation = *self.occupation.borrow();
        let outcome = self.idle.borrow_mut().second(occupation);
        let shell = self.global::<ui::Shell>();
        match outcome {
            Outcome::Quiet => shell.set_idle_left(0),
            Outcome::Counting(left) => shell.set_idle_left(left as i32),
            Outcome::Over => self.end_visit(),
        }
    }

    /// Takes note that somebody is there: a countdown ends.
    pub(crate) fn touched(&self) {
        self.idle.borrow_mut().touched();
        self.global::<ui::Shell>().set_idle_left(0);
    }

    fn finish(&self) {
        if self.session.borrow().would_lose_something() {
            self.global::<ui::Shell>().set_confirms_end(true);
        } else {
            self.end_visit();
        }
    }

    fn next_sight(&self) {
        let sight = self.session.borrow().sight.next();
        self.session.borrow_mut().sight = sight;
        self.refresh();
        self.toast(&self.words().get(match sight {
            Sight::Normal => "toast-normal",
            Sight::Large => "toast-large",
            Sight::LargeContrast => "toast-large-contrast",
        }));
    }

    fn other_reach(&self) {
        if self.setup.orientation == Orientation::Landscape {
            self.toast(&self.words().get("toast-low-landscape"));
            return;
        }
        let reach = self.session.borrow().reach.other();
        self.session.borrow_mut().reach = reach;
        self.refresh();
        self.toast(&self.words().get(match reach {
            Reach::Low => "toast-low",
            Reach::Whole => "toast-whole",
        }));
    }

    fn next_language(&self) {
        let languages = &self.setup.languages;
        let language = self.session.borrow().language;
        let at = languages.iter().position(|other| *other == language).unwrap_or(0);
        self.session.borrow_mut().language = languages[(at + 1) % languages.len()];
        self.keep_position();
        self.apply_language();
        self.show();
        self.toast(&self.words().get("toast-language"));
    }

    /// Takes over the session's language: every word on the screen is asked for again.
    pub(super) fn apply_language(&self) {
        let language = self.session.borrow().language;
        if self.words.borrow().language() == language {
            return;
        }
        *self.words.borrow_mut() = Rc::new(Words::new(language));
        let words = self.global::<ui::Words>();
        words.set_rev(words.get_rev().wrapping_add(1));
    }
}
