//! The terminal's own words, and the dictionary file that carries them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A word that residents should find near the top of the candidates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// The word. Only its runs of 2 to 12 Chinese characters are used; readings come from the dictionary's
    /// single characters.
    pub text: String,
    /// How often it is meant. Common words of pinyin_simp have 100 to 100 000.
    pub weight: u32,
}

impl Word {
    /// A word with its weight.
    #[must_use]
    pub fn new(text: impl Into<String>, weight: u32) -> Self {
        Self {
            text: text.into(),
            weight,
        }
    }
}

const LENGTHS: std::ops::RangeInclusive<usize> = 2..=12;

/// A rime dictionary: all of pinyin_simp and these words.
///
/// A word without a code is given its readings by librime, from the single characters of the imported
/// table.
pub(crate) fn dictionary(words: &[Word]) -> String {
    let mut weights = BTreeMap::<&str, u32>::new();
    for word in words {
        for run in word.text.split(|c| !is_han(c)) {
            if LENGTHS.contains(&run.chars().count()) {
                let weight = weights.entry(run).or_default();
                *weight = (*weight).max(word.weight);
            }
        }
    }
    let mut text = String::from(
        "---\n\
         name: mingchuang\n\
         version: '1'\n\
         sort: by_weight\n\
         use_preset_vocabulary: false\n\
         import_tables:\n  - pinyin_simp\n\
         columns:\n  - text\n  - weight\n\
         ...\n\n",
    );
    for (word, weight) in weights {
        let _ = writeln!(text, "{word}\t{weight}");
    }
    text
}

/// Whether a character is of the blocks that the dictionary knows.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::{Word, dictionary};

    #[test]
    fn names_are_split_at_everything_that_is_not_chinese() {
        let text = dictionary(&[
            Word::new("居民身份证申领、换领（含CSV）", 9),
            Word::new("一", 9),
            Word::new("a\tb: c\n...", 9),
        ]);
        let (_, body) = text.split_once("...\n\n").expect("a header");
        assert_eq!(body, "居民身份证申领\t9\n换领\t9\n");
    }

    #[test]
    fn the_heavier_of_two_equal_words_counts() {
        let text = dictionary(&[
            Word::new("社保卡", 9),
            Word::new("社保卡", 90),
            Word::new("社保卡", 1),
        ]);
        assert!(text.ends_with("\n社保卡\t90\n"));
    }
}
