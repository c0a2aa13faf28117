//! The words of one language, from Fluent text that is part of the program.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::Language;

/// Messages of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Reads messages in Fluent's syntax.
    ///
    /// # Panics
    ///
    /// When `text`, which is compiled in, is not Fluent or defines a message twice.
    #[must_use]
    pub fn new(language: Language, text: &str) -> Self {
        let tag = language
            .tag()
            .parse()
            .expect("the tag of a language is a BCP 47 tag");
        let resource =
            FluentResource::try_new(text.to_owned()).expect("compiled-in messages are Fluent text");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks are for mixed directions of writing; both languages run left to right.
        bundle.set_use_isolating(false);
        bundle
            .add_resource(resource)
            .expect("compiled-in messages are defined once");
        Self { bundle }
    }

    /// The message `key`; the key itself, when there is no such message.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The message `key` with its variables filled in.
    #[must_use]
    pub fn with(&self, key: &str, variables: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut arguments = FluentArgs::new();
        for &(name, value) in variables {
            arguments.set(name, value);
        }
        let mut errors = Vec::new();
        let text: Cow<str> = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        text.into_owned()
    }

    /// Whether there is a message `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_and_filled_in() {
        let words = Words::new(Language::Zh, "rows = 共 { $n } 行\n");
        assert_eq!(words.with("rows", &[("n", "33")]), "共 33 行");
        assert_eq!(words.get("missing"), "missing");
        assert!(words.has("rows") && !words.has("missing"));
    }
}
