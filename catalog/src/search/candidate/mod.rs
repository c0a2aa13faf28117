//! Gathering the evidence for each record, and putting the records in order.

mod account;
mod content;
mod naming;
mod official;
mod order;

use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use super::expansion::{self, Applied};
use super::index::Index;
use super::matching::{self, Findings, Grade, Marks};
use super::names::Owner;
use super::pinyin::Spelled;
use super::query::Parsed;
use super::ranking::{self, Lies};
use super::result::MatchReason;
use crate::record::ArticleNumber;

/// The evidence for one record.
struct Evidence {
    record: u32,
    marks: Marks,
    best: Option<BestName>,
    /// The share of the query that a name counts for because it stands whole in it.
    contained: f32,
    passage: Option<(DocAddress, Option<ArticleNumber>)>,
    exact: Option<MatchReason>,
    /// What else speaks for it, see [`ranking::VERBATIM`] and [`ranking::WHOLE_CONTEXT`].
    bonus: f32,
}

/// The name of a record that lies closest to the query.
#[derive(Clone, Copy)]
struct BestName {
    name: u32,
    lies: Lies,
    rank: f32,
}

impl Evidence {
    /// Takes `name` for the best one if it ranks above the best so far.
    fn prefer(&mut self, name: BestName) {
        if self.best.is_none_or(|before| before.rank < name.rank) {
            self.best = Some(name);
        }
    }
}

/// A record with its rank.
pub(super) struct Found {
    pub record: u32,
    pub score: f32,
    /// Its place in [`Candidates::evidence`].
    evidence: usize,
}

/// All records with evidence for a query.
pub(super) struct Candidates<'a> {
    index: &'a Index,
    parsed: &'a Parsed,
    weights: &'a [f32],
    total: f32,
    evidence: Vec<Evidence>,
    places: FxHashMap<u32, usize>,
    spelled: FxHashMap<u32, Spelled>,
    applied: Vec<Applied>,
    /// The parts of the query that lead elsewhere.
    elsewhere: u64,
}

impl<'a> Candidates<'a> {
    /// Gathers all evidence: names, what they stand for, contexts, texts, numbers and codes.
    pub(in crate::search) fn gather(
        index: &'a Index,
        parsed: &'a Parsed,
        weights: &'a [f32],
        findings: &mut Findings,
    ) -> Self {
        let mut candidates = Self {
            index,
            parsed,
            weights,
            total: weights.iter().sum::<f32>().max(f32::MIN_POSITIVE),
            evidence: Vec::new(),
            places: FxHashMap::default(),
            spelled: findings
                .spelled
                .iter()
                .map(|spelled| (spelled.name, *spelled))
                .collect(),
            applied: Vec::new(),
            elsewhere: 0,
        };
        candidates.applied = expansion::applying(
            &index.names,
            findings,
            weights,
            |name| candidates.closeness(name, findings.of(name)),
            |name| candidates.said(name, findings.of(name)),
        );
        let mut contexts: FxHashMap<u32, u64> = FxHashMap::default();
        for at in 0..findings.touched.len() {
            let name = findings.touched[at];
            let marks = *findings.of(name);
            match index.names.names[name as usize].owner {
                Owner::Record(record) => candidates.add_name(record, name, &marks, 1.0),
                Owner::Expansion(expansion) => {
                    let Some(said) = candidates.said(name, &marks) else {
                        continue;
                    };
                    let targets = &index.names.expansions[expansion as usize].targets;
                    for (place, &record) in targets.iter().enumerate() {
                        candidates.add_name(record, name, &marks, ranking::aim(said, place));
                    }
                }
                Owner::Elsewhere => {
                    let literal = matching::literal(&marks);
                    if candidates.closeness(name, &literal) >= ranking::SAID_WHOLE {
                        candidates.elsewhere |=
                            literal[Grade::Exact as usize] | literal[Grade::Near as usize];
                    }
                }
                Owner::Context(context) => {
                    let bits = marks[Grade::Exact as usize]
                        | marks[Grade::Near as usize]
                        | marks[Grade::Sound as usize];
                    contexts.insert(context, bits);
                }
            }
        }
        candidates.add_expansions();
        candidates.add_contexts(&contexts);
        candidates.add_texts();
        candidates.add_numbers_and_codes();
        candidates
    }

    fn of(&mut self, record: u32) -> &mut Evidence {
        let place = *self.places.entry(record).or_insert_with(|| {
            self.evidence.push(Evidence {
                record,
                marks: Marks::default(),
                best: None,
                contained: 0.0,
                passage: None,
                exact: None,
                bonus: 0.0,
            });
            self.evidence.len() - 1
        });
        &mut self.evidence[place]
    }
}
