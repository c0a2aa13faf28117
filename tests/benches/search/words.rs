//! tantivy over the words that jieba finds, joined by OR and ranked by BM25.

use std::path::Path;
use std::sync::Arc;

use catalog::record::Record;
use jieba_rs::{Jieba, TokenizeMode};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value as _};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Searcher, TantivyDocument, Term};

use crate::engine::{Engine, PASSAGES, records};
use crate::passages;

const TOKENIZER: &str = "jieba";
const WRITER_BYTES: usize = 48 << 20;

#[derive(Clone)]
struct Segmenter(Arc<Jieba>);

struct Stream {
    tokens: std::vec::IntoIter<String>,
    token: Token,
}

impl Segmenter {
    fn words(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let tokens = self.0.tokenize(&text, TokenizeMode::Search, true);
        tokens
            .into_iter()
            .filter(|token| token.word.chars().any(char::is_alphanumeric))
            .map(|token| token.word.to_owned())
            .collect()
    }
}

impl Tokenizer for Segmenter {
    type TokenStream<'a> = Stream;

    fn token_stream(&mut self, text: &str) -> Stream {
        Stream {
            tokens: self.words(text).into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(text) = self.tokens.next() else {
            return false;
        };
        self.token.text = text;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

fn schema() -> (Schema, [Field; 3]) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = [
        schema.add_text_field("record", STORED),
        schema.add_text_field("title", text.clone()),
        schema.add_text_field("body", text),
    ];
    (schema.build(), fields)
}

pub(crate) fn build(folder: &Path, records: &[Record]) {
    let (schema, [id, title, body]) = schema();
    let index = tantivy::Index::create_in_dir(folder, schema).unwrap();
    index
        .tokenizers()
        .register(TOKENIZER, Segmenter(Arc::new(Jieba::new())));
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES).unwrap();
    for record in records {
        for words in passages::of(record) {
            let mut document = TantivyDocument::new();
            document.add_text(id, record.id().as_str());
            document.add_text(title, record.title());
            document.add_text(body, words);
            writer.add_document(document).unwrap();
        }
    }
    writer.commit().unwrap();
    let segments = index.searchable_segment_ids().unwrap();
    writer.merge(&segments).wait().unwrap();
    writer.garbage_collect_files().wait().unwrap();
    writer.wait_merging_threads().unwrap();
}

pub(crate) fn open(folder: &Path) -> Words {
    let index = tantivy::Index::open_in_dir(folder).unwrap();
    let segmenter = Segmenter(Arc::new(Jieba::new()));
    index.tokenizers().register(TOKENIZER, segmenter.clone());
    Words {
        searcher: index.reader().unwrap().searcher(),
        segmenter,
        fields: schema().1,
    }
}

pub(crate) struct Words {
    searcher: Searcher,
    segmenter: Segmenter,
    fields: [Field; 3],
}

impl Engine for Words {
    fn search(&self, text: &str) -> Vec<String> {
        let [id, title, body] = self.fields;
        let words = self.segmenter.words(text);
        let clauses: Vec<(Occur, Box<dyn Query>)> = words
            .iter()
            .flat_map(|word| [title, body].map(|field| Term::from_field_text(field, word)))
            .map(|term| {
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                (Occur::Should, Box::new(query) as Box<dyn Query>)
            })
            .collect();
        let top = TopDocs::with_limit(PASSAGES).order_by_score();
        let found = self.searcher.search(&BooleanQuery::new(clauses), &top).unwrap();
        let ids = found.into_iter().map(|(_, address)| {
            let document: TantivyDocument = self.searcher.doc(address).unwrap();
            document.get_first(id).unwrap().as_str().unwrap().to_owned()
        });
        records(ids)
    }
}
