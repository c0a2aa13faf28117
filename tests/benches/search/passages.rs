//! The texts as the plain engines get them: an article of a law, or all the words of another record.

use catalog::record::{Block, Record};
use serde_json::Value;

/// The passages of a record, each to be indexed beside the title.
pub(crate) fn of(record: &Record) -> Vec<String> {
    if let Record::Document(document) = record {
        let text = |block: &Block| match block {
            Block::Article { paragraphs, .. } => paragraphs.join("\n"),
            Block::Paragraph { text } => text.clone(),
        };
        return document.blocks.iter().map(text).collect();
    }
    let mut words = String::new();
    gather(&serde_json::to_value(record).unwrap(), &mut words);
    vec![words]
}

fn gather(value: &Value, words: &mut String) {
    match value {
        Value::String(text) => {
            words.push_str(text);
            words.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, words)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
