//! The load corpus as records: one document a law, one block an article.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use catalog::record::{
    ArticleNumber, Block, Document, DocumentType, Provenance, ProvenanceMark, Record, Validity, ValidityState,
};
use serde::Deserialize;

/// A line of `law_articles.jsonl.gz`.
#[derive(Deserialize)]
struct Line {
    law_id: String,
    law: String,
    text: String,
}

/// Reads `law_articles.jsonl.gz` of a folder.
pub(crate) fn load(corpus: &Path) -> Vec<Record> {
    let child = Command::new("gzip")
        .arg("-dc")
        .arg(corpus.join("law_articles.jsonl.gz"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the load corpus cannot be read");
    let mut laws: BTreeMap<String, (String, Vec<Block>)> = BTreeMap::new();
    for line in output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let line: Line = serde_json::from_slice(line).unwrap();
        let (_, blocks) = laws.entry(line.law_id).or_insert_with(|| (line.law, Vec::new()));
        blocks.push(match ArticleNumber::parse_prefix(&line.text) {
            Some((number, text)) => Block::Article {
                number,
                paragraphs: vec![text.trim().to_owned()],
            },
            None => Block::Paragraph { text: line.text },
        });
    }
    laws.into_iter()
        .map(|(id, (title, blocks))| Record::Document(document(&id, title, blocks)))
        .collect()
}

fn document(id: &str, title: String, blocks: Vec<Block>) -> Document {
    Document {
        id: format!("load-{id}").as_str().try_into().unwrap(),
        title,
        short_title: None,
        title_en: None,
        doc_type: DocumentType::Law,
        doc_no: None,
        doc_nos: Vec::new(),
        index_no: None,
        issuer: None,
        published: None,
        version_date: None,
        history: Vec::new(),
        validity: Validity {
            state: ValidityState::Unknown,
            as_of: None,
            note: None,
        },
        outline: Vec::new(),
        blocks,
        provenance: Provenance {
            mark: ProvenanceMark::RepoVerbatim,
            source: None,
            truncated: false,
        },
        links: Vec::new(),
        attachments: Vec::new(),
    }
}
