//! The names of all records, held whole: titles, aliases, English names, what residents say, agencies.

use serde::{Deserialize, Serialize};

use super::filter::Facets;
use super::fold;
use super::lexicon::{self, Phrases, Syllable};
use super::number::Number;
use super::pinyin::Suffixes;
use super::postings::{Feature, Postings, Words};
use super::text::Extent;
use crate::record::{Addressee, Kind, RecordId, ValidityState};

/// All that is known of the records besides their texts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct NameTable {
    /// The records; names refer to them by their place.
    pub records: Vec<Entry>,
    /// What the texts hold.
    pub extent: Extent,
    /// The names.
    pub names: Vec<Name>,
    /// Folded characters of all names, one after the other.
    pub chars: Vec<char>,
    /// The reading of each of `chars`.
    pub syllables: Vec<Syllable>,
    /// NameTable by characters and sounds.
    pub postings: Postings,
    /// NameTable by English words.
    pub words: Words,
    /// NameTable by pinyin and initials.
    pub suffixes: Suffixes,
    /// Records by agency, area or heading.
    pub contexts: Vec<Context>,
    /// Official words for what residents say, and Chinese for English.
    pub expansions: Vec<Expansion>,
    /// Records by document number.
    pub numbers: Vec<(Number, String, u32)>,
    /// Records by item code, folded, in order.
    pub codes: Vec<(String, u32)>,
}

/// What is known of a record besides its names.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub id: RecordId,
    pub kind: Kind,
    pub title: String,
    pub area: Option<RecordId>,
    pub validity: ValidityState,
    /// For whom it is meant.
    pub addressees: Vec<Addressee>,
    /// Its body, an index into [`NameTable::contexts`].
    pub body: Option<u32>,
    /// Indices into [`NameTable::contexts`].
    pub contexts: Vec<u32>,
    /// The articles of a document, packed by [`pack_article`](super::schema::pack_article).
    pub articles: Vec<u32>,
}

/// A name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Name {
    pub owner: Owner,
    pub source: Source,
    /// As published.
    pub text: String,
    /// Where its folded characters are.
    pub start: u32,
    /// How many there are.
    pub length: u16,
}

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Owner {
    Record(u32),
    Context(u32),
    Expansion(u32),
    /// What a terminal does not have.
    Elsewhere,
}

/// What sort of name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Source {
    Title,
    /// A title without the state's name, a title within a title, a published alias.
    Alias,
    /// What residents say, from the table of synonyms.
    Synonym,
    English,
    Context,
}

/// An agency, an area or a heading, with the records that belong to it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Context {
    /// Its words, as published.
    pub words: String,
    pub records: Vec<u32>,
}

/// Official words that an expansion stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Expansion {
    /// The official words, as published.
    pub words: String,
    /// The records that are meant, where the table says so.
    pub targets: Vec<u32>,
}

impl NameTable {
    /// The folded characters of a name.
    pub(super) fn chars_of(&self, name: &Name) -> &[char] {
        let start = name.start as usize;
        &self.chars[start..start + usize::from(name.length)]
    }

    /// What the record at a place is narrowed by.
    pub(super) fn facets(&self, record: u32) -> Facets<'_> {
        let entry = &self.records[record as usize];
        Facets {
            kind: entry.kind,
            area: entry.area.as_ref(),
            body: self.body_of(entry),
            addressees: &entry.addressees,
            validity: entry.validity,
        }
    }

    /// The words for a record's body.
    pub(super) fn body_of(&self, entry: &Entry) -> Option<&str> {
        entry.body.map(|body| self.contexts[body as usize].words.as_str())
    }

    /// Whether all references stay within the tables, which a damaged file might break.
    pub(super) fn is_sound(&self) -> bool {
        let (records, names) = (self.records.len(), self.names.len());
        let within = |index: u32, length: usize| (index as usize) < length;
        self.chars.len() == self.syllables.len()
            && self.extent.is_sound(records)
            && self.names.iter().all(|name| {
                name.start as usize + usize::from(name.length) <= self.chars.len()
                    && match name.owner {
                        Owner::Record(record) => within(record, records),
                        Owner::Context(context) => within(context, self.contexts.len()),
                        Owner::Expansion(expansion) => within(expansion, self.expansions.len()),
                        Owner::Elsewhere => true,
                    }
            })
            && self
                .records
                .iter()
                .flat_map(|entry| entry.contexts.iter().chain(&entry.body))
                .all(|&at| within(at, self.contexts.len()))
            && self
                .contexts
                .iter()
                .flat_map(|context| &context.records)
                .all(|&record| within(record, records))
            && self
                .expansions
                .iter()
                .flat_map(|expansion| &expansion.targets)
                .all(|&at| within(at, records))
            && self.numbers.iter().all(|&(_, _, record)| within(record, records))
            && self.codes.iter().all(|&(_, record)| within(record, records))
            && self.postings.is_sound(names)
            && self.words.is_sound(names)
            && self.suffixes.is_sound(self.chars.len(), names)
    }
}

