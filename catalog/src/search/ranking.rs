//! How evidence becomes a rank: one pure function and all its weights.
//!
//! The README of this crate says why each weight is there. None of them knows a record or a query.

use super::matching::{Grade, Marks};
use super::names::Source;
use crate::record::{Kind, ValidityState};

/// What a part of a query counts for when it was found with a grade.
pub(super) const CREDIT: [f32; Grade::COUNT] = [1.0, 0.92, 0.8, 0.55, 0.6, 0.5];

/// A name that stands whole in a longer query counts for this share of it at least, short names for less:
/// 家里停水了 means 停水, whatever else was said.
const CONTAINED: f32 = 0.6;
/// Below this share of its characters a name does not stand whole in the query.
const WHOLE: f32 = 0.8;

/// What a name of so many characters counts for that lies in the query with this share of them. One of
/// two characters (离婚, 社保) is just enough by itself.
pub(super) fn contained(closeness: f32, length: u16) -> f32 {
    let weight = match length {
        0 | 1 => 0.0,
        2 => 0.66,
        3 => 0.8,
        _ => 1.0,
    };
    if closeness < WHOLE {
        0.0
    } else {
        CONTAINED * closeness * weight
    }
}

/// What a name of so many characters counts for that lies in the query in pieces. Two characters apart are
/// no word, and many characters come together by chance.
pub(super) fn scattered(length: u16) -> f32 {
    match length {
        3..=6 => CREDIT_FLOOR,
        _ => 0.0,
    }
}

/// What a pair of characters counts for that stands in no text, beside the rarest that does: it is as
/// likely the seam between two words as a word.
pub(super) const UNSEEN: f32 = 0.5;
/// A record must hold this share of the query, by weight, whatever the grade; less is nothing found.
pub(super) const FLOOR: f32 = 0.62;
/// A name that holds less than this share of the query is no evidence at all.
pub(super) const NAME_FLOOR: f32 = 0.15;

/// The same for what residents say, by its characters: the longer it is, the less it stands in a sentence by chance.
pub(super) fn said_floor(length: u16) -> f32 {
    match length {
        0..=2 => 0.2,
        3 => 0.15,
        4 => 0.1,
        _ => 0.08,
    }
}

/// A record must hold this share by credit as well, in which a text alone counts half.
pub(super) const CREDIT_FLOOR: f32 = 0.38;
/// And its score must be this share of the best.
pub(super) const TAIL: f32 = 0.35;

/// How much a name's being short beside the query matters: the rest is the query's own coverage.
const CLOSENESS: f32 = 0.35;
/// The query is the name.
const SAME: f32 = 0.6;
/// The query is what residents say for it: less, because they say it for other things as well, and what
/// has the very words in its name should not stand far behind.
const SAID: f32 = 0.12;
/// The name begins with the query.
const BEGINS: f32 = 0.1;
/// The name holds the query in one piece.
const HOLDS: f32 = 0.08;
/// A passage holds all of a longer query: it was copied from there.
pub(super) const VERBATIM: f32 = 0.5;
/// How many parts a longer query has, and which share of it a passage must hold.
pub(super) const LONGER: (usize, f32) = (6, 0.85);
/// The query is the name of the agency, the area or the heading.
pub(super) const WHOLE_CONTEXT: f32 = 0.4;
/// A document number or a code was given.
pub(super) const NUMBER: f32 = 2.0;
/// The document has the article that was asked for.
pub(super) const ARTICLE: f32 = 0.3;
/// What the words of an expansion count for beside the resident's own.
pub(super) const EXPANSION: f32 = 0.92;
/// Each hit of the same kind before it costs a hit so much of its score, within the first page.
pub(super) const CROWDING: f32 = 0.025;

/// The standing of a kind, other things being equal: what tells a resident what to do comes first.
pub(super) fn prior(kind: Kind) -> f32 {
    match kind {
        Kind::Guide => 1.08,
        Kind::Area => 1.02,
        Kind::Document | Kind::Entry | Kind::Form => 1.0,
        Kind::Dataset | Kind::Interpretation => 0.98,
        Kind::Plan => 0.95,
        Kind::ServiceItem => 0.92,
        _ => 0.85,
    }
}

/// What is not in force stands behind what is.
pub(super) fn standing(validity: ValidityState) -> f32 {
    match validity {
        ValidityState::InForce | ValidityState::Unknown => 1.0,
        ValidityState::BasisSuperseded => 0.99,
        ValidityState::Superseded => 0.85,
        ValidityState::Repealed => 0.7,
    }
}

/// What residents say must stand in the query with this share of its characters.
pub(super) const SAID_WHOLE: f32 = 0.9;

/// Of the records that are meant by what residents say, each one further down the list is meant less.
const FURTHER: f32 = 0.06;
/// From here on it makes no difference.
const FURTHEST: usize = 7;

/// Whoever typed only the beginning of what residents say, or of a number, may go on otherwise.
pub(super) const UNFINISHED: f32 = 0.85;

