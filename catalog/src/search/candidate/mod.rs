//! Gathering the evidence for each record, and putting the records in order.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use super::expansion::{self, Applied, HELD};
use super::index::Index;
use super::matching::{self, Findings, Grade, Marks};
use super::names::{Name, Owner, Source};
use super::pinyin::Spelled;
use super::postings::Feature;
use super::query::{Looks, Parsed, Token};
use super::ranking::{self, Fit};
use super::result::MatchReason;
use super::schema::pack_article;
use super::snippet;
use super::text;
use crate::record::{ArticleNumber, Kind, RecordId};

/// So many records found by their texts are looked at closely.
const TEXT_RECORDS: usize = 24;
/// A context that is the whole query brings so many of its records.
const CONTEXT_RECORDS: usize = 200;
/// So many hits at the front are mixed by kind.
const MIXED: usize = 24;

/// The evidence for one record.
struct Evidence {
    record: u32,
    marks: Marks,
    best: Option<BestName>,
    /// The share of the query that a name counts for because it stands whole in it.
    contained: f32,
    passage: Option<(DocAddress, Option<ArticleNumber>)>,
    exact: Option<MatchReason>,
}

/// The name of a record that lies closest to the query.
#[derive(Clone, Copy)]
struct BestName {
    name: u32,
    source: Source,
    closeness: f32,
    fit: Fit,
    rank: f32,
}

/// A record with its rank.
pub(super) struct Found {
    pub record: u32,
    pub score: f32,
    /// Its place in [`Candidates::evidence`].
    evidence: usize,
}

/// What a hit says about itself.
pub(super) struct Account {
    pub reason: MatchReason,
    pub passage: Option<DocAddress>,
    pub article: Option<ArticleNumber>,
    /// The name that was probably meant, when part of the query was only found by sound or forgiveness.
    pub correction: Option<String>,
    /// The characters of the title that were spelled by pinyin.
    pub spelled_in_title: Option<Range<usize>>,
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
}

