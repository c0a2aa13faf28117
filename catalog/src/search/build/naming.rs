//! Gathering the names of all records.

use std::collections::{HashMap, HashSet};

use crate::record::{Block, Glossary, Kind, LifeEvent, Record, RecordId, Synonyms, ValidityState};
use crate::search::elsewhere::Elsewhere;
use crate::search::fold;
use crate::search::names::{Context, Entry, Expansion, NameTable, NamesBuilder, Owner, Source};
use crate::search::number::Number;
use crate::search::schema::pack_article;
use crate::search::text::Volume;

/// The table of names in the making.
pub(super) struct Naming {
    names: NamesBuilder,
    /// Contexts by their words.
    contexts: HashMap<String, u32>,
    /// Areas that records name, by the place of the record; their names are known at the end.
    areas: HashMap<RecordId, Vec<String>>,
    synonyms: Vec<Synonyms>,
    glossaries: Vec<Glossary>,
    life_events: Vec<LifeEvent>,
}

impl Naming {
    pub(super) fn new() -> Self {
        Self {
            names: NamesBuilder::new(),
            contexts: HashMap::new(),
            areas: HashMap::new(),
            synonyms: Vec::new(),
            glossaries: Vec::new(),
            life_events: Vec::new(),
        }
    }

    /// Adds the names of a record that residents find, whose passages have this key.
    pub(super) fn add_record(&mut self, record: &Record, key: u32) {
        let number = self.add_entry(record);
        self.add_names(record, number);
        self.names.table.extent.place(key, number);
    }

    /// Notes the words of a record that residents do not find, but by whose words they find others.
    pub(super) fn add_vocabulary(&mut self, record: &Record) {
        match record {
            Record::Synonyms(table) => self.synonyms.push(table.clone()),
            Record::Glossary(table) => self.glossaries.push(table.clone()),
            Record::LifeEvent(event) => self.life_events.push(event.clone()),
            _ => {}
        }
    }

    /// Notes how much the texts hold: documents, and all others.
    pub(super) fn set_volumes(&mut self, [documents, others]: [Volume; 2]) {
        let extent = &mut self.names.table.extent;
        (extent.documents, extent.others) = (documents, others);
    }

    /// Resolves what names of one record mean for others, and makes the look-up tables.
    pub(super) fn finish(mut self) -> NameTable {
        self.link_areas();
        self.link_life_events();
        self.add_expansions();
        self.names.finish()
    }

