//! The texts: BM25 over character bigrams, kept and ranked by tantivy.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::postings::TermInfo;
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, TantivyDocument, Value as _};
use tantivy::{DocAddress, DocId, DocSet as _, Searcher, Term};

use super::IndexError;
use super::query::{Looks, Token};
use super::schema::{BIGRAMS, Bigrams, Fields, schema, unpack_article};
use crate::record::ArticleNumber;

/// So many passages of each field are considered.
const PASSAGES: usize = 24;
/// So many terms are searched for together, the most telling first: the common ones have the longest
/// lists and decide the least.
const TERMS: usize = 6;
/// Where there are too many, what an official word counts for beside the resident's own.
const OTHERS: f32 = 0.5;
/// So many tokens are looked for in texts: the query's and those of the official words for it.
pub(super) const MOST_TOKENS: usize = 128;

/// The texts of one generation.
pub(super) struct Texts {
    searcher: Searcher,
    fields: Fields,
    extent: Extent,
    /// What was looked up: with every key most terms are those of the key before.
    known: Mutex<FxHashMap<String, Arc<Lists>>>,
    /// The keys of the records.
    keys: Vec<Column<u64>>,
    articles: Vec<Column<u64>>,
}

/// The texts in two parts, each with a field of its own.
#[derive(Debug, Clone, Copy)]
enum Part {
    Documents,
    Others,
}

/// A token that is looked for in the texts.
pub(super) struct Sought {
    pub token: Token,
    /// What it counts for.
    pub weight: f32,
    /// Its term and where that stands; `None` for what is not looked for in texts.
    term: Option<(String, Arc<Lists>)>,
}

/// Where the lists of passages of a term lie: for documents and for all others, in each segment.
struct Lists([Vec<Option<TermInfo>>; 2]);

impl Lists {
    /// How many passages there are in either.
    fn frequencies(&self) -> [u64; 2] {
        let sum = |lists: &Vec<Option<TermInfo>>| {
            let lists = lists.iter().flatten();
            lists.map(|list| u64::from(list.doc_freq)).sum()
        };
        self.0.each_ref().map(sum)
    }
}

/// So many terms are remembered.
const KNOWN: usize = 4096;

/// What the texts hold, as it is kept with the names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Extent {
    /// The places of the records in the table of names, by the keys that their passages carry;
    /// [`NOWHERE`](Self::NOWHERE) for keys of records that are gone.
    pub places: Vec<u32>,
    /// How much is in the passages of documents.
    pub documents: Volume,
    /// How much is in all others.
    pub others: Volume,
}

/// How much there is in the passages of one field. Beside it a passage is long or short, a word rare or
/// common. tantivy's own count mixes the fields, and only estimates after passages were deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Volume {
    /// How many passages there are.
    pub passages: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

impl Extent {
    /// The place of what is gone.
    pub(super) const NOWHERE: u32 = u32::MAX;

    /// Notes where the record is whose passages carry `key`.
    pub(super) fn place(&mut self, key: u32, place: u32) {
        let key = key as usize;
        if self.places.len() <= key {
            self.places.resize(key + 1, Self::NOWHERE);
        }
        self.places[key] = place;
    }

    /// Whether every place lies within so many records.
    pub(super) fn is_sound(&self, records: usize) -> bool {
        self.places
            .iter()
            .all(|&place| place == Self::NOWHERE || (place as usize) < records)
    }
}

/// What BM25 asks about a field.
struct Statistics<'a> {
    searcher: &'a Searcher,
    volume: Volume,
    /// In how many passages each term of the query stands.
    frequencies: FxHashMap<Term, u64>,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    /// Nearly every character of Chinese has three bytes and begins a bigram.
    fn total_num_tokens(&self, _field: Field) -> tantivy::Result<u64> {
        Ok(self.volume.bytes / 3)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.volume.passages)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match self.frequencies.get(term) {
            Some(&frequency) => Ok(frequency),
            None => self.searcher.doc_freq(term),
        }
    }
}

/// A passage that holds part of the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// The record's place in the table of names.
    pub record: u32,
    /// The article, in a document.
    pub article: Option<ArticleNumber>,
    /// The field that holds the passage.
    field: Field,
    /// Where the passage is kept.
    pub address: DocAddress,
}

