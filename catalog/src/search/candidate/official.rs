//! Evidence from official words for what was said.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::Candidates;
use super::evidence::BestName;
use crate::search::expansion::HELD;
use crate::search::feature::Feature;
use crate::search::fold;
use crate::search::matching::{Grade, Marks};
use crate::search::names::{Owner, Source};
use crate::search::query::{Looks, Token};
use crate::search::ranking::{self, Fit, Lies};

/// For so many names there is room from the start.
const NAMES: usize = 256;

impl Candidates<'_> {
    /// Looks for the official words in the names, where the table does not say which records are meant.
    pub(super) fn add_expansions(&mut self) {
        for applied in std::mem::take(&mut self.applied) {
            let expansion = &self.index.names.expansions[applied.expansion as usize];
            let weights = self.index.weights(&applied.tokens);
            let total: f32 = weights.iter().sum();
            let mut held: FxHashMap<u32, u64> = FxHashMap::with_capacity_and_hasher(NAMES, FxBuildHasher);
            for (bit, token) in applied.tokens.iter().enumerate() {
                if let Some(feature) = feature(token) {
                    for &name in self.index.names.postings.get(feature) {
                        *held.entry(name).or_default() |= 1 << bit;
                    }
                }
            }
            let words = fold::key(&expansion.words);
            for (number, bits) in held {
                let name = &self.index.names.names[number as usize];
                let Owner::Record(record) = name.owner else {
                    continue;
                };
                let mut found = Marks::default();
                found[Grade::Exact as usize] = bits;
                if ranking::credit(&found, &weights) < HELD * total {
                    continue;
                }
                let mut marks = Marks::default();
                marks[applied.grade as usize] = applied.bits;
                let coverage = ranking::credit(&marks, self.weights) / self.total;
                let closeness = (words.len() as f32 / f32::from(name.length.max(1))).min(1.0);
                let fit = match self.index.names.chars_of(name) == words {
                    true if applied.is_all => Fit::Same,
                    _ if applied.is_all => Fit::Begins,
                    true => Fit::Begins,
                    false => Fit::Loose,
                };
                let rank =
                    coverage * (0.5 + closeness / 2.0) * ranking::worth(Source::Synonym) * ranking::EXPANSION;
                let evidence = self.evidence.of(record);
                evidence.contained = evidence.contained.max(applied.contained);
                evidence.marks[applied.grade as usize] |= applied.bits;
                evidence.prefer(BestName {
                    name: number,
                    lies: Lies {
                        closeness,
                        fit,
                        source: Source::Synonym,
                        aim: ranking::OFFICIAL_AIM,
                    },
                    rank,
                });
            }
            self.applied.push(applied);
        }
    }
}

/// What a token is looked up by among the names.
fn feature(token: &Token) -> Option<Feature> {
    match token.looks {
        Looks::Pair(first, second) => Some(Feature::pair(first, second)),
        Looks::Single(character) => Some(Feature::single(character)),
        _ => None,
    }
}
