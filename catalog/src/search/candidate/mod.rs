//! Gathering the evidence for each record, and putting the records in order.

mod account;
mod content;
mod evidence;
mod naming;
mod official;
mod order;

pub(in crate::search) use evidence::Evidences;

use super::elsewhere::Lead;
use super::expansion::{self, Applied, Heard};
use super::fold;
use super::index::Index;
use super::matching::{Findings, Grade, Marks};
use super::names::{Brief, Owner, sounds};
use super::pinyin::Spelled;
use super::query::{Looks, Parsed, Token};
use super::ranking::{self, Said};
use rustc_hash::FxHashMap;

/// A record with its rank.
pub(super) struct Found {
    pub record: u32,
    pub score: f32,
    /// Its place in [`Candidates::evidence`].
    evidence: usize,
}

/// What is only begun to be typed brings so many of its records: hundreds of things that are said begin with 社保.
const UNFINISHED_TARGETS: usize = 3;

/// All records with evidence for a query.
pub(super) struct Candidates<'a> {
    index: &'a Index,
    parsed: &'a Parsed,
    weights: &'a [f32],
    total: f32,
    evidence: &'a mut Evidences,
    spelled: FxHashMap<u32, Spelled>,
    /// The characters of the query that each token stands for, a bit each; none for sounds.
    spans: Vec<u64>,
    applied: Vec<Applied>,
    /// The parts of the query that lead elsewhere.
    elsewhere: Vec<Lead>,
}

impl<'a> Candidates<'a> {
    /// Gathers all evidence: names, what they stand for, contexts, texts, numbers and codes.
    pub(in crate::search) fn gather(
        index: &'a Index,
        parsed: &'a Parsed,
        weights: &'a [f32],
        findings: &Findings,
        evidence: &'a mut Evidences,
    ) -> Self {
        evidence.reset(index.names.records.len());
        let mut candidates = Self {
            index,
            parsed,
            weights,
            total: weights.iter().sum::<f32>().max(f32::MIN_POSITIVE),
            evidence,
            spans: parsed.tokens.iter().map(span).collect(),
            spelled: findings
                .spelled
                .iter()
                .map(|spelled| (spelled.name, *spelled))
                .collect(),
            applied: Vec::new(),
            elsewhere: index.names.elsewhere.leads(&parsed.folded.chars, &parsed.tokens),
        };
        let mut contexts: FxHashMap<u32, u64> = FxHashMap::default();
        let mut heard: Vec<Heard> = Vec::new();
        let typed = candidates.typed();
        for &name in &findings.touched {
            let marks = *findings.of(name);
            if !typed.may_say(&index.briefs[name as usize], &marks) {
                continue;
            }
            match index.names.names[name as usize].owner {
                Owner::Record(record) => candidates.add_name(record, name, &marks, 1.0),
                Owner::Expansion(expansion) => {
                    let Some(said) = candidates.said(name, &marks) else {
                        continue;
                    };
                    heard.push(Heard {
                        name,
                        expansion,
                        said,
                    });
                    let targets = &index.names.expansions[expansion as usize].targets;
                    let most = match said {
                        Said::Whole | Said::Amiss => targets.len(),
                        Said::Unfinished => UNFINISHED_TARGETS,
                    };
                    let by_initials = candidates.spelled.get(&name).is_some_and(|name| name.whole == 0);
                    for (place, &record) in targets.iter().take(most).enumerate() {
                        let mut aim = ranking::aim(said, place);
                        if by_initials && !candidates.is_called(record, name) {
                            aim *= ranking::BY_INITIALS;
                        }
                        candidates.add_name(record, name, &marks, aim);
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
        candidates.applied = expansion::applying(&index.names, &heard, findings, weights, |name| {
            candidates.closeness(name, findings.of(name))
        });
        candidates.add_expansions();
        candidates.add_contexts(&contexts);
        candidates.add_texts();
        candidates.add_numbers_and_codes();
        candidates
    }

    /// Whether the title of a record holds what residents say.
    fn is_called(&self, record: u32, said: u32) -> bool {
        let names = &self.index.names;
        let said = names.chars_of(&names.names[said as usize]);
        let title = fold::key(&names.records[record as usize].title);
        title.windows(said.len()).any(|part| part == said)
    }

    /// What is typed, as far as it decides what residents may have said with it.
    fn typed(&self) -> Typed {
        let has_letters = self
            .parsed
            .tokens
            .iter()
            .any(|token| !matches!(token.looks, Looks::Pair(..) | Looks::Single(_)));
        Typed {
            sounds: sounds(self.parsed.folded.chars.iter().copied()),
            parts: match (has_letters, self.parsed.folded.len()) {
                (true, _) if self.spelled.is_empty() || self.spelled.values().any(|name| name.length > 1) => {
                    Parts::OfAnySort
                }
                (true, _) | (false, 0 | 1) => Parts::One,
                (false, _) => Parts::Characters,
            },
        }
    }
}

/// What is typed, as far as it decides what residents may have said with it.
struct Typed {
    /// Its [`sounds`].
    sounds: u64,
    parts: Parts,
}

/// What is typed consists of …
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// one character or syllable. So much of what residents say begins with it that nothing follows.
    One,
    /// Chinese characters.
    Characters,
    /// letters or figures as well.
    OfAnySort,
}

impl Typed {
    /// Whether a name with these marks is worth a closer look. Each part that was found stands for two
    /// characters at most.
    fn may_say(&self, name: &Brief, marks: &Marks) -> bool {
        let held = || {
            let found = marks.iter().fold(0, |found, bits| found | bits).count_ones();
            2.0 * found as f32 >= ranking::SAID_WHOLE * f32::from(name.length)
                || name.sounds & !self.sounds == 0
                || self.sounds & !name.sounds == 0
        };
        !name.is_said
            || match self.parts {
                Parts::One => false,
                Parts::Characters => held(),
                Parts::OfAnySort => true,
            }
    }
}

/// The characters of the query that a token stands for.
fn span(token: &Token) -> u64 {
    match token.looks {
        Looks::Sound(..) => 0,
        _ => (u64::MAX >> (64 - token.range.len().clamp(1, 64))) << token.range.start.min(63),
    }
}
