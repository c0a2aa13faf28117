//! Full pinyin, initials and mixtures of letters and characters, matched at the borders of syllables.
//!
//! Every place in every name begins a suffix; the suffixes are sorted by their initials. A query walks
//! down that order one syllable at a time, trying each way of cutting its letters, and only the places
//! that are left are compared in full: gjj, gongjijin, gongjij and 公jj all lead to 公积金.

mod walk;

use std::cmp::Reverse;

use crate::search::column::{Column, Numbers};
use crate::search::lexicon::{self, Syllable};
use crate::search::names::{Name, NameTable, Source, initial};
use walk::Walk;

/// All suffixes of all names but the English, sorted by initials.
#[derive(Debug, Default)]
pub(super) struct Suffixes {
    /// Each suffix, [packed](pack): the name and the place in it.
    places: Column<u32>,
    /// The names by their first initial, short names first: what a letter or two mean.
    beginnings: Column<u32>,
}

/// So many bits are the place in a name: names are cut to fewer characters.
const AT_BITS: u32 = 8;

fn pack(name: u32, at: usize) -> u32 {
    name << AT_BITS | at as u32
}

fn unpack(packed: u32) -> (u32, usize) {
    (packed >> AT_BITS, (packed & ((1 << AT_BITS) - 1)) as usize)
}

/// A name that can be typed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelled {
    /// The name.
    pub name: u32,
    /// Where in the name it begins.
    pub at: u16,
    /// How many characters it spans.
    pub length: u16,
    /// How many of them were spelled out or typed as characters.
    pub whole: u16,
}

/// Whether sounds that dialects mix up count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    Exact,
    /// z/zh, c/ch, s/sh, n/l, an/ang, en/eng, in/ing.
    Dialect,
}

/// Longer queries are not spelled out.
const LONGEST: usize = 40;
/// So many places are compared in full at most.
const MOST_PLACES: usize = 1500;
/// So many names are kept at most: one letter begins half of them, and nobody reads on so far.
const MOST_NAMES: usize = 128;
/// And fewer for the beginning of one syllable, of which the best are known beforehand.
const MOST_BEGINNINGS: usize = 48;
/// Suffixes are sorted by so many initials.
const DEPTH: usize = 16;

impl Suffixes {
    pub(super) fn new(table: &NameTable) -> Self {
        let mut initials = Vec::with_capacity(table.chars.len());
        initials.extend(
            table
                .chars
                .iter()
                .zip(table.syllables.iter())
                .map(|(&c, &s)| initial(c, s)),
        );
        let mut places: Vec<u32> = Vec::new();
        for (number, name) in (0_u32..).zip(&table.names) {
            let chars = table.chars_of(name);
            let begins = |at: usize| match name.source {
                Source::English => false,
                // What residents say counts only whole, but for the figures in it.
                Source::Synonym => at == 0 || chars[at].is_numeric() && !chars[at - 1].is_numeric(),
                _ => true,
            };
            let begin = (0..chars.len()).filter(|&at| begins(at));
            places.extend(begin.map(|at| pack(number, at)));
        }
        let suffix = |packed: u32| {
            let (number, at) = unpack(packed);
            let range = table.names[number as usize].range();
            let start = range.start + at;
            &initials[start..range.end.min(start + DEPTH)]
        };
        places.sort_by(|&first, &second| suffix(first).cmp(suffix(second)));
        let mut beginnings: Vec<u32> = (0_u32..)
            .zip(&table.names)
            .filter(|(_, name)| match name.source {
                Source::English => false,
                Source::Synonym => name.length == 1,
                _ => true,
            })
            .map(|(number, _)| number)
            .collect();
        beginnings.sort_by_key(|&number| {
            let name = &table.names[number as usize];
            (initials[name.start as usize], name.length, number)
        });
        Self {
            places: places.into(),
            beginnings: beginnings.into(),
        }
    }

    pub(super) fn columns(&mut self) -> [&mut dyn Numbers; 2] {
        [&mut self.places, &mut self.beginnings]
    }

    /// The names whose first syllable begins with these letters, as far as anybody would read.
    fn beginning(&self, table: &NameTable, letters: &str) -> Vec<Spelled> {
        let first = |number: u32| table.names[number as usize].start as usize;
        let initial_of = |number: u32| initial(table.chars[first(number)], table.syllables[first(number)]);
        let letter = letters.bytes().next().unwrap_or_default();
        let from = self
            .beginnings
            .partition_point(|&number| initial_of(number) < letter);
        self.beginnings[from..]
            .iter()
            .take_while(|&&number| initial_of(number) == letter)
            .filter_map(|&name| {
                let read = lexicon::letters(table.syllables[first(name)]);
                read.starts_with(letters).then_some(Spelled {
                    name,
                    at: 0,
                    length: 1,
                    whole: u16::from(read.len() == letters.len()),
                })
            })
            .take(MOST_BEGINNINGS)
            .collect()
    }

