//! Evidence from agencies and headings, from texts, and from numbers and codes.

use rustc_hash::FxHashMap;

use super::Candidates;
use crate::search::expansion::HELD;
use crate::search::fold;
use crate::search::matching::{Grade, Marks};
use crate::search::ranking;
use crate::search::result::MatchReason;
use crate::search::text::{MOST_TOKENS, Sought};

/// So many records found by their texts are looked at closely.
const TEXT_RECORDS: usize = 24;

impl Candidates<'_> {
    pub(super) fn add_contexts(&mut self, contexts: &FxHashMap<u32, u64>) {
        for (&context, &bits) in contexts {
            let mut marks = Marks::default();
            marks[Grade::Context as usize] = bits;
            if ranking::share(&marks, self.weights, self.total) > 0.9 {
                let context = &self.index.names.contexts[context as usize];
                let whole = fold::key(&context.words) == self.parsed.folded.chars;
                for &record in &context.records {
                    let evidence = self.evidence.of(record);
                    evidence.is_of_context |= whole;
                }
            }
        }
        for evidence in self.evidence.all_mut() {
            for context in &self.index.names.records[evidence.record as usize].contexts {
                evidence.marks[Grade::Context as usize] |= contexts.get(context).copied().unwrap_or(0);
            }
        }
    }

    pub(super) fn add_texts(&mut self) {
        let texts = &self.index.texts;
        let own = self.parsed.tokens.iter();
        let mut sought: Vec<Sought> = own
            .map(|token| texts.seek(token.clone(), token.content))
            .collect();
        for token in self.applied.iter().flat_map(|applied| &applied.tokens) {
            if sought.iter().all(|known| known.token.looks != token.looks) {
                sought.push(texts.seek(token.clone(), token.content * ranking::EXPANSION));
            }
        }
        sought.truncate(MOST_TOKENS);
        let mut found = texts.search(&sought, self.parsed.tokens.len());
        let mut seen: Vec<u32> = Vec::with_capacity(TEXT_RECORDS);
        found.retain(|found| {
            let more = seen.len() < TEXT_RECORDS && !seen.contains(&found.record);
            if more {
                seen.push(found.record);
            }
            more
        });
        let held = texts.held(&found, &sought);
        let own = u64::MAX >> (64 - self.parsed.tokens.len().clamp(1, 64));
        for (found, held) in found.into_iter().zip(held) {
            let mut bits = held as u64 & own;
            let verbatim = self.is_verbatim(bits);
            for applied in &self.applied {
                let all = applied.tokens.len();
                let number = applied.tokens.iter().filter(|token| {
                    let place = sought.iter().position(|known| known.token.looks == token.looks);
                    place.is_some_and(|place| held >> place & 1 == 1)
                });
                if number.count() as f32 >= HELD * all as f32 {
                    bits |= applied.bits;
                }
            }
            let evidence = self.evidence.of(found.record);
            evidence.marks[Grade::Text as usize] |= bits;
            evidence.passage = Some((found.address, found.article));
            evidence.is_verbatim |= verbatim;
        }
    }

    /// Whether a passage with these tokens is where a longer query was copied from.
    fn is_verbatim(&self, held: u64) -> bool {
        let (parts, share) = ranking::LONGER;
        let mut marks = Marks::default();
        marks[Grade::Text as usize] = held;
        self.parsed.tokens.len() >= parts && ranking::share(&marks, self.weights, self.total) >= share
    }

    pub(super) fn add_numbers_and_codes(&mut self) {
        let names = &self.index.names;
        if let Some(wanted) = &self.parsed.number {
            for (number, text, record) in &names.numbers {
                if wanted.can_mean(number) {
                    let evidence = self.evidence.of(*record);
                    evidence.exact = Some(MatchReason::DocumentNumber(text.clone()));
                    evidence.is_begun = wanted.is_begun(number);
                }
            }
        }
        if let Some(code) = &self.parsed.code {
            let from = names.codes.partition_point(|(known, _)| known < code);
            for (known, record) in names.codes[from..]
                .iter()
                .take_while(|(known, _)| known.starts_with(code))
            {
                self.evidence.of(*record).exact = Some(MatchReason::Code(known.clone()));
            }
        }
    }
}
