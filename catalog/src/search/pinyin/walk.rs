//! Walking down the suffixes with a query, one syllable at a time.

use std::ops::Range;
use std::sync::LazyLock;

use super::{DEPTH, MOST_PLACES, Spelled, Strictness, Suffixes, unpack};
use crate::search::lexicon;
use crate::search::names::{NameTable, initial};

/// One query's way through the suffixes.
pub(super) struct Walk<'a> {
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
    /// Whether something was spelled. What residents say then counts only whole: there is so much of it that part of
    /// it can be typed as almost anything.
    are_letters: bool,
}

impl<'a> Walk<'a> {
    /// A walk for what was typed and its letters, which are bytes where it has characters. `begun` is what was found
    /// already where all of the query is the beginning of one syllable.
    pub(super) fn new(
        suffixes: &'a Suffixes,
        table: &'a NameTable,
        (typed, letters): (&'a [char], &'a str),
        strictness: Strictness,
        begun: Option<Vec<Spelled>>,
    ) -> Self {
        Self {
            suffixes,
            table,
            typed,
            letters,
            strictness,
            pieces: Vec::new(),
            blurred: Vec::new(),
            compared: 0,
            are_letters: typed.iter().any(|character| !character.is_numeric()),
            begun: begun.is_some(),
            found: begun.unwrap_or_default(),
        }
    }

    /// Walks to the end; what was found comes in no order, and more than once.
    pub(super) fn found(mut self) -> Vec<Spelled> {
        self.step(0..self.suffixes.places.len(), 0);
        self.found
    }

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
                .map(|piece| blurred(lexicon::usual(&self.letters[piece.clone()])))
                .collect();
        }
        for index in range {
            let (number, at) = unpack(self.suffixes.places[index]);
            let name = &self.table.names[number as usize];
            let is_part = usize::from(name.length) != self.pieces.len();
            let place = name.start as usize + at;
            if is_part && (self.are_letters && name.is_said() || place + self.pieces.len() > name.range().end)
            {
                continue;
            }
            self.compared += 1;
            if self.compared > MOST_PLACES {
                return;
            }
            let mut whole = 0;
            let matches = self.pieces.iter().enumerate().all(|(offset, piece)| {
                let first = self.typed[piece.start];
                let typed = lexicon::usual(&self.letters[piece.clone()]);
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
