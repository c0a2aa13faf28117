//! Official words for what residents say, and Chinese for English: found in the query, looked for beside it.

use super::matching::{Findings, Grade, Marks};
use super::names::{Names, Owner};
use super::query::{Parsed, Token};
use super::ranking;

/// An expansion that applies to the query.
#[derive(Debug)]
pub(super) struct Applied {
    /// Its place in [`Names::expansions`].
    pub expansion: u32,
    /// The part of the query that it stands for.
    pub bits: u64,
    /// The official words, taken apart.
    pub tokens: Vec<Token>,
}

/// So many expansions are tried.
const MOST: usize = 4;
/// A name or passage holds the official words when it holds this share of them.
pub(super) const HELD: f32 = 0.75;

/// The expansions whose words are in the query, or that the query is the beginning of.
pub(super) fn applying(
    table: &Names,
    findings: &Findings,
    weights: &[f32],
    closeness: impl Fn(u32) -> f32,
) -> Vec<Applied> {
    let total: f32 = weights.iter().sum();
    let mut applying: Vec<(f32, u32, u64)> = Vec::new();
    for &name in &findings.touched {
        let Owner::Expansion(expansion) = table.names[name as usize].owner else {
            continue;
        };
        let marks = findings.of(name);
        let sure = sure_bits(marks);
        let held = ranking::share(&only(sure), weights, total);
        let close = closeness(name);
        if held > 0.0 && (close > 0.95 || held > 0.95 && close >= 0.5) {
            applying.push((held * close, expansion, sure));
        }
    }
    applying.sort_by(|first, second| second.0.total_cmp(&first.0));
    let mut taken: Vec<Applied> = Vec::new();
    for (_, expansion, bits) in applying {
        if taken.iter().all(|applied| applied.expansion != expansion) {
            let tokens = Parsed::new(&table.expansions[expansion as usize].words).tokens;
            taken.push(Applied {
                expansion,
                bits,
                tokens,
            });
        }
        if taken.len() == MOST {
            break;
        }
    }
    taken
}

/// What was found surely enough to put other words in its place.
fn sure_bits(marks: &Marks) -> u64 {
    marks[Grade::Exact as usize] | marks[Grade::Near as usize] | marks[Grade::Sound as usize]
}

fn only(bits: u64) -> Marks {
    let mut marks = Marks::default();
    marks[Grade::Exact as usize] = bits;
    marks
}
