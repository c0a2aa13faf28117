//! `interpretations.json`: what the government says its policies mean.

use serde::Deserialize;

use super::Found;
use super::reader::{Located, Reader};
use super::text_sources::TextSources;
use crate::record::{Interpretation, Provenance, ProvenanceMark, Record, RecordId, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceInterpretation {
    id: RecordId,
    title: String,
    policy_id: Option<RecordId>,
    form: String,
    published: Option<String>,
    text: String,
    source: String,
    source_path: Option<String>,
    source_url: Option<String>,
    provenance: ProvenanceMark,
}

pub(super) fn read(reader: &mut Reader, texts: &TextSources) -> Vec<Found> {
    let interpretations: Vec<Located<SourceInterpretation>> = reader.list("interpretations.json", None);
    interpretations
        .into_iter()
        .map(|Located { value, origin }| {
            let record = Interpretation {
                id: value.id,
                title: value.title,
                document: value.policy_id,
                form: value.form,
                published: value.published.clone(),
                paragraphs: paragraphs(&value.text),
                provenance: Provenance {
                    mark: value.provenance,
                    source: Some(Source {
                        title: texts.name(value.source, value.source_path),
                        url: value.source_url,
                        jurisdiction: None,
                        date: value.published,
                    }),
                    truncated: false,
                },
                links: Vec::new(),
            };
            (Record::Interpretation(record), origin)
        })
        .collect()
}

/// Some sources lost their line breaks. Questions, answers and numbered headings begin a paragraph; they
/// do so only behind the end of a sentence, and no character is added or dropped.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut start = 0;
        for (at, _) in line.char_indices().skip(1) {
            if line[..at].ends_with(['。', '？', '！', '”']) && begins_paragraph(&line[at..]) {
                paragraphs.push(line[start..at].to_owned());
                start = at;
            }
        }
        paragraphs.push(line[start..].to_owned());
    }
    paragraphs
}

/// `问：`, `答：`, `一、`, `（一）`, `第一，`.
fn begins_paragraph(text: &str) -> bool {
    const NUMERALS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let numeral = |rest: &str, end: char| {
        let after = rest.trim_start_matches(NUMERALS);
        after.len() < rest.len() && after.starts_with(end)
    };
    text.starts_with("问：")
        || text.starts_with("答：")
        || numeral(text, '、')
        || text.strip_prefix('（').is_some_and(|rest| numeral(rest, '）'))
        || text.strip_prefix('第').is_some_and(|rest| numeral(rest, '，'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_answers_begin_paragraphs() {
        let text = "记者提问。问：背景是什么？答：一是统一、二是规范。一、《通知》的背景？";
        let split = paragraphs(text);
        assert_eq!(
            split,
            [
                "记者提问。",
                "问：背景是什么？",
                "答：一是统一、二是规范。",
                "一、《通知》的背景？"
            ]
        );
        assert_eq!(split.concat(), text);
    }
}
