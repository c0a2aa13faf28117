//! Official words for what residents say, and Chinese for English: found in the query, looked for beside it.

use super::matching::{self, Findings};
use super::names::{NameTable, Owner};
use super::query::{Parsed, Token};
use super::ranking;

/// An expansion that applies to the query.
#[derive(Debug)]
pub(super) struct Applied {
    /// Its place in [`NameTable::expansions`].
    pub expansion: u32,
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

/// The expansions whose words are in the query, or that the query is the beginning of.
pub(super) fn applying(
    table: &NameTable,
    findings: &Findings,
    weights: &[f32],
    closeness: impl Fn(u32) -> f32,
) -> Vec<Applied> {
    let total: f32 = weights.iter().sum();
    let mut applying: Vec<(f32, u32, u64, f32, bool)> = Vec::new();
    for &name in &findings.touched {
        let Owner::Expansion(expansion) = table.names[name as usize].owner else {
            continue;
        };
        let marks = findings.of(name);
        let sure = matching::sure(marks);
        let held = ranking::share(&sure, weights, total);
        let close = closeness(name);
        if held > 0.0 && (close > 0.95 || held > 0.95 && close >= 0.5) {
            let bits = sure.iter().fold(0, |all, bits| all | bits);
            let contained = ranking::contained(close, table.names[name as usize].length);
            applying.push((
                held * close,
                expansion,
                bits,
                contained,
                held > 0.99 && close > 0.99,
            ));
        }
    }
    applying.sort_by(|first, second| second.0.total_cmp(&first.0));
    let mut taken: Vec<Applied> = Vec::new();
    for (_, expansion, bits, contained, is_all) in applying {
        if taken.iter().all(|applied| applied.expansion != expansion) {
            let tokens = Parsed::new(&table.expansions[expansion as usize].words).tokens;
            taken.push(Applied {
                expansion,
                bits,
                contained,
                is_all,
                tokens,
            });
        }
        if taken.len() == MOST {
            break;
        }
    }
    taken
}
