//! Folding: one written form for all the ways of typing the same text.
//!
//! Compatibility forms (full width, ligatures, circled digits) become plain, letters lower case,
//! traditional characters simplified, everything that is neither letter, digit nor Han a gap. Each folded
//! character remembers where it came from, so that a match can be marked in the original.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

/// A text in folded form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    /// The characters, gaps left out.
    pub chars: Vec<char>,
    /// For each character, the bytes of the original it came from.
    pub origin: Vec<Range<usize>>,
    /// For each character, whether a gap comes before it.
    pub after_gap: Vec<bool>,
}

impl Folded {
    /// Folds at most `limit` characters of `text`.
    pub(super) fn new(text: &str, limit: usize) -> Self {
        // Han has three bytes, all else one or two.
        let expected = (text.len() / 2).min(limit);
        let mut folded = Self {
            chars: Vec::with_capacity(expected),
            origin: Vec::with_capacity(expected),
            after_gap: Vec::with_capacity(expected),
        };
        let mut gap = false;
        for (at, original) in text.char_indices() {
            let origin = at..at + original.len_utf8();
            for_each_folded(original, |character| match character {
                Some(character) => {
                    folded.chars.push(character);
                    folded.origin.push(origin.clone());
                    folded.after_gap.push(std::mem::take(&mut gap));
                }
                None => gap = true,
            });
            if folded.chars.len() >= limit {
                break;
            }
        }
        folded
    }

    /// How many characters there are.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The parts between gaps and changes of script, as ranges of characters.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (at, &character) in self.chars.iter().enumerate() {
            let script = Script::of(character);
            match runs.last_mut() {
                Some(run) if run.script == script && !self.after_gap[at] => run.range.end = at + 1,
                _ => runs.push(Run {
                    script,
                    range: at..at + 1,
                }),
            }
        }
        runs
    }
}

/// A part of a text in one script, without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub script: Script,
    pub range: Range<usize>,
}

/// The scripts that are treated differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Han,
    Latin,
    Digit,
}

impl Script {
    pub(super) fn of(character: char) -> Self {
        if is_han(character) {
            Self::Han
        } else if character.is_numeric() {
            Self::Digit
        } else {
            Self::Latin
        }
    }
}

/// Whether a character is a Han character (or 〇, which is used as one in numbers).
pub(super) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}' | '〇')
}

/// The folded characters of `text`, gaps left out.
pub(super) fn key(text: &str) -> Vec<char> {
    let mut key = Vec::new();
    each(text, |character| key.extend(character));
    key
}

/// Gives each folded character of `text` to `take`; `None` stands for a gap.
pub(super) fn each(text: &str, mut take: impl FnMut(Option<char>)) {
    for original in text.chars() {
        for_each_folded(original, &mut take);
    }
}

/// Gives each folded character of `original` to `take`; `None` stands for a gap.
fn for_each_folded(original: char, mut take: impl FnMut(Option<char>)) {
    if is_han(original) && !matches!(original, '\u{f900}'..='\u{faff}') {
        take(Some(simplified(original)));
    } else if original.is_ascii() {
        take(
            original
                .is_ascii_alphanumeric()
                .then(|| original.to_ascii_lowercase()),
        );
    } else if matches!(original, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{301b}'
        | '！' | '（' | '）' | '，' | '－' | '．' | '／' | '：' | '；' | '？')
    {
        // The marks of Chinese writing, an eighth of any text, need no tables.
        take(None);
    } else {
        for part in original.nfkc().flat_map(char::to_lowercase) {
            take(part.is_alphanumeric().then(|| simplified(part)));
        }
    }
}

/// The first character of the table below.
const FIRST: u32 = 0x3400;

/// Simplified forms, indexed by the traditional character; 0 where there is none.
static SIMPLIFIED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![0_u16; (0xa000 - FIRST) as usize];
    let pairs = include_str!("data/traditional.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    for pair in pairs {
        let mut characters = pair.chars();
        if let (Some(from), Some(to)) = (characters.next(), characters.next()) {
            table[(from as u32 - FIRST) as usize] = to as u16;
        }
    }
    table
});

fn simplified(character: char) -> char {
    let index = (character as u32).wrapping_sub(FIRST) as usize;
    match SIMPLIFIED.get(index) {
        Some(&to) if to != 0 => char::from_u32(u32::from(to)).unwrap_or(character),
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        key(text).into_iter().collect()
    }

    #[test]
    fn the_same_words_in_other_writing_fold_to_the_same_text() {
        assert_eq!(folded("社會保險"), "社会保险");
        assert_eq!(folded("ＡＢＣ　１２３"), "abc123");
        assert_eq!(folded("国办发〔2017〕47号"), "国办发201747号");
        assert_eq!(folded("  Birth-Registration "), "birthregistration");
    }

    #[test]
    fn every_folded_character_knows_where_it_came_from() {
        let text = "（社會）ＡB";
        let folded = Folded::new(text, 100);
        let origins: Vec<&str> = folded.origin.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(origins, ["社", "會", "Ａ", "B"]);
        assert_eq!(folded.after_gap, [true, false, true, false]);
    }

    #[test]
    fn runs_break_at_gaps_and_changes_of_script() {
        let folded = Folded::new("公积金 提取abc12", 100);
        let runs: Vec<_> = folded.runs().into_iter().map(|run| run.range).collect();
        assert_eq!(runs, [0..3, 3..5, 5..8, 8..10]);
    }
}
