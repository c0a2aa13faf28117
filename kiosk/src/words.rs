//! What the screen says: Fluent messages in two languages.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use jiff::civil::{Date, Weekday};
use terminal_api::interface::Language;

/// The files of `locales/`, each in both languages.
macro_rules! locales {
    ($($name:literal),* $(,)?) => {
        const CHINESE: &[(&str, &str)] = &[$(($name, include_str!(concat!("../locales/zh-CN/", $name, ".ftl")))),*];
        const ENGLISH: &[(&str, &str)] = &[$(($name, include_str!(concat!("../locales/en/", $name, ".ftl")))),*];
    };
}

locales![
    "attract", "home", "idle", "keyboard", "lists", "notices", "pages", "print", "search", "shell",
    "trouble",
];

/// The messages in one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl Words {
    /// The messages in `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let tag = language
            .tag()
            .parse()
            .expect("the languages' tags are well-formed");
        let mut bundle = FluentBundle::new(vec![tag]);
        // The marks around arguments are for scripts that run both ways; this font has no glyph for them.
        bundle.set_use_isolating(false);
        for (name, text) in files(language) {
            let resource = FluentResource::try_new((*text).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{name}.ftl is part of the program: {errors:?}"));
            bundle
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{name}.ftl repeats a key: {errors:?}"));
        }
        Self { language, bundle }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A message without arguments.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// A message with its arguments.
    #[must_use]
    pub fn with<'a>(
        &self,
        key: &str,
        arguments: impl IntoIterator<Item = (&'static str, FluentValue<'a>)>,
    ) -> String {
        let mut set = FluentArgs::new();
        for (name, value) in arguments {
            set.set(name, value);
        }
        self.format(key, Some(&set))
    }

    /// A message with the number `$count`.
    #[must_use]
    pub fn count(&self, key: &str, count: u64) -> String {
        self.with(key, [("count", count.into())])
    }

    /// A day as the bars show it: 11月22日, 22 Nov.
    #[must_use]
    pub fn short_date(&self, date: Date) -> String {
        self.with(
            "date-short",
            [("month", date.month().into()), ("day", date.day().into())],
        )
    }

    /// A day with its weekday: 11月23日 周一, Mon 23 Nov.
    #[must_use]
    pub fn day(&self, date: Date) -> String {
        let weekday = self.get(match date.weekday() {
            Weekday::Monday => "weekday-monday",
            Weekday::Tuesday => "weekday-tuesday",
            Weekday::Wednesday => "weekday-wednesday",
            Weekday::Thursday => "weekday-thursday",
            Weekday::Friday => "weekday-friday",
            Weekday::Saturday => "weekday-saturday",
            Weekday::Sunday => "weekday-sunday",
        });
        let date = self.short_date(date);
        self.with("date-day", [("date", date.into()), ("weekday", weekday.into())])
    }

    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = self.language.tag(), "no such message");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut errors);
        if !errors.is_empty() {
            tracing::error!(
                key,
                language = self.language.tag(),
                ?errors,
                "a message cannot be formatted"
            );
        }
        text.into_owned()
    }
}

const fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::Zh => CHINESE,
        Language::En => ENGLISH,
    }
}

#[cfg(test)]
mod tests;
