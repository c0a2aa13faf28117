//! The languages that residents choose from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of the screen, the slips and the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// A text that names none of the languages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language; use zh-CN or en")]
pub struct UnknownLanguage(pub String);

impl Language {
    /// All of them, the default first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 tag, as in `lang` attributes and names of message files.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads a tag; region and script do not matter.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split(['-', '_']).next() {
            Some("zh") => Ok(Self::Zh),
            Some("en") => Ok(Self::En),
            _ => Err(UnknownLanguage(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_reads_back_from_its_tag() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        assert_eq!("en-GB".parse(), Ok(Language::En));
        assert!("fr".parse::<Language>().is_err());
    }
}
