//! Full pinyin, initials and mixtures of letters and characters, matched at the borders of syllables.
//!
//! Every place in every name begins a suffix; the suffixes are sorted by their initials. A query walks
//! down that order one syllable at a time, trying each way of cutting its letters, and only the places
//! that are left are compared in full: gjj, gongjijin, gongjij and 公jj all lead to 公积金.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use super::column::{Column, Numbers};
use super::lexicon::{self, Syllable};
use super::names::{Name, NameTable, Source, initial};

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
        let mut walk = Walk {
            suffixes: self,
            table,
            typed,
            letters: &letters,
            strictness,
            pieces: Vec::new(),
            blurred: Vec::new(),
            compared: 0,
            found: if begun {
                self.beginning(table, &letters)
            } else {
                Vec::new()
            },
            begun,
        };
        walk.step(0..self.places.len(), 0);
        let mut found = walk.found;
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

struct Walk<'a> {
    suffixes: &'a Suffixes,
    table: &'a NameTable,
    typed: &'a [char],
    /// The same with a space for each character that is no letter, so that places are bytes.
    letters: &'a str,
    strictness: Strictness,
    /// What was taken from the query for each character so far, as ranges of `typed`.
    pieces: Vec<Range<usize>>,
    /// The same letters [`blurred`].
    blurred: Vec<String>,
    compared: usize,
    found: Vec<Spelled>,
    /// Whether all of the query is the beginning of one syllable, and that was looked for already.
    begun: bool,
}

impl Walk<'_> {
    /// Goes on with what is left of the query from `from`, among the suffixes in `range`, all of which
    /// have the initials of the pieces taken so far.
    fn step(&mut self, range: Range<usize>, from: usize) {
        if from == self.typed.len() {
            self.compare(range);
            return;
        }
        let first = self.typed[from];
        if !first.is_ascii_alphabetic() {
            let letter = initial(first, lexicon::reading(first));
            self.take(range, from..from + 1, letter);
            return;
        }
        let rest = &self.letters[from..];
        let run = rest.bytes().take(6).take_while(u8::is_ascii_alphabetic).count();
        let letters = &rest[..run];
        for length in (1..=letters.len()).rev() {
            let piece = &letters[..length];
            let last = from + length == self.typed.len();
            let whole = lexicon::syllable(piece).is_some();
            let begins = length == 1 || matches!(piece, "zh" | "ch" | "sh");
            if self.begun && from == 0 && last {
                continue;
            }
            if whole || begins || last && lexicon::begins_syllable(piece) {
                self.take(range.clone(), from..from + length, first as u8);
                if self.strictness == Strictness::Dialect && matches!(first, 'n' | 'l') {
                    let other = if first == 'n' { b'l' } else { b'n' };
                    self.take(range.clone(), from..from + length, other);
                }
            }
        }
    }

    /// Takes one piece, for a character whose initial is `letter`.
    fn take(&mut self, range: Range<usize>, piece: Range<usize>, letter: u8) {
        let depth = self.pieces.len();
        let narrowed = if depth < DEPTH {
            self.narrow(&range, depth, letter)
        } else {
            range
        };
        if narrowed.is_empty() || self.compared > MOST_PLACES {
            return;
        }
        let rest = piece.end;
        self.pieces.push(piece);
        self.step(narrowed, rest);
        self.pieces.pop();
    }

    fn narrow(&self, range: &Range<usize>, depth: usize, letter: u8) -> Range<usize> {
        let places = &self.suffixes.places[range.clone()];
        let initial_at = |index: usize| -> Option<u8> {
            let (number, at) = unpack(places[index]);
            let name = self.table.names[number as usize].range();
            let place = name.start + at + depth;
            (place < name.end).then(|| initial(self.table.chars[place], self.table.syllables[place]))
        };
        let first_not = |below: &dyn Fn(Option<u8>) -> bool| {
            let (mut low, mut high) = (0, places.len());
            while low < high {
                let middle = low.midpoint(high);
                if below(initial_at(middle)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        let start = first_not(&|found| found < Some(letter));
        let end = first_not(&|found| found <= Some(letter));
        range.start + start..range.start + end
    }

    /// Compares the suffixes that are left with the pieces in full.
    fn compare(&mut self, range: Range<usize>) {
        if self.strictness == Strictness::Dialect {
            let pieces = self.pieces.iter();
            self.blurred = pieces
                .map(|piece| blurred(&self.letters[piece.clone()]))
                .collect();
        }
        for index in range {
            self.compared += 1;
            if self.compared > MOST_PLACES {
                return;
            }
            let (number, at) = unpack(self.suffixes.places[index]);
            let name = self.table.names[number as usize].range();
            let place = name.start + at;
            if place + self.pieces.len() > name.end {
                continue;
            }
            let mut whole = 0;
            let matches = self.pieces.iter().enumerate().all(|(offset, piece)| {
                let (first, typed) = (self.typed[piece.start], &self.letters[piece.clone()]);
                let (character, syllable) = (
                    self.table.chars[place + offset],
                    self.table.syllables[place + offset],
                );
                let read = lexicon::letters(syllable);
                if read.is_empty() || !first.is_ascii_alphabetic() {
                    whole += 1;
                    return piece.len() == 1 && first == character;
                }
                match self.strictness {
                    Strictness::Exact => {
                        whole += u16::from(typed.len() == read.len());
                        read.starts_with(typed)
                    }
                    Strictness::Dialect => {
                        let (typed, read) = (&self.blurred[offset], &BLURRED[usize::from(syllable)]);
                        whole += u16::from(typed == read);
                        read.starts_with(typed)
                    }
                }
            });
            if matches {
                self.found.push(Spelled {
                    name: number,
                    at: at as u16,
                    length: self.pieces.len() as u16,
                    whole,
                });
            }
        }
    }
}

/// The letters of each syllable [`blurred`].
static BLURRED: LazyLock<Vec<String>> = LazyLock::new(|| lexicon::syllables().map(blurred).collect());

/// Letters with the differences removed that dialects do not make.
fn blurred(letters: &str) -> String {
    let mut blurred = letters.replacen('l', "n", 1);
    for (from, to) in [
        ("zh", "z"),
        ("ch", "c"),
        ("sh", "s"),
        ("ang", "an"),
        ("eng", "en"),
        ("ing", "in"),
    ] {
        blurred = blurred.replacen(from, to, 1);
    }
    blurred
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
