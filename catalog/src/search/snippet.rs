//! Finding the query in a text: which parts of it are there, and where.

use std::ops::Range;

use super::fold::{self, Folded};
use super::query::{Looks, Token};
use super::result::Snippet;

/// A snippet has about so many characters: two lines of a result row.
const WINDOW: usize = 64;

/// Where a token was found in a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Occurrence {
    token: usize,
    at: usize,
    length: usize,
}

/// The tokens that a text holds, a bit each.
pub(super) fn found(text: &str, tokens: &[Token]) -> u64 {
    let only_pairs = tokens
        .iter()
        .all(|token| matches!(token.looks, Looks::Pair(..) | Looks::Sound(..)));
    if !only_pairs {
        let folded = Folded::new(text, usize::MAX);
        return occurrences(&folded, tokens)
            .iter()
            .fold(0, |bits, found| bits | 1 << found.token);
    }
    // The usual case without laying out the text: this runs over dozens of passages a keystroke.
    let pairs = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, token)| match token.looks {
            Looks::Pair(first, second) => Some((first, second, 1 << at)),
            _ => None,
        });
    let pairs: Vec<(char, char, u64)> = pairs.collect();
    let firsts = pairs
        .iter()
        .fold(0_u64, |firsts, pair| firsts | 1 << (pair.0 as u32 & 63));
    let (mut bits, mut before) = (0, ' ');
    fold::each(text, |character| {
        if let Some(character) = character
            && firsts >> (before as u32 & 63) & 1 == 1
        {
            for &(first, second, bit) in &pairs {
                if first == before && second == character {
                    bits |= bit;
                }
            }
        }
        before = character.unwrap_or(' ');
    });
    bits
}

fn occurrences(text: &Folded, tokens: &[Token]) -> Vec<Occurrence> {
    let mut firsts = 0_u64;
    let starts: Vec<Vec<char>> = tokens
        .iter()
        .map(|token| match &token.looks {
            &Looks::Pair(first, second) => vec![first, second],
            &Looks::Single(character) => vec![character],
            Looks::Letters(word) | Looks::Digits(word) => word.chars().collect(),
            Looks::Sound(..) => Vec::new(),
        })
        .inspect(|chars| firsts |= chars.first().map_or(0, |&first| 1 << (first as u32 & 63)))
        .collect();
    let mut occurrences = Vec::new();
    for (at, &character) in text.chars.iter().enumerate() {
        if firsts >> (character as u32 & 63) & 1 == 0 {
            continue;
        }
        for (token, chars) in starts.iter().enumerate() {
            if chars.first() == Some(&character) && text.chars[at..].starts_with(chars) {
                occurrences.push(Occurrence {
                    token,
                    at,
                    length: chars.len(),
                });
            }
        }
    }
    occurrences
}

/// The bytes of a text that hold tokens, joined where they touch.
pub(super) fn highlights(text: &Folded, tokens: &[Token]) -> Vec<Range<usize>> {
    spans(text, &occurrences(text, tokens))
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
pub(super) fn snippet(original: &str, text: &Folded, tokens: &[Token], weights: &[f32]) -> Option<Snippet> {
    let occurrences = occurrences(text, tokens);
    let weight_from = |first: usize| -> f32 {
        let (mut seen, mut sum) = (0_u64, 0.0);
        for found in occurrences[first..]
            .iter()
            .take_while(|found| found.at < occurrences[first].at + WINDOW * 2 / 3)
        {
            if seen >> found.token & 1 == 0 {
                seen |= 1 << found.token;
                sum += weights.get(found.token).copied().unwrap_or(0.0);
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

    #[test]
    fn the_snippet_shows_where_most_of_the_query_stands_together() {
        let original = format!(
            "社保。{}单位应当为职工缴纳社会保险费，逾期不缴的加收滞纳金。",
            "其他规定另行公布。".repeat(30)
        );
        let folded = Folded::new(&original, usize::MAX);
        let tokens = Parsed::new("社会保险滞纳金").tokens;
        let snippet = snippet(&original, &folded, &tokens, &vec![1.0; tokens.len()]).unwrap();
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
        let marked = highlights(&folded, &Parsed::new("社会").tokens);
        assert_eq!(&original[marked[0].clone()], "社會");
    }
}