/// The tokens that a passage holds, a bit each.
pub(super) type Held = u128;

impl Texts {
    /// Opens the texts in `folder`, without locks, threads or writing.
    pub(super) fn open(folder: &Path, extent: Extent) -> Result<Self, IndexError> {
        let open = move || -> tantivy::Result<Self> {
            let directory = super::directory::ReadOnly::open(folder)?;
            let index = tantivy::Index::open(directory)?;
            let (expected, fields) = schema();
            if index.schema() != expected {
                return Err(tantivy::TantivyError::SchemaError("another schema".to_owned()));
            }
            index.tokenizers().register(BIGRAMS, Bigrams);
            let searcher = index
                .reader_builder()
                .reload_policy(tantivy::ReloadPolicy::Manual)
                .doc_store_cache_num_blocks(32)
                .try_into()?
                .searcher();
            let column = |name: &str| {
                let readers = searcher.segment_readers().iter();
                readers
                    .map(|segment| segment.fast_fields().u64(name))
                    .collect::<tantivy::Result<Vec<_>>>()
            };
            Ok(Self {
                extent,
                known: Mutex::default(),
                keys: column("record")?,
                articles: column("article")?,
                searcher,
                fields,
            })
        };
        open().map_err(|source| IndexError::tantivy(folder, source))
    }

    /// How many passages there are.
    pub(super) fn len(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// In how many passages a token stands; `None` for what is not looked for in texts.
    pub(super) fn frequency(&self, token: &Token) -> Option<u64> {
        let [documents, others] = self.lists(&term_text(token)?).frequencies();
        Some(documents + others)
    }

    /// Looks up where a token stands. One digit stands everywhere and tells nothing.
    pub(super) fn seek(&self, token: Token, weight: f32) -> Sought {
        let is_digit = matches!(&token.looks, Looks::Digits(digits) if digits.len() == 1);
        let term = term_text(&token).filter(|_| !is_digit).map(|text| {
            let lists = self.lists(&text);
            (text, lists)
        });
        Sought { token, weight, term }
    }

    /// The lists of passages in which a term stands.
    fn lists(&self, text: &str) -> Arc<Lists> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = known.get(text) {
            return Arc::clone(lists);
        }
        let of = |field| {
            let term = Term::from_field_text(field, text);
            let segments = self.searcher.segment_readers().iter();
            segments
                .map(|segment| segment.inverted_index(field).ok()?.get_term_info(&term).ok()?)
                .collect()
        };
        let lists = Arc::new(Lists([of(self.fields.document_text), of(self.fields.text)]));
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(text.to_owned(), Arc::clone(&lists));
        lists
    }

    /// The best passages for the tokens, best first, documents and others taking turns.
    ///
    /// The first `own` tokens are the resident's; the others stand for them in official words.
    pub(super) fn search(&self, sought: &[Sought], own: usize) -> Vec<Found> {
        let documents = self.search_part(Part::Documents, sought, own);
        let others = self.search_part(Part::Others, sought, own);
        let mut found = Vec::with_capacity(documents.len() + others.len());
        let (mut documents, mut others) = (documents.into_iter(), others.into_iter());
        loop {
            let turn = (others.next(), documents.next());
            if turn.0.is_none() && turn.1.is_none() {
                break;
            }
            found.extend([turn.0, turn.1].into_iter().flatten());
        }
        found
    }

