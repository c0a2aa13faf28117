//! What a slip says in its own words: Fluent messages in two languages.

use catalog::Language;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

const CHINESE: &str = include_str!("../../locales/zh-CN/slip.ftl");
const ENGLISH: &str = include_str!("../../locales/en/slip.ftl");

/// The messages of one language.
pub(super) struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    pub(super) fn new(language: Language) -> Self {
        let text = match language {
            Language::Zh => CHINESE,
            Language::En => ENGLISH,
        };
        let resource = FluentResource::try_new(text.to_owned())
            .unwrap_or_else(|(_, errors)| panic!("slip.ftl is part of the program: {errors:?}"));
        let tag = language
            .tag()
            .parse()
            .expect("the languages' tags are well-formed");
        let mut bundle = FluentBundle::new(vec![tag]);
        // The marks around arguments are for scripts that run both ways; paper needs none.
        bundle.set_use_isolating(false);
        bundle
            .add_resource(resource)
            .unwrap_or_else(|errors| panic!("slip.ftl repeats a key: {errors:?}"));
        Self { bundle }
    }

    /// A message without arguments.
    pub(super) fn get(&self, key: &str) -> String {
        self.with(key, [])
    }

    /// A message with its arguments.
    pub(super) fn with<'a, const N: usize>(
        &self,
        key: &str,
        arguments: [(&'a str, FluentValue<'a>); N],
    ) -> String {
        let arguments: FluentArgs<'a> = arguments.into_iter().collect();
        let message = self.bundle.get_message(key).and_then(|message| message.value());
        let pattern = message.unwrap_or_else(|| panic!("slip.ftl has no {key:?}"));
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<&str> {
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(CHINESE), keys(ENGLISH));
        assert!(keys(CHINESE).len() > 90);
    }
}
