//! Finding the query in a text: which parts of it are there, and where.

use std::ops::Range;

use super::fold::Folded;
use super::query::{Looks, Token};
use super::result::Snippet;

/// A snippet has about so many characters: two lines of a result row.
const WINDOW: usize = 64;

/// What is looked for in the titles and texts of all hits of a query.
pub(super) struct Needles {
    needles: Vec<Needle>,
    /// A bit for the first character of each, by which most others are told from it.
    firsts: u64,
}

/// The characters of a token; none of a sound.
struct Needle {
    chars: Vec<char>,
    weight: f32,
}

/// Where a needle was found in a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Occurrence {
    needle: usize,
    at: usize,
    length: usize,
}

impl Needles {
    /// The tokens with their weights, at most 64.
    pub(super) fn new<'a>(tokens: impl IntoIterator<Item = (&'a Token, f32)>) -> Self {
        let chars = |token: &Token| match &token.looks {
            &Looks::Pair(first, second) => vec![first, second],
            &Looks::Single(character) => vec![character],
            Looks::Letters(word) | Looks::Digits(word) => word.chars().collect(),
            Looks::Sound(..) => Vec::new(),
        };
        let needles: Vec<Needle> = tokens
            .into_iter()
            .take(64)
            .map(|(token, weight)| Needle {
                chars: chars(token),
                weight,
            })
            .collect();
        let firsts = needles.iter().filter_map(|needle| needle.chars.first());
        Self {
            firsts: firsts.fold(0, |bits, &first| bits | bit(first)),
            needles,
        }
    }

    /// How many of them a text holds.
    pub(super) fn held_by(&self, text: &str) -> u32 {
        let occurrences = self.occurrences(&Folded::new(text, usize::MAX));
        let found: u64 = occurrences.iter().fold(0, |bits, found| bits | 1 << found.needle);
        found.count_ones()
    }

    fn occurrences(&self, text: &Folded) -> Vec<Occurrence> {
        let mut occurrences = Vec::new();
        for (at, &character) in text.chars.iter().enumerate() {
            if self.firsts & bit(character) == 0 {
                continue;
            }
            for (number, needle) in self.needles.iter().enumerate() {
                let chars = &needle.chars;
                if chars.first() == Some(&character) && text.chars[at..].starts_with(chars) {
                    occurrences.push(Occurrence {
                        needle: number,
                        at,
                        length: chars.len(),
                    });
                }
            }
        }
        occurrences
    }
}

fn bit(character: char) -> u64 {
    1 << (character as u32 & 63)
}

/// The bytes of a text that hold needles, joined where they touch.
pub(super) fn highlights(text: &Folded, needles: &Needles) -> Vec<Range<usize>> {
    spans(text, &needles.occurrences(text))
}

fn spans(text: &Folded, occurrences: &[Occurrence]) -> Vec<Range<usize>> {
    let places = occurrences.iter().map(|found| found.at..found.at + found.length);
    bytes(text, places)
}

/// The bytes behind ranges of folded characters, which come in order of their starts.
pub(super) fn bytes(text: &Folded, places: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        let (Some(first), Some(last)) = (
            text.origin.get(place.start),
            text.origin.get(place.end.wrapping_sub(1)),
        ) else {
            continue;
        };
        match joined.last_mut() {
            Some(before) if first.start <= before.end => before.end = before.end.max(last.end),
            _ => joined.push(first.start..last.end),
        }
    }
    joined
}

/// The piece of `original` in which the most weight of the query stands close together; `None` when it
/// holds nothing of it.
pub(super) fn snippet(original: &str, text: &Folded, needles: &Needles) -> Option<Snippet> {
    let occurrences = needles.occurrences(text);
    let weight_from = |first: usize| -> f32 {
        let (mut seen, mut sum) = (0_u64, 0.0);
        for found in occurrences[first..]
            .iter()
            .take_while(|found| found.at < occurrences[first].at + WINDOW * 2 / 3)
        {
            if seen >> found.needle & 1 == 0 {
                seen |= 1 << found.needle;
                sum += needles.needles[found.needle].weight;
            }
        }
        sum
    };
    let best = (0..occurrences.len().min(200))
        .map(|first| (first, weight_from(first)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let anchor = occurrences[best.0].at;
    // Begin at the start of the sentence when it is near, else a few characters before the match.
    let sentence = (anchor.saturating_sub(WINDOW / 4)..=anchor)
        .find(|&at| text.after_gap[at])
        .unwrap_or(anchor.saturating_sub(WINDOW / 8));
    let start = if anchor < WINDOW / 4 { 0 } else { sentence };
    let end = (start + WINDOW).min(text.len());
    let from = if start == 0 { 0 } else { text.origin[start].start };
    let to = if end == text.len() {
        original.len()
    } else {
        text.origin[end - 1].end
    };
    let mut cut = String::new();
    if from > 0 {
        cut.push('…');
    }
    let shift = cut.len();
    cut.push_str(&original[from..to].replace(['\n', '\r', '\t'], " "));
    if to < original.len() {
        cut.push('…');
    }
    let inside = occurrences
        .iter()
        .filter(|found| found.at >= start && found.at + found.length <= end)
        .copied();
    let marked = spans(text, &inside.collect::<Vec<_>>());
    Some(Snippet {
        text: cut,
        highlights: marked
            .into_iter()
            .map(|range| range.start - from + shift..range.end - from + shift)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::Parsed;

    fn needles(text: &str) -> Needles {
        Needles::new(Parsed::new(text).tokens.iter().map(|token| (token, 1.0)))
    }

    #[test]
    fn the_snippet_shows_where_most_of_the_query_stands_together() {
        let original = format!(
            "社保。{}单位应当为职工缴纳社会保险费，逾期不缴的加收滞纳金。",
            "其他规定另行公布。".repeat(30)
        );
        let folded = Folded::new(&original, usize::MAX);
        let snippet = snippet(&original, &folded, &needles("社会保险滞纳金")).unwrap();
        let marked: Vec<&str> = snippet
            .highlights
            .iter()
            .map(|range| &snippet.text[range.clone()])
            .collect();
        assert_eq!(marked, ["社会保险", "滞纳金"]);
        assert!(snippet.text.starts_with('…') && snippet.text.chars().count() < 80);
    }

    #[test]
    fn marks_cover_the_original_characters() {
        let original = "社會（保險）卡";
        let folded = Folded::new(original, 100);
        let marked = highlights(&folded, &needles("社会"));
        assert_eq!(&original[marked[0].clone()], "社會");
    }
}