/// What residents say with another character is perhaps something else: 家里进水 in place of 家里停水.
const AMISS: f32 = 0.8;

/// How far what residents say was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// It stands in the query.
    Whole,
    /// But for a character that was mistyped, or never meant.
    Amiss,
    /// The query is the beginning of it.
    Unfinished,
}

/// How surely what residents say leads to the record at this place of those that are meant by it.
pub(super) fn aim(said: Said, place: usize) -> f32 {
    let finished = match said {
        Said::Whole => 1.0,
        Said::Amiss => AMISS,
        Said::Unfinished => UNFINISHED,
    };
    finished * (1.0 - FURTHER * place.min(FURTHEST) as f32)
}

/// What residents say counts for so much when nothing but its initials was typed and the record is not called so: initials
/// are typed for names, and many things that are said begin with the same letters.
pub(super) const BY_INITIALS: f32 = 0.75;

/// How surely it leads to records that hold the official words, where no list says which are meant.
pub(super) const OFFICIAL_AIM: f32 = 0.88;

/// What a name is worth as the place of a match.
pub(super) fn worth(source: Source) -> f32 {
    match source {
        Source::Title => 1.0,
        Source::Alias => 0.99,
        Source::Synonym => 0.97,
        Source::English => 0.98,
        Source::Context => 0.6,
    }
}

/// The sum of the credits of the parts that were found, each by its best grade.
pub(super) fn credit(marks: &Marks, weights: &[f32]) -> f32 {
    let mut seen = 0;
    let mut sum = 0.0;
    for grade in BY_CREDIT {
        let mut bits = marks[grade] & !seen;
        seen |= bits;
        while bits != 0 {
            sum += CREDIT[grade]
                * weights
                    .get(bits.trailing_zeros() as usize)
                    .copied()
                    .unwrap_or(0.0);
            bits &= bits - 1;
        }
    }
    sum
}

/// The grades from the highest credit to the lowest.
const BY_CREDIT: [usize; Grade::COUNT] = [
    Grade::Exact as usize,
    Grade::Near as usize,
    Grade::Sound as usize,
    Grade::Context as usize,
    Grade::Partly as usize,
    Grade::Text as usize,
];

/// The share of the query that was found at all.
pub(super) fn share(marks: &Marks, weights: &[f32], total: f32) -> f32 {
    let found = marks.iter().fold(0, |found, bits| found | bits);
    let sum: f32 = weights
        .iter()
        .enumerate()
        .filter(|&(at, _)| found >> at & 1 == 1)
        .map(|(_, weight)| weight)
        .sum();
    sum / total
}

/// How the query lies in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Loose,
    Holds,
    Begins,
    Same,
}

/// The way a query lies in the best name of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lies {
    /// The share of the name that the query accounts for, 0 to 1.
    pub closeness: f32,
    pub fit: Fit,
    pub source: Source,
    /// How surely the name leads to the record, 0 to 1.
    pub aim: f32,
}

impl Lies {
    /// What is found by other than names.
    pub(super) const NOWHERE: Self = Self {
        closeness: 0.0,
        fit: Fit::Loose,
        source: Source::Title,
        aim: 1.0,
    };
}

/// The score of a record.
///
/// `coverage` is the credited share of the query, 0 to 1; `lies` says how it lies in the best name.
pub(super) fn score(coverage: f32, lies: Lies, kind: Kind, validity: ValidityState) -> f32 {
    let Lies {
        closeness,
        fit,
        source,
        aim,
    } = lies;
    let bonus = match fit {
        Fit::Loose => 0.0,
        Fit::Holds => HOLDS,
        Fit::Begins => BEGINS,
        Fit::Same if source == Source::Synonym => SAID,
        Fit::Same => SAME,
    };
    let shape = 1.0 - CLOSENESS + CLOSENESS * closeness.sqrt();
    (coverage * shape + bonus) * worth(source) * aim * prior(kind) * standing(validity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_counts_once_by_its_best_grade() {
        let mut marks = Marks::default();
        marks[Grade::Exact as usize] = 0b01;
        marks[Grade::Sound as usize] = 0b11;
        let sum = credit(&marks, &[2.0, 1.0]);
        assert!((sum - (2.0 + CREDIT[Grade::Sound as usize])).abs() < 1e-6);
        assert!((share(&marks, &[2.0, 1.0, 1.0], 4.0) - 0.75).abs() < 1e-6);
    }

    #[test]
    fn a_repealed_text_stands_behind_its_successor() {
        let lies = Lies {
            closeness: 0.5,
            fit: Fit::Holds,
            ..Lies::NOWHERE
        };
        let of = |validity| score(1.0, lies, Kind::Document, validity);
        assert!(of(ValidityState::Repealed) < of(ValidityState::Superseded));
        assert!(of(ValidityState::Superseded) < of(ValidityState::InForce));
    }
}