    fn add_entry(&mut self, record: &Record) -> u32 {
        let table = &mut self.names.table;
        let number = table.records.len() as u32;
        let articles = match record {
            Record::Document(document) => document
                .blocks
                .iter()
                .filter_map(|block| match block {
                    Block::Article { number, .. } => Some(pack_article(Some(*number))),
                    Block::Paragraph { .. } => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        table.codes.push((code(record.id().as_str()), number));
        table.records.push(Entry {
            id: record.id().clone(),
            kind: record.kind(),
            title: record.title().to_owned(),
            area: record.area().cloned(),
            validity: record
                .validity()
                .map_or(ValidityState::Unknown, |validity| validity.state),
            addressees: record.addressees(),
            body: None,
            contexts: Vec::new(),
            articles,
        });
        number
    }

    fn add_names(&mut self, record: &Record, number: u32) {
        let owner = Owner::Record(number);
        self.names.add(owner, Source::Title, record.title());
        for alias in inner_titles(record.title()) {
            self.names.add(owner, Source::Alias, alias);
        }
        if let Some(body) = record.publisher().filter(|body| !body.is_empty()) {
            let body = self.add_context(body, number);
            self.names.table.records[number as usize].body = Some(body);
        }
        let mut context: Vec<&str> = Vec::new();
        match record {
            Record::Area(area) => {
                self.names.add(owner, Source::Alias, &area.current_name);
                self.add_english(owner, area.name_en.as_deref());
                self.areas.insert(
                    area.id.clone(),
                    vec![area.name.clone(), area.current_name.clone()],
                );
            }
            Record::Entry(entry) => {
                self.add_english(owner, entry.name_en.as_deref());
                context.push(&entry.level1);
            }
            Record::Guide(guide) => {
                for alias in &guide.aliases {
                    self.names.add(owner, Source::Alias, alias);
                }
                self.add_english(owner, guide.name_en.as_deref());
                self.add_codes(guide.item_code.as_deref(), number);
            }
            Record::Document(document) => {
                if let Some(alias) = &document.short_title {
                    self.names.add(owner, Source::Alias, alias);
                }
                self.add_english(owner, document.title_en.as_deref());
                for text in document.doc_no.iter().chain(&document.doc_nos) {
                    if let Some(parsed) = Number::parse(text) {
                        self.names.table.numbers.push((parsed, text.clone(), number));
                    }
                }
                self.add_codes(document.index_no.as_deref(), number);
            }
            Record::Dataset(dataset) => self.add_english(owner, dataset.title_en.as_deref()),
            Record::ServiceItem(item) => {
                self.add_codes(Some(&item.item_code), number);
                context.extend(item.main_item.as_deref());
            }
            _ => {}
        }
        for words in context {
            self.add_context(words, number);
        }
    }

    fn add_english(&mut self, owner: Owner, names: Option<&str>) {
        for name in names.into_iter().flat_map(|names| names.split(';')) {
            self.names.add(owner, Source::English, name.trim());
        }
    }

    fn add_codes(&mut self, text: Option<&str>, number: u32) {
        if let Some(text) = text {
            self.names.table.codes.push((code(text), number));
        }
    }

    fn add_context(&mut self, words: &str, number: u32) -> u32 {
        let table = &mut self.names.table;
        let context = *self.contexts.entry(words.to_owned()).or_insert_with(|| {
            table.contexts.push(Context {
                words: words.to_owned(),
                records: Vec::new(),
            });
            table.contexts.len() as u32 - 1
        });
        let records = &mut table.contexts[context as usize].records;
        if records.last() == Some(&number) {
            return context;
        }
        records.push(number);
        table.records[number as usize].contexts.push(context);
        if records.len() == 1 {
            self.names.add(Owner::Context(context), Source::Context, words);
        }
        context
    }

    /// An area's names are a context of all its records.
    fn link_areas(&mut self) {
        for number in 0..self.names.table.records.len() as u32 {
            let entry = &self.names.table.records[number as usize];
            let names = entry
                .area
                .as_ref()
                .filter(|_| entry.kind != Kind::Area)
                .and_then(|area| self.areas.get(area));
            for name in names.cloned().unwrap_or_default() {
                self.add_context(&name, number);
            }
        }
    }

    /// A life event is a context of the guides that concern it.
    fn link_life_events(&mut self) {
        let by_id: HashMap<RecordId, u32> = (0..)
            .zip(&self.names.table.records)
            .map(|(number, entry)| (entry.id.clone(), number))
            .collect();
        for event in std::mem::take(&mut self.life_events) {
            for guide in &event.guides {
                if let Some(&number) = by_id.get(guide) {
                    self.add_context(&event.name.zh, number);
                }
            }
        }
    }

    fn add_expansions(&mut self) {
        let mut by_name: HashMap<Vec<char>, Vec<u32>> = HashMap::new();
        let table = &self.names.table;
        let by_id: HashMap<RecordId, u32> = (0..)
            .zip(&table.records)
            .map(|(number, entry)| (entry.id.clone(), number))
            .collect();
        for name in &table.names {
            if let Owner::Record(number) = name.owner {
                by_name
                    .entry(table.chars_of(name).to_vec())
                    .or_default()
                    .push(number);
            }
        }
        let named = |words: &str| by_name.get(&fold::key(words)).cloned().unwrap_or_default();
        let tables = std::mem::take(&mut self.synonyms);
        self.names.table.elsewhere = Elsewhere::new(tables.iter().flat_map(|table| &table.elsewhere));
        for synonym in tables.into_iter().flat_map(|table| table.entries) {
            let mut targets: Vec<u32> = synonym
                .targets
                .iter()
                .filter_map(|id| by_id.get(id))
                .copied()
                .collect();
            targets.extend(named(&synonym.canonical));
            let owner = self.add_expansion(&synonym.canonical, targets);
            self.names.add(owner, Source::Synonym, &synonym.canonical);
            for said in &synonym.synonyms {
                self.names.add(owner, said_in(said), said);
            }
        }
        for entry in std::mem::take(&mut self.glossaries)
            .into_iter()
            .flat_map(|table| table.entries)
        {
            let owner = self.add_expansion(&entry.zh, named(&entry.zh));
            for english in &entry.en {
                self.names.add(owner, Source::English, english);
            }
        }
    }

    fn add_expansion(&mut self, words: &str, mut targets: Vec<u32>) -> Owner {
        // The order is the table's: what is meant most comes first.
        let mut known = HashSet::new();
        targets.retain(|&target| known.insert(target));
        let expansions = &mut self.names.table.expansions;
        expansions.push(Expansion {
            words: words.to_owned(),
            targets,
        });
        Owner::Expansion(expansions.len() as u32 - 1)
    }
}

/// Residents who write Latin letters say it in English.
fn said_in(said: &str) -> Source {
    if said.is_ascii() {
        Source::English
    } else {
        Source::Synonym
    }
}

/// The titles within a title: without the state's name, between book-title marks, what a notice issues.
fn inner_titles(title: &str) -> Vec<&str> {
    let mut inner = Vec::new();
    inner.extend(title.strip_prefix("中华人民共和国"));
    if let Some((_, rest)) = title.split_once('《') {
        inner.extend(rest.split_once('》').map(|(inside, _)| inside));
    }
    if let Some((_, rest)) = title.split_once("关于印发") {
        inner.extend(rest.strip_suffix("的通知"));
    } else if let Some((_, rest)) = title.split_once("关于") {
        inner.extend(
            ["的通知", "的意见", "的决定", "的指导意见", "的批复"]
                .iter()
                .find_map(|ending| rest.strip_suffix(ending)),
        );
    }
    inner
}

/// A code as it is compared: folded, without separators.
fn code(text: &str) -> String {
    fold::key(text).into_iter().collect()
}