impl<'a> Candidates<'a> {
    /// Gathers all evidence: names, what they stand for, contexts, texts, numbers and codes.
    pub(super) fn gather(
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
        };
        candidates.applied = expansion::applying(&index.names, findings, weights, |name| {
            candidates.closeness(name, findings.of(name))
        });
        let mut contexts: FxHashMap<u32, u64> = FxHashMap::default();
        for at in 0..findings.touched.len() {
            let name = findings.touched[at];
            let marks = *findings.of(name);
            match index.names.names[name as usize].owner {
                Owner::Record(record) => candidates.add_name(record, name, &marks),
                Owner::Expansion(expansion) => {
                    for &record in &index.names.expansions[expansion as usize].targets {
                        candidates.add_name(record, name, &marks);
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
            });
            self.evidence.len() - 1
        });
        &mut self.evidence[place]
    }

    fn add_name(&mut self, record: u32, number: u32, marks: &Marks) {
        let marks = &self.without_guesses(*marks);
        let coverage = ranking::credit(marks, self.weights) / self.total;
        if coverage < ranking::NAME_FLOOR {
            return;
        }
        let name = &self.index.names.names[number as usize];
        let closeness = self.closeness(number, marks);
        // Of two characters, a sound alike is no word that was said.
        let said = match name.length {
            0..=2 => matching::literal(marks),
            _ => matching::sure(marks),
        };
        let contained =
            ranking::contained(self.closeness(number, &said), name.length).max(self.scattered(name, marks));
        let fit = self.fit(name, self.spelled.get(&number));
        let rank =
            (coverage * (0.5 + closeness / 2.0) + f32::from(fit as u8) / 4.0) * ranking::worth(name.source);
        let best = BestName {
            name: number,
            source: name.source,
            closeness,
            fit,
            rank,
        };
        let evidence = self.of(record);
        evidence.contained = evidence.contained.max(contained);
        for (sum, bits) in evidence.marks.iter_mut().zip(marks) {
            *sum |= bits;
        }
        if evidence.best.is_none_or(|before| before.rank < rank) {
            evidence.best = Some(best);
        }
    }

    /// A forgiven mistake counts beside something sure, or when it is all of a query of three characters
    /// or more: else 天气 would find 天然气.
    fn without_guesses(&self, mut marks: Marks) -> Marks {
        let all = u64::MAX >> (64 - self.parsed.tokens.len().clamp(1, 64));
        let guessed = marks[Grade::Partly as usize];
        let spelled_all = guessed == all && (self.parsed.tokens.len() > 1 || !self.spelled.is_empty());
        if matching::sure(&marks) == Marks::default() && !spelled_all {
            marks[Grade::Partly as usize] = 0;
        }
        marks
    }

    /// The share of a name's characters that the query accounts for.
    fn closeness(&self, number: u32, marks: &Marks) -> f32 {
        let name = &self.index.names.names[number as usize];
        let length = f32::from(name.length.max(1));
        if let Some(spelled) = self.spelled.get(&number) {
            return f32::from(spelled.length) / length;
        }
        let found = marks.iter().fold(0, |found, bits| found | bits);
        let mut characters = 0_u64;
        let mut sounds = 0;
        for (at, token) in self
            .parsed
            .tokens
            .iter()
            .enumerate()
            .filter(|(at, _)| found >> at & 1 == 1)
        {
            if matches!(token.looks, Looks::Sound(..)) {
                sounds += if at > 0 && found >> (at - 1) & 1 == 1 {
                    1
                } else {
                    2
                };
            } else {
                characters |=
                    (u64::MAX >> (64 - token.range.len().clamp(1, 64))) << token.range.start.min(63);
            }
        }
        ((characters.count_ones() + sounds) as f32 / length).min(1.0)
    }

    /// What a name counts for all of whose characters are in the query, though not in one piece: 社保从
    /// 上海转回来 holds 转社保.
    fn scattered(&self, name: &Name, marks: &Marks) -> f32 {
        let typed = &self.parsed.folded.chars;
        let is_longer = typed.len() > usize::from(name.length);
        if marks[Grade::Exact as usize] == 0 || name.source == Source::English || !is_longer {
            return 0.0;
        }
        let held = |character: &char| typed.contains(character);
        if self.index.names.chars_of(name).iter().all(held) {
            ranking::scattered(name.length)
        } else {
            0.0
        }
    }

    fn fit(&self, name: &Name, spelled: Option<&Spelled>) -> Fit {
        let (typed, chars) = (&self.parsed.folded.chars, self.index.names.chars_of(name));
        if let Some(spelled) = spelled {
            let all = spelled.length == name.length;
            return match spelled.at {
                0 if all && (spelled.whole == spelled.length || spelled.length > 2) => Fit::Same,
                0 => Fit::Begins,
                _ => Fit::Holds,
            };
        }
        let cut = typed.len() >= super::query::LONGEST && chars.starts_with(&typed[..super::query::LONGEST]);
        if typed == chars || cut {
            Fit::Same
        } else if typed.is_empty() || typed.len() > chars.len() {
            Fit::Loose
        } else if chars.starts_with(typed) {
            Fit::Begins
        } else if chars
            .windows(typed.len())
            .any(|window| window == typed.as_slice())
        {
            Fit::Holds
        } else {
            Fit::Loose
        }
    }

    /// Looks for the official words in the names, where the table does not say which records are meant.
    fn add_expansions(&mut self) {
        for applied in std::mem::take(&mut self.applied) {
            let expansion = &self.index.names.expansions[applied.expansion as usize];
            let weights = self.index.weights(&applied.tokens);
            let total: f32 = weights.iter().sum();
            let mut held: FxHashMap<u32, u64> = FxHashMap::default();
            for (bit, token) in applied.tokens.iter().enumerate() {
                if let Some(feature) = feature(token) {
                    for &name in self.index.names.postings.get(feature) {
                        *held.entry(name).or_default() |= 1 << bit;
                    }
                }
            }
            let words = fold_words(&expansion.words);
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
                let evidence = self.of(record);
                evidence.contained = evidence.contained.max(applied.contained);
                evidence.marks[applied.grade as usize] |= applied.bits;
                if evidence.best.is_none_or(|before| before.rank < rank) {
                    evidence.best = Some(BestName {
                        name: number,
                        source: Source::Synonym,
                        closeness,
                        fit,
                        rank,
                    });
                }
            }
            self.applied.push(applied);
        }
    }

    fn add_contexts(&mut self, contexts: &FxHashMap<u32, u64>) {
        for (&context, &bits) in contexts {
            let mut marks = Marks::default();
            marks[Grade::Context as usize] = bits;
            if ranking::share(&marks, self.weights, self.total) > 0.9 {
                let records = &self.index.names.contexts[context as usize].records;
                for &record in records.iter().take(CONTEXT_RECORDS) {
                    self.of(record);
                }
            }
        }
        for evidence in &mut self.evidence {
            for context in &self.index.names.records[evidence.record as usize].contexts {
                evidence.marks[Grade::Context as usize] |= contexts.get(context).copied().unwrap_or(0);
            }
        }
    }

    fn add_texts(&mut self) {
        let mut wanted: Vec<(Token, f32)> = self
            .parsed
            .tokens
            .iter()
            .cloned()
            .zip(self.parsed.tokens.iter().map(|token| token.content))
            .collect();
        for token in self.applied.iter().flat_map(|applied| &applied.tokens) {
            if wanted.iter().all(|(known, _)| known.looks != token.looks) {
                wanted.push((token.clone(), token.content * ranking::EXPANSION));
            }
        }
        wanted.truncate(text::MOST_TOKENS);
        let mut found = self.index.texts.search(&wanted, self.parsed.tokens.len());
        let mut seen: Vec<u32> = Vec::with_capacity(TEXT_RECORDS);
        found.retain(|found| {
            let more = seen.len() < TEXT_RECORDS && !seen.contains(&found.record);
            if more {
                seen.push(found.record);
            }
            more
        });
        let held = self.index.texts.held(&found, &wanted);
        let own = u64::MAX >> (64 - self.parsed.tokens.len().clamp(1, 64));
        for (found, held) in found.into_iter().zip(held) {
            let mut bits = held as u64 & own;
            for applied in &self.applied {
                let all = applied.tokens.len();
                let number = applied.tokens.iter().filter(|token| {
                    let place = wanted.iter().position(|(known, _)| known.looks == token.looks);
                    place.is_some_and(|place| held >> place & 1 == 1)
                });
                if number.count() as f32 >= HELD * all as f32 {
                    bits |= applied.bits;
                }
            }
            let evidence = self.of(found.record);
            evidence.marks[Grade::Text as usize] |= bits;
            evidence.passage = Some((found.address, found.article));
        }
    }

    fn add_numbers_and_codes(&mut self) {
        let names = &self.index.names;
        if let Some(wanted) = &self.parsed.number {
            for (number, text, record) in &names.numbers {
                if wanted.can_mean(number) {
                    self.of(*record).exact = Some(MatchReason::DocumentNumber(text.clone()));
                }
            }
        }
        if let Some(code) = &self.parsed.code {
            let from = names.codes.partition_point(|(known, _)| known < code);
            for (known, record) in names.codes[from..]
                .iter()
                .take_while(|(known, _)| known.starts_with(code))
                .take(50)
            {
                self.of(*record).exact = Some(MatchReason::Code(known.clone()));
            }
        }
    }

    /// The records worth showing, best first.
    pub(super) fn rank(&mut self, area: Option<&RecordId>) -> Vec<Found> {
        let mut found: Vec<Found> = self
            .evidence
            .iter()
            .enumerate()
            .filter(|(_, evidence)| {
                let entry = &self.index.names.records[evidence.record as usize];
                area.is_none() || entry.area.as_ref() == area
            })
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
            let next = window.reduce(|best, next| {
                if effective(&found[next]) > effective(&found[best]) {
                    next
                } else {
                    best
                }
            });
            if let Some(next) = next {
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
        if evidence.exact.is_none() && !enough {
            return None;
        }
        let (closeness, fit, source) = evidence.best.map_or((0.0, Fit::Loose, Source::Title), |best| {
            (best.closeness, best.fit, best.source)
        });
        let mut score = ranking::score(coverage, closeness, fit, source, entry.kind, entry.validity);
        if evidence.exact.is_some() {
            score += ranking::NUMBER;
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

    /// The article that was asked for, if the record has it.
    fn cited(&self, evidence: &Evidence) -> Option<ArticleNumber> {
        let articles = &self.index.names.records[evidence.record as usize].articles;
        self.parsed
            .article
            .filter(|article| articles.contains(&pack_article(Some(*article))))
    }

    /// What a hit says about itself; worked out for those that are shown.
    pub(super) fn account(&self, found: &Found) -> Account {
        let evidence = &self.evidence[found.evidence];
        // The text is shown where it adds something to what the names already hold.
        let named = Grade::NAMED
            .iter()
            .fold(0, |named, &grade| named | evidence.marks[grade as usize]);
        let in_text = evidence.marks[Grade::Text as usize] & !named != 0;
        let passage = evidence.passage.filter(|_| in_text);
        Account {
            reason: self.reason(evidence),
            passage: passage.map(|(address, _)| address),
            article: self.cited(evidence).or(passage.and_then(|(_, article)| article)),
            correction: self.correction(evidence),
            spelled_in_title: evidence.best.and_then(|best| self.spelled_in_title(best)),
        }
    }

    fn correction(&self, evidence: &Evidence) -> Option<String> {
        let of = |grade: Grade| evidence.marks[grade as usize];
        let literal = of(Grade::Exact) | of(Grade::Near) | of(Grade::Context);
        let guessed = (of(Grade::Sound) | of(Grade::Partly)) & !literal;
        let names = &self.index.names.names;
        let of_name = evidence
            .best
            .filter(|best| best.closeness > 0.5)
            .map(|best| best.name);
        let said = self
            .applied
            .iter()
            .find(|applied| applied.is_all)
            .map(|applied| applied.said);
        let name = said
            .or(of_name)
            .filter(|name| guessed != 0 && !self.spelled.contains_key(name))?;
        let name = &names[name as usize];
        (name.source != Source::English).then(|| name.text.clone())
    }

    fn spelled_in_title(&self, best: BestName) -> Option<Range<usize>> {
        let spelled = self.spelled.get(&best.name)?;
        let start = usize::from(spelled.at);
        (best.source == Source::Title).then(|| start..start + usize::from(spelled.length))
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
        if self.spelled.contains_key(&best.name) {
            return MatchReason::Pinyin(name.text.clone());
        }
        let literal = weigh(Grade::Exact).max(weigh(Grade::Near));
        match (best.source, name.owner) {
            (Source::English, _) => MatchReason::English(name.text.clone()),
            (Source::Synonym, Owner::Expansion(expansion)) => {
                MatchReason::Synonym(self.index.names.expansions[expansion as usize].words.clone())
            }
            (Source::Synonym, _) => MatchReason::Synonym(name.text.clone()),
            _ if weigh(Grade::Sound).max(weigh(Grade::Partly)) > literal => {
                MatchReason::Similar(name.text.clone())
            }
            (Source::Alias, _) => MatchReason::Alias(name.text.clone()),
            _ => MatchReason::Title,
        }
    }

    /// The agency, area or heading that holds most of the query.
    fn context_of(&self, evidence: &Evidence) -> Option<String> {
        let contexts = self.index.names.records[evidence.record as usize].contexts.iter();
        contexts
            .map(|&context| &self.index.names.contexts[context as usize].words)
            .max_by_key(|words| snippet::found(words, &self.parsed.tokens).count_ones())
            .cloned()
    }

    /// The tokens to mark in titles and texts: what was typed and the official words for it.
    pub(super) fn tokens_to_mark(&self, parsed: &Parsed, weights: &[f32]) -> (Vec<Token>, Vec<f32>) {
        let mut tokens = parsed.tokens.clone();
        let mut all = weights.to_vec();
        for token in self
            .applied
            .iter()
            .flat_map(|applied| &applied.tokens)
            .take(64_usize.saturating_sub(tokens.len()))
        {
            tokens.push(token.clone());
            all.push(1.0);
        }
        (tokens, all)
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

fn fold_words(words: &str) -> Vec<char> {
    super::fold::key(words)
}
