//! The texts as tantivy keeps them: one document a passage, indexed by character bigrams.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::fold::{Folded, Script};
use crate::record::ArticleNumber;

/// The name under which [`Bigrams`] is registered.
pub(super) const BIGRAMS: &str = "bigrams";

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The key of the record, by which its passages are found again and replaced.
    pub record: Field,
    /// The article's number, see [`pack_article`].
    pub article: Field,
    /// The passages of documents. They have a field of their own because they outnumber all others: so
    /// neither crowds the other out, and a word is rare or common among its like.
    pub document_text: Field,
    /// The passages of all other records.
    pub text: Field,
    /// The passage as published.
    pub passage: Field,
}

/// The schema with its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(BIGRAMS)
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        record: schema.add_u64_field("record", FAST | INDEXED),
        article: schema.add_u64_field("article", FAST),
        document_text: schema.add_text_field("document_text", text.clone()),
        text: schema.add_text_field("text", text),
        passage: schema.add_text_field("passage", STORED),
    };
    (schema.build(), fields)
}

/// An article number as a number; 0 for none.
pub(super) fn pack_article(article: Option<ArticleNumber>) -> u32 {
    article.map_or(0, |article| {
        u32::from(article.number) << 16 | u32::from(article.inserted)
    })
}

/// The other way round.
pub(super) fn unpack_article(packed: u32) -> Option<ArticleNumber> {
    (packed > 0).then_some(ArticleNumber {
        number: (packed >> 16) as u16,
        inserted: packed as u16,
    })
}

/// Pairs of neighbouring Han characters; a Han character that stands alone; words and figures whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Bigrams;

/// The tokens of one text.
pub(super) struct BigramStream {
    tokens: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Bigrams {
    type TokenStream<'a> = BigramStream;

    fn token_stream(&mut self, text: &str) -> BigramStream {
        BigramStream {
            tokens: bigrams(text).into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for BigramStream {
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

fn bigrams(text: &str) -> Vec<String> {
    let folded = Folded::new(text, usize::MAX);
    let mut tokens = Vec::with_capacity(folded.len());
    for run in folded.runs() {
        let chars = &folded.chars[run.range];
        match run.script {
            Script::Han if chars.len() > 1 => {
                tokens.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
            _ => tokens.push(chars.iter().take(40).collect()),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_pairs_words_and_figures() {
        assert_eq!(
            bigrams("办理社保，3个工作日 ABC"),
            ["办理", "理社", "社保", "3", "个工", "工作", "作日", "abc"]
        );
        assert_eq!(bigrams("A 一 B"), ["a", "一", "b"]);
    }

    #[test]
    fn an_article_number_survives_packing() {
        let article = ArticleNumber {
            number: 120,
            inserted: 1,
        };
        assert_eq!(unpack_article(pack_article(Some(article))), Some(article));
        assert_eq!(unpack_article(pack_article(None)), None);
    }
}
