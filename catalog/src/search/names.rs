//! The names of all records, held whole: titles, aliases, English names, what residents say, agencies.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::column::{Column, Numbers, characters as as_numbers};
use super::elsewhere::Elsewhere;
use super::feature::{Feature, Written};
use super::file::Table;
use super::filter::Facets;
use super::fold;
use super::lexicon::{self, Phrases, Syllable};
use super::number::Number;
use super::pinyin::Suffixes;
use super::postings::{Postings, Words};
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
    /// All names as published, one after the other.
    pub texts: String,
    /// Folded characters of all names, one after the other.
    #[serde(with = "as_numbers")]
    pub chars: Vec<char>,
    /// The reading of each of `chars`.
    #[serde(skip)]
    pub syllables: Column<Syllable>,
    /// Names by characters and sounds, but for what residents say.
    #[serde(skip)]
    pub postings: Postings,
    /// What residents say by the characters and sounds of either [end](Written::ends).
    #[serde(skip)]
    pub said: Postings,
    /// Names by English words.
    pub words: Words,
    /// Names by pinyin and initials.
    #[serde(skip)]
    pub suffixes: Suffixes,
    /// Records by agency, area or heading.
    pub contexts: Vec<Context>,
    /// Official words for what residents say, and Chinese for English.
    pub expansions: Vec<Expansion>,
    /// Words that lead elsewhere.
    pub elsewhere: Elsewhere,
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
    /// Where it stands as published, in [`NameTable::texts`].
    pub text: Range<u32>,
    /// Where its folded characters are.
    pub start: u32,
    /// How many there are.
    pub length: u16,
}

impl Name {
    /// Where its folded characters are.
    pub(super) fn range(&self) -> Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.length)
    }

    /// Whether it is something that residents say in Chinese.
    pub(super) const fn is_said(&self) -> bool {
        matches!(self.source, Source::Synonym)
    }
}

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Owner {
    Record(u32),
    Context(u32),
    Expansion(u32),
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

impl Table for NameTable {
    fn columns(&mut self) -> Vec<&mut dyn Numbers> {
        let mut columns: Vec<&mut dyn Numbers> = vec![&mut self.syllables];
        columns.extend(self.postings.columns());
        columns.extend(self.said.columns());
        columns.extend(self.suffixes.columns());
        columns
    }
}

impl NameTable {
    /// The folded characters of a name.
    pub(super) fn chars_of(&self, name: &Name) -> &[char] {
        &self.chars[name.range()]
    }

    /// The same with their readings.
    pub(super) fn written(&self, name: &Name) -> Written<'_> {
        Written {
            chars: &self.chars[name.range()],
            syllables: &self.syllables[name.range()],
        }
    }

    /// A name as published.
    pub(super) fn text_of(&self, name: &Name) -> &str {
        &self.texts[name.text.start as usize..name.text.end as usize]
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
                name.range().end <= self.chars.len()
                    && self
                        .texts
                        .get(name.text.start as usize..name.text.end as usize)
                        .is_some()
                    && match name.owner {
                        Owner::Record(record) => within(record, records),
                        Owner::Context(context) => within(context, self.contexts.len()),
                        Owner::Expansion(expansion) => within(expansion, self.expansions.len()),
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
            && self.said.is_sound(names)
            && self.words.is_sound(names)
            && self.suffixes.is_sound(&self.names)
    }
}

/// What of a name decides whether a closer look is worth it. There are tens of thousands of names and a
/// query touches thousands: these lie close together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief {
    /// Whether it is something that residents say, in any language.
    pub is_said: bool,
    /// How many characters it has.
    pub length: u16,
    /// Its [`sounds`].
    pub sounds: u64,
}

impl NameTable {
    /// The brief of each name.
    pub(super) fn briefs(&self) -> Vec<Brief> {
        let brief = |name: &Name| Brief {
            is_said: matches!(name.owner, Owner::Expansion(_)),
            length: name.length,
            // What is read otherwise here than usual may have been typed by its sound here.
            sounds: sounds(
                self.chars[name.range()]
                    .iter()
                    .zip(&self.syllables[name.range()])
                    .filter(|&(&character, &syllable)| lexicon::reading(character) == syllable)
                    .map(|(&character, _)| character),
            ),
        };
        self.names.iter().map(brief).collect()
    }
}

/// A bit for the sound of each character, by which most texts that lack one of them are told from it.
pub(super) fn sounds(chars: impl IntoIterator<Item = char>) -> u64 {
    chars.into_iter().fold(0, |bits, character| {
        let number = match lexicon::reading(character) {
            0 => u32::from(character),
            syllable => u32::from(syllable),
        };
        bits | 1 << (number.wrapping_mul(0x9e37_79b1) >> 26)
    })
}

/// Gathers names and finishes them into a table.
pub(super) struct NamesBuilder {
    phrases: Phrases,
    syllables: Vec<Syllable>,
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
            syllables: Vec::new(),
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
        let begin = table.texts.len() as u32;
        table.texts.push_str(text);
        table.names.push(Name {
            owner,
            source,
            text: begin..table.texts.len() as u32,
            start: table.chars.len() as u32,
            length: chars.len() as u16,
        });
        self.syllables.extend(self.phrases.read(&chars));
        table.chars.append(&mut chars);
    }

    /// Makes the look-up tables.
    pub(super) fn finish(self) -> NameTable {
        let mut table = self.table;
        table.syllables = self.syllables.into();
        let (mut features, mut said, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for (number, name) in (0..).zip(&table.names) {
            let written = table.written(name);
            let mut index = |feature| features.push((feature, number));
            if name.source == Source::English {
                words.extend(english_words(table.text_of(name)).map(|word| (word, number)));
            } else if name.is_said() {
                said.extend(written.ends().map(|feature| (feature, number)));
            } else {
                written
                    .chars
                    .iter()
                    .map(|&character| Feature::single(character))
                    .for_each(&mut index);
                written.neighbours().for_each(&mut index);
                written.gapped().for_each(&mut index);
            }
        }
        table.postings = Postings::new(features);
        table.said = Postings::new(said);
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