/// What of a name decides whether a closer look is worth it. There are tens of thousands of names and a
/// query touches thousands: these lie close together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief {
    /// Whether it is something that residents say.
    pub is_said: bool,
    /// How many characters it has.
    pub length: u16,
    /// Its [`characters`].
    pub characters: u64,
}

impl NameTable {
    /// The brief of each name.
    pub(super) fn briefs(&self) -> Vec<Brief> {
        let brief = |name: &Name| Brief {
            is_said: matches!(name.owner, Owner::Expansion(_)),
            length: name.length,
            characters: characters(self.chars_of(name)),
        };
        self.names.iter().map(brief).collect()
    }
}

/// A bit for each character, by which most texts that lack one of them are told from it.
pub(super) fn characters(chars: &[char]) -> u64 {
    chars.iter().fold(0, |bits, &character| {
        bits | 1 << (u32::from(character).wrapping_mul(0x9e37_79b1) >> 26)
    })
}

/// Gathers names and finishes them into a table.
pub(super) struct NamesBuilder {
    phrases: Phrases,
    pub table: NameTable,
}

/// So many characters are a short word.
pub(super) const SHORT: usize = 3;

/// A longer name is cut: nobody types more, and positions in a name are small numbers.
const LONGEST_NAME: usize = 256;

impl NamesBuilder {
    pub(super) fn new() -> Self {
        Self {
            phrases: Phrases::load(),
            table: NameTable::default(),
        }
    }

    /// Adds a name unless its owner has the same already or it is empty.
    pub(super) fn add(&mut self, owner: Owner, source: Source, text: &str) {
        let mut chars = fold::key(text);
        chars.truncate(LONGEST_NAME);
        let table = &mut self.table;
        let known = table
            .names
            .iter()
            .rev()
            .take(24)
            .any(|name| name.owner == owner && table.chars_of(name) == chars);
        if chars.is_empty() || known {
            return;
        }
        table.names.push(Name {
            owner,
            source,
            text: text.to_owned(),
            start: table.chars.len() as u32,
            length: chars.len() as u16,
        });
        table.syllables.extend(self.phrases.read(&chars));
        table.chars.append(&mut chars);
    }

    /// Makes the look-up tables.
    pub(super) fn finish(self) -> NameTable {
        let mut table = self.table;
        let (mut features, mut words) = (Vec::new(), Vec::new());
        for (number, name) in (0..).zip(&table.names) {
            let start = name.start as usize;
            let chars = table.chars_of(name);
            if name.source == Source::English {
                words.extend(english_words(&name.text).map(|word| (word, number)));
                continue;
            }
            // What residents say is many and short: one character is nothing said, and a short word with
            // another character is another word.
            let is_said = name.source == Source::Synonym;
            let is_forgiven = !is_said || chars.len() > SHORT;
            for (at, &character) in chars.iter().enumerate() {
                if !is_said {
                    features.push((Feature::single(character), number));
                }
                if let Some(&next) = chars.get(at + 1) {
                    features.push((Feature::pair(character, next), number));
                    let sounds = (table.syllables[start + at], table.syllables[start + at + 1]);
                    if sounds.0 > 0 && sounds.1 > 0 {
                        features.push((Feature::sound(sounds.0, sounds.1), number));
                    }
                }
                if let Some(&after) = chars.get(at + 2).filter(|_| is_forgiven) {
                    features.push((Feature::gapped(character, after), number));
                }
            }
        }
        table.postings = Postings::new(features);
        table.words = Words::new(words);
        table.suffixes = Suffixes::new(&table);
        table.codes.sort_unstable();
        table
    }
}

/// The words of an English name, folded, plural or not.
pub(super) fn english_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric() && character != '\'')
        .map(|word| stem(&fold::key(word).into_iter().collect::<String>()))
        .filter(|word| !word.is_empty())
}

/// A word without the ending of the plural.
pub(super) fn stem(word: &str) -> String {
    let cut = match word {
        _ if word.len() < 4 || word.ends_with("ss") || word.ends_with("us") => word,
        _ if word.ends_with("ies") && word.len() > 4 => return format!("{}y", &word[..word.len() - 3]),
        _ => word.strip_suffix('s').unwrap_or(word),
    };
    cut.to_owned()
}

/// The first letter with which a character is typed.
pub(super) fn initial(character: char, syllable: Syllable) -> u8 {
    match lexicon::letters(syllable).bytes().next() {
        Some(letter) => letter,
        None if character.is_ascii() => character as u8,
        None => b'~',
    }
}
