//! Official words for what residents say, and Chinese for English: found in the query, looked for beside it.

use super::fold::Folded;
use super::matching::{self, Findings, Grade};
use super::names::NameTable;
use super::query::{self, LONGEST, Token};
use super::ranking::{self, Said};

/// An expansion that applies to the query.
#[derive(Debug)]
pub(super) struct Applied {
    /// Its place in [`NameTable::expansions`].
    pub expansion: u32,
    /// The words by which it was found, a name.
    pub said: u32,
    /// How surely they were found: by sound, or better.
    pub grade: Grade,
    /// The part of the query that it stands for.
    pub bits: u64,
    /// What it counts for when it stands whole in a longer query, see [`ranking::contained`].
    pub contained: f32,
    /// Whether the query is the words of the expansion and nothing else.
    pub is_all: bool,
    /// The official words, taken apart.
    pub tokens: Vec<Token>,
}

/// So many expansions are tried.
const MOST: usize = 4;
/// A name or passage holds the official words when it holds this share of them.
pub(super) const HELD: f32 = 0.75;

/// What residents say that stands in the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    /// The words, a name.
    pub name: u32,
    /// Its expansion.
    pub expansion: u32,
    /// How far it was typed.
    pub said: Said,
}

/// The expansions that apply, the most telling first.
pub(super) fn applying(
    table: &NameTable,
    heard: &[Heard],
    findings: &Findings,
    weights: &[f32],
    closeness: impl Fn(u32) -> f32,
) -> Vec<Applied> {
    let total: f32 = weights.iter().sum();
    let mut applying: Vec<(f32, Applied)> = Vec::new();
    for &Heard {
        name: said,
        expansion,
        said: how,
    } in heard
    {
        let name = &table.names[said as usize];
        let sure = matching::sure(findings.of(said));
        let held = ranking::share(&sure, weights, total);
        let close = closeness(said);
        let holds = match how {
            Said::Whole | Said::Amiss => held > 0.0,
            Said::Unfinished => held > 0.95 && close >= 0.5,
        };
        if holds {
            let literal = sure[Grade::Exact as usize] | sure[Grade::Near as usize];
            let bits = literal | sure[Grade::Sound as usize];
            let applied = Applied {
                expansion,
                said,
                grade: if bits == literal {
                    Grade::Near
                } else {
                    Grade::Sound
                },
                bits,
                // Two syllables among others are no word that was said.
                contained: if bits == sure[Grade::Exact as usize] || name.length > 2 {
                    ranking::contained(close, name.length)
                } else {
                    0.0
                },
                is_all: held > 0.99 && close > 0.99,
                tokens: Vec::new(),
            };
            applying.push((held * close, applied));
        }
    }
    applying.sort_by(|first, second| second.0.total_cmp(&first.0));
    let mut taken: Vec<Applied> = Vec::new();
    for (_, mut applied) in applying {
        if taken.len() == MOST {
            break;
        }
        if taken.iter().all(|before| before.expansion != applied.expansion) {
            let words = &table.expansions[applied.expansion as usize].words;
            applied.tokens = query::tokens(&Folded::new(words, LONGEST));
            taken.push(applied);
        }
    }
    taken
}