    pub(super) fn is_sound(&self, names: &[Name]) -> bool {
        let lies_in_name = |&packed: &u32| {
            let (number, at) = unpack(packed);
            names
                .get(number as usize)
                .is_some_and(|name| at < usize::from(name.length))
        };
        self.places.iter().all(lies_in_name)
            && self
                .beginnings
                .iter()
                .all(|&number| names.get(number as usize).is_some_and(|name| name.length > 0))
    }

    /// The names that can be typed as `typed`: letters, digits and characters without gaps.
    pub(super) fn find(&self, table: &NameTable, typed: &[char], strictness: Strictness) -> Vec<Spelled> {
        if typed.is_empty() || typed.len() > LONGEST {
            return Vec::new();
        }
        let letters: String = typed
            .iter()
            .map(|character| if character.is_ascii() { *character } else { ' ' })
            .collect();
        let begun = letters.len() == 1 && letters != " "
            || lexicon::begins_syllable(&letters) && lexicon::syllable(&letters).is_none();
        let begun = begun.then(|| self.beginning(table, &letters));
        let mut found = Walk::new(self, table, (typed, &letters), strictness, begun).found();
        found.sort_unstable_by_key(|spelled| (spelled.name, spelled.at, Reverse(spelled.whole)));
        found.dedup_by_key(|spelled| spelled.name);
        if found.len() > MOST_NAMES {
            // At the beginning of a name first, short names first.
            let place = |spelled: &Spelled| {
                (
                    Reverse(spelled.whole),
                    spelled.at > 0,
                    table.names[spelled.name as usize].length,
                    spelled.name,
                )
            };
            found.select_nth_unstable_by_key(MOST_NAMES, place);
            found.truncate(MOST_NAMES);
        }
        found
    }
}

/// Cuts letters into whole syllables, the longest first; `None` when something is left over.
pub(super) fn cut(letters: &[char]) -> Option<Vec<Syllable>> {
    // For each place, from the end, the syllable to take there so that the rest comes out even.
    let mut take: Vec<Option<(usize, Syllable)>> = vec![None; letters.len()];
    for at in (0..letters.len()).rev() {
        take[at] = (1..=(letters.len() - at).min(6)).rev().find_map(|length| {
            let piece: String = letters[at..at + length].iter().collect();
            let even = at + length == letters.len() || take[at + length].is_some();
            even.then(|| lexicon::syllable(&piece))
                .flatten()
                .map(|syllable| (length, syllable))
        });
    }
    let (mut at, mut syllables) = (0, Vec::new());
    while at < letters.len() {
        let (length, syllable) = take[at]?;
        syllables.push(syllable);
        at += length;
    }
    Some(syllables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::names::{NamesBuilder, Owner};

    fn spelled(typed: &str, strictness: Strictness) -> Vec<String> {
        let mut builder = NamesBuilder::new();
        for (number, name) in (0..).zip([
            "住房公积金提取",
            "重庆银行",
            "居民身份证",
            "旅行社",
            "西安",
            "先进",
        ]) {
            builder.add(Owner::Record(number), Source::Title, name);
        }
        let table = builder.finish();
        let typed: Vec<char> = typed.chars().collect();
        let found = table.suffixes.find(&table, &typed, strictness);
        found
            .iter()
            .map(|found| table.text_of(&table.names[found.name as usize]).to_owned())
            .collect()
    }

    #[test]
    fn letters_find_names_at_the_borders_of_syllables() {
        for typed in [
            "gongjijin",
            "gjj",
            "gongjij",
            "公jj",
            "gongjj",
            "gjijin",
            "zfgjj",
            "gjjtq",
            "gongjijint",
        ] {
            assert_eq!(spelled(typed, Strictness::Exact), ["住房公积金提取"], "{typed}");
        }
        assert_eq!(spelled("chongqingyinhang", Strictness::Exact), ["重庆银行"]);
        assert_eq!(spelled("cqyh", Strictness::Exact), ["重庆银行"]);
        assert_eq!(spelled("xian", Strictness::Exact), ["西安", "先进"]);
        assert!(spelled("ongjijin", Strictness::Exact).is_empty());
        assert!(spelled("gjjx", Strictness::Exact).is_empty());
    }

    #[test]
    fn dialect_forms_match_only_when_allowed() {
        assert!(spelled("senfenzen", Strictness::Exact).is_empty());
        assert_eq!(spelled("senfenzen", Strictness::Dialect), ["居民身份证"]);
        assert_eq!(spelled("nvxingse", Strictness::Dialect), ["旅行社"]);
    }

    #[test]
    fn letters_are_cut_into_whole_syllables_or_not_at_all() {
        let letters: Vec<char> = "shenfenzheng".chars().collect();
        assert_eq!(cut(&letters).map(|cut| cut.len()), Some(3));
        assert_eq!(cut(&['b', 'i', 'r', 't', 'h']), None);
    }
}
