//! Judging the evidence and putting the records in order.

use rustc_hash::FxHashMap;

use super::evidence::Evidence;
use super::{Candidates, Found};
use crate::record::{ArticleNumber, Kind};
use crate::search::matching::Grade;
use crate::search::ranking::{self, Lies};
use crate::search::schema::pack_article;

/// So many hits at the front are mixed by kind.
const MIXED: usize = 24;

impl Candidates<'_> {
    /// The records worth showing, best first.
    pub(in crate::search) fn rank(&mut self) -> Vec<Found> {
        let mut found: Vec<Found> = self
            .evidence
            .all()
            .iter()
            .enumerate()
            .filter_map(|(at, evidence)| self.judge(at, evidence))
            .collect();
        found.sort_by(|first, second| {
            second
                .score
                .total_cmp(&first.score)
                .then(first.record.cmp(&second.record))
        });
        let best = found.first().map_or(0.0, |first| first.score);
        found.retain(|found| found.score >= best * ranking::TAIL);
        self.mix(found)
    }

    /// Lets the kinds take turns at the front where their ranks are nearly equal.
    fn mix(&self, mut found: Vec<Found>) -> Vec<Found> {
        let kind = |found: &Found| self.index.names.records[found.record as usize].kind;
        let mut before: FxHashMap<Kind, f32> = FxHashMap::default();
        for at in 0..found.len().min(MIXED) {
            let effective = |found: &Found| {
                found.score * (1.0 - ranking::CROWDING * before.get(&kind(found)).copied().unwrap_or(0.0))
            };
            let window = at..found.len().min(at + MIXED);
            let next = window
                .map(|next| (next, effective(&found[next])))
                .reduce(|best, next| if next.1 > best.1 { next } else { best });
            if let Some((next, _)) = next {
                found[at..=next].rotate_right(1);
                *before.entry(kind(&found[at])).or_default() += 1.0;
            }
        }
        found
    }

    fn judge(&self, at: usize, evidence: &Evidence) -> Option<Found> {
        let entry = &self.index.names.records[evidence.record as usize];
        let share = ranking::share(&evidence.marks, self.weights, self.total);
        let coverage =
            (ranking::credit(&evidence.marks, self.weights) / self.total).clamp(evidence.contained, 1.0);
        let enough = share >= ranking::FLOOR && coverage >= ranking::CREDIT_FLOOR
            || evidence.contained >= ranking::CREDIT_FLOOR;
        if evidence.exact.is_none() && !(enough && self.holds_what_leads_elsewhere(evidence)) {
            return None;
        }
        let lies = evidence.best.map_or(Lies::NOWHERE, |best| best.lies);
        let mut score = ranking::score(coverage, lies, entry.kind, entry.validity);
        if evidence.is_verbatim {
            score += ranking::VERBATIM;
        }
        // An area's own name is part of what it holds; what has the words in its name needs no more.
        if evidence.is_of_context && evidence.best.is_none() {
            score += ranking::WHOLE_CONTEXT;
        }
        if evidence.exact.is_some() {
            score += if evidence.is_begun {
                ranking::NUMBER * ranking::UNFINISHED
            } else {
                ranking::NUMBER
            };
        }
        if self.cited(evidence).is_some() {
            score += ranking::ARTICLE;
        }
        Some(Found {
            record: evidence.record,
            score,
            evidence: at,
        })
    }

    /// Whether a record itself holds the words of the query that lead elsewhere: the price law is no
    /// answer to 黄金价格走势.
    fn holds_what_leads_elsewhere(&self, evidence: &Evidence) -> bool {
        let of = |grade: Grade| evidence.marks[grade as usize];
        let held = of(Grade::Exact) | of(Grade::Near) | of(Grade::Context) | of(Grade::Text);
        self.elsewhere
            .iter()
            .all(|lead| lead.inside & !held == 0 || lead.seams & of(Grade::Exact) != 0)
    }

    /// The article that was asked for, if the record has it.
    pub(super) fn cited(&self, evidence: &Evidence) -> Option<ArticleNumber> {
        let articles = &self.index.names.records[evidence.record as usize].articles;
        self.parsed
            .article
            .filter(|article| articles.contains(&pack_article(Some(*article))))
    }
}
