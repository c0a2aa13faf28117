//! What a hit says about itself: why it was found, and where.

use std::ops::Range;

use tantivy::DocAddress;

use super::evidence::{BestName, Evidence};
use super::{Candidates, Found};
use crate::record::ArticleNumber;
use crate::search::fold;
use crate::search::matching::{Grade, Marks};
use crate::search::names::{Owner, Source};
use crate::search::ranking;
use crate::search::result::MatchReason;
use crate::search::snippet::Needles;

/// What a hit says about itself.
pub(in crate::search) struct Account {
    pub reason: MatchReason,
    pub passage: Option<DocAddress>,
    pub article: Option<ArticleNumber>,
    /// The name that was probably meant, when part of the query was only found by sound or forgiveness.
    pub correction: Option<String>,
    /// The characters of the title that were spelled by pinyin.
    pub spelled_in_title: Option<Range<usize>>,
}

impl Candidates<'_> {
    /// What a hit says about itself; worked out for those that are shown.
    pub(in crate::search) fn account(&self, found: &Found) -> Account {
        let evidence = &self.evidence.all()[found.evidence];
        // The text is shown where it adds something to what the names already hold.
        let named = Grade::NAMED
            .iter()
            .fold(0, |named, &grade| named | evidence.marks[grade as usize]);
        let in_text = evidence.marks[Grade::Text as usize] & !named != 0;
        // Beside the article that was asked for, no other is shown.
        let cited = self.cited(evidence);
        let passage = evidence
            .passage
            .filter(|&(_, article)| in_text && (cited.is_none() || article == cited));
        Account {
            reason: self.reason(evidence),
            passage: passage.map(|(address, _)| address),
            article: cited.or(passage.and_then(|(_, article)| article)),
            correction: self.correction(evidence),
            spelled_in_title: evidence
                .best
                .and_then(|best| self.spelled_in_title(evidence, best)),
        }
    }

    /// The name that was mistyped: as long as what was typed, give or take a character, and for all of it, where
    /// what differs sounds the same or stands in no text as it was typed.
    fn correction(&self, evidence: &Evidence) -> Option<String> {
        let of = |grade: Grade| evidence.marks[grade as usize];
        let literal = of(Grade::Exact) | of(Grade::Near) | of(Grade::Context);
        let (heard, forgiven) = (of(Grade::Sound) & !literal, of(Grade::Partly) & !literal);
        let held = literal | heard | forgiven;
        let tokens = self.parsed.tokens.iter().enumerate();
        let is_mistyped = heard | forgiven != 0
            && tokens.fold(true, |is_mistyped, (at, token)| {
                let is = |bits: u64| bits >> at & 1 == 1;
                is_mistyped
                    && is(held)
                    && (!is(forgiven & !heard) || self.index.texts.frequency(token) == Some(0))
            });
        if !is_mistyped {
            return None;
        }
        let said = self.applied.iter().find(|applied| applied.is_all);
        let name = said
            .map(|applied| applied.said)
            .or(evidence.best.map(|best| best.name))
            .filter(|name| !self.spelled.contains_key(name))?;
        let name = &self.index.names.names[name as usize];
        let typed = self.parsed.folded.len();
        let is_as_long = typed.abs_diff(usize::from(name.length)) <= 1;
        (is_as_long && name.source != Source::English).then(|| self.index.names.text_of(name).to_owned())
    }

    /// Where in the title stands what was spelled, if it does.
    fn spelled_in_title(&self, evidence: &Evidence, best: BestName) -> Option<Range<usize>> {
        let spelled = self.spelled.get(&best.name)?;
        let (names, start) = (&self.index.names, usize::from(spelled.at));
        let spelled = start..start + usize::from(spelled.length);
        if best.lies.source == Source::Title {
            return Some(spelled);
        }
        let meant = names.chars_of(&names.names[best.name as usize]).get(spelled)?;
        let title = fold::key(&names.records[evidence.record as usize].title);
        let at = title.windows(meant.len()).position(|part| part == meant)?;
        Some(at..at + meant.len())
    }

    fn reason(&self, evidence: &Evidence) -> MatchReason {
        if let Some(exact) = &evidence.exact {
            return exact.clone();
        }
        let weigh = |grade: Grade| {
            let mut marks = Marks::default();
            marks[grade as usize] = evidence.marks[grade as usize];
            ranking::credit(&marks, self.weights)
        };
        let Some(best) = evidence.best else {
            return match self.context_of(evidence) {
                Some(words) if weigh(Grade::Context) >= weigh(Grade::Text) => MatchReason::Context(words),
                _ => MatchReason::Text,
            };
        };
        let name = &self.index.names.names[best.name as usize];
        let text = || self.index.names.text_of(name).to_owned();
        if self.spelled.contains_key(&best.name) {
            return MatchReason::Pinyin(text());
        }
        let literal = weigh(Grade::Exact).max(weigh(Grade::Near));
        match (best.lies.source, name.owner) {
            (Source::English, _) => MatchReason::English(text()),
            (Source::Synonym, Owner::Expansion(_)) => MatchReason::Said(text()),
            (Source::Synonym, _) => MatchReason::Synonym(text()),
            _ if weigh(Grade::Sound).max(weigh(Grade::Partly)) > literal => MatchReason::Similar(text()),
            (Source::Alias, _) => MatchReason::Alias(text()),
            _ => MatchReason::Title,
        }
    }

    /// The agency, area or heading that holds most of the query.
    fn context_of(&self, evidence: &Evidence) -> Option<String> {
        let contexts = self.index.names.records[evidence.record as usize].contexts.iter();
        let typed = Needles::new(self.parsed.tokens.iter().map(|token| (token, 1.0)));
        contexts
            .map(|&context| &self.index.names.contexts[context as usize].words)
            .max_by_key(|words| typed.held_by(words))
            .cloned()
    }

    /// What to mark in titles and texts: what was typed and the official words for it.
    pub(in crate::search) fn needles(&self) -> Needles {
        let typed = self.parsed.tokens.iter().zip(self.weights.iter().copied());
        let official = self.applied.iter().flat_map(|applied| &applied.tokens);
        Needles::new(typed.chain(official.map(|token| (token, 1.0))))
    }
}