    fn search_part(&self, part: Part, sought: &[Sought], own: usize) -> Vec<Found> {
        let (field, volume) = match part {
            Part::Documents => (self.fields.document_text, self.extent.documents),
            Part::Others => (self.fields.text, self.extent.others),
        };
        let all = volume.passages as f32;
        let mut terms: Vec<(f32, &str, f32, u64)> = sought
            .iter()
            .enumerate()
            .filter_map(|(place, sought)| {
                let (text, lists) = sought.term.as_ref()?;
                let seen = lists.frequencies()[part as usize];
                if seen == 0 {
                    return None;
                }
                let telling = sought.weight * (1.0 + all / seen as f32).ln();
                let telling = if place < own { telling } else { telling * OTHERS };
                Some((telling, text.as_str(), sought.weight, seen))
            })
            .collect();
        terms.sort_by(|first, second| second.0.total_cmp(&first.0));
        terms.truncate(TERMS);
        let mut frequencies = FxHashMap::default();
        let clauses: Vec<(Occur, Box<dyn Query>)> = terms
            .into_iter()
            .map(|(_, text, weight, seen)| {
                let term = Term::from_field_text(field, text);
                frequencies.insert(term.clone(), seen);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let boosted = BoostQuery::new(Box::new(query), weight);
                (Occur::Should, Box::new(boosted) as Box<dyn Query>)
            })
            .collect();
        if clauses.is_empty() {
            return Vec::new();
        }
        let top = TopDocs::with_limit(PASSAGES).order_by_score();
        let statistics = Statistics {
            searcher: &self.searcher,
            volume,
            frequencies,
        };
        let query = BooleanQuery::new(clauses);
        match self
            .searcher
            .search_with_statistics_provider(&query, &top, &statistics)
        {
            Ok(found) => {
                let mut found: Vec<(f32, Found)> = found
                    .into_iter()
                    .filter_map(|(score, address)| Some((score, self.found(field, address)?)))
                    .collect();
                // Where passages lie depends on the changes that led here; the order of equals must not.
                found.sort_by(|(first, one), (second, other)| {
                    let place = |found: &Found| (found.record, found.article);
                    second
                        .total_cmp(first)
                        .then_with(|| place(one).cmp(&place(other)))
                });
                found.into_iter().map(|(_, found)| found).collect()
            }
            Err(error) => {
                tracing::warn!(%error, "the texts could not be searched; names still are");
                Vec::new()
            }
        }
    }

    fn found(&self, field: Field, address: DocAddress) -> Option<Found> {
        let (segment, document) = (address.segment_ord as usize, address.doc_id);
        let key = self.keys.get(segment)?.first(document)?;
        let place = *self.extent.places.get(usize::try_from(key).ok()?)?;
        Some(Found {
            record: Some(place).filter(|&place| place != Extent::NOWHERE)?,
            article: unpack_article(self.articles.get(segment)?.first(document)? as u32),
            field,
            address,
        })
    }

    /// Which of what is sought, at most [`MOST_TOKENS`], each of the passages holds. The postings tell; no
    /// passage is read for it.
    pub(super) fn held(&self, found: &[Found], sought: &[Sought]) -> Vec<Held> {
        let mut held = vec![0; found.len()];
        for (part, field) in [self.fields.document_text, self.fields.text]
            .into_iter()
            .enumerate()
        {
            for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
                let mut places: Vec<(DocId, usize)> = (0..)
                    .zip(found)
                    .filter(|(_, found)| found.field == field && found.address.segment_ord == segment)
                    .map(|(place, found)| (found.address.doc_id, place))
                    .collect();
                places.sort_unstable();
                let Ok(inverted) = reader.inverted_index(field) else {
                    continue;
                };
                if places.is_empty() {
                    continue;
                }
                for (bit, sought) in sought.iter().take(MOST_TOKENS).enumerate() {
                    let list = sought
                        .term
                        .as_ref()
                        .and_then(|(_, lists)| lists.0[part][segment as usize].as_ref());
                    let postings = list.and_then(|list| {
                        inverted
                            .read_postings_from_terminfo(list, IndexRecordOption::Basic)
                            .ok()
                    });
                    let Some(mut postings) = postings else { continue };
                    for &(document, place) in &places {
                        let at = if postings.doc() < document {
                            postings.seek(document)
                        } else {
                            postings.doc()
                        };
                        held[place] |= Held::from(at == document) << bit;
                    }
                }
            }
        }
        held
    }

    /// The passage at an address.
    pub(super) fn passage(&self, address: DocAddress) -> Option<String> {
        let document: TantivyDocument = self.searcher.doc(address).ok()?;
        document
            .get_first(self.fields.passage)?
            .as_str()
            .map(str::to_owned)
    }
}

/// The term a token is in the texts.
fn term_text(token: &Token) -> Option<String> {
    match &token.looks {
        &Looks::Pair(first, second) => Some([first, second].iter().collect()),
        Looks::Letters(word) | Looks::Digits(word) => Some(word.clone()),
        Looks::Single(_) | Looks::Sound(..) => None,
    }
}
