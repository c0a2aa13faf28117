//! `policies.json` with `policies/*.md`: laws, regulations and policy documents in full text.

use serde::Deserialize;

use super::document_text;
use super::names::EnglishNames;
use super::reader::{Located, Reader};
use super::text_sources::TextSources;
use super::{Found, Origin, ProblemKind};
use crate::record::{
    Block, Document, DocumentType, Provenance, ProvenanceMark, Record, RecordId, Source, Validity,
    ValidityState,
};
use crate::typeset::fold_document_number;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceDocument {
    id: RecordId,
    title: String,
    short_title: Option<String>,
    kind: SourceKind,
    doc_no: Option<String>,
    doc_nos: Option<Vec<String>>,
    index_no: Option<String>,
    issuer: Option<String>,
    published: Option<String>,
    version_date: Option<String>,
    #[serde(default)]
    history: Vec<String>,
    /// How many articles the text has, to check that none was lost.
    articles: Option<usize>,
    status: Option<String>,
    currency: Option<Currency>,
    source: String,
    source_path: Option<String>,
    source_url: Option<String>,
    provenance: ProvenanceMark,
    file: String,
    /// The title of the notice that the text was issued with; the text holds it too.
    #[serde(rename = "notice_title")]
    _notice_title: Option<String>,
    /// The length of the text.
    #[serde(rename = "chars")]
    _chars: Option<usize>,
}

#[derive(Clone, Copy, Deserialize)]
enum SourceKind {
    #[serde(rename = "法律")]
    Law,
    #[serde(rename = "行政法规")]
    Regulation,
    #[serde(rename = "部门规章")]
    Rule,
    #[serde(rename = "国务院及国务院办公厅文件")]
    StateCouncil,
    #[serde(rename = "规范性文件")]
    Normative,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Currency {
    state: CurrencyState,
    note: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CurrencyState {
    Superseded,
    Repealed,
}

pub(super) fn read(reader: &mut Reader, names: &EnglishNames, texts: &TextSources) -> Vec<Found> {
    let documents: Vec<Located<SourceDocument>> = reader.list("policies.json", None);
    documents
        .into_iter()
        .filter_map(|Located { value, origin }| {
            let text = reader.text(&value.file)?;
            let document = document(reader, value, &text, names, texts, &origin);
            Some((Record::Document(document), origin))
        })
        .collect()
}

fn document(
    reader: &mut Reader,
    source: SourceDocument,
    text: &str,
    names: &EnglishNames,
    texts: &TextSources,
    origin: &Origin,
) -> Document {
    let folded = |number: String| fold_document_number(&number);
    let doc_no = source.doc_no.map(folded);
    let parsed = document_text::parse(
        text,
        document_text::Known {
            title: &source.title,
            doc_no: doc_no.as_deref(),
            history: &source.history,
        },
    );
    let articles = parsed
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Article { .. }))
        .count();
    if let Some(declared) = source.articles.filter(|&declared| declared != articles) {
        let message = format!("{} has {articles} articles, not {declared}", source.file);
        reader.problem(
            origin,
            Some(source.id.to_string()),
            ProblemKind::Malformed(message),
        );
    }
    Document {
        title_en: names
            .get(&source.title)
            .or_else(|| names.get(source.short_title.as_deref()?)),
        id: source.id,
        title: source.title,
        short_title: source.short_title,
        doc_type: match source.kind {
            SourceKind::Law => DocumentType::Law,
            SourceKind::Regulation => DocumentType::Regulation,
            SourceKind::Rule => DocumentType::Rule,
            SourceKind::StateCouncil => DocumentType::StateCouncil,
            SourceKind::Normative => DocumentType::Normative,
        },
        doc_no,
        doc_nos: source
            .doc_nos
            .unwrap_or_default()
            .into_iter()
            .map(folded)
            .collect(),
        index_no: source.index_no,
        issuer: source.issuer,
        validity: validity(source.currency, source.status.as_deref()),
        provenance: Provenance {
            mark: source.provenance,
            source: Some(Source {
                title: texts.name(source.source, source.source_path),
                url: source.source_url,
                jurisdiction: None,
                date: source.version_date.clone().or_else(|| source.published.clone()),
            }),
            truncated: false,
        },
        published: source.published,
        version_date: source.version_date,
        history: source.history,
        outline: parsed.outline,
        blocks: parsed.blocks,
        links: Vec::new(),
        attachments: Vec::new(),
    }
}

/// A known revision wins; else the status says up to which day the text was the newest.
fn validity(currency: Option<Currency>, status: Option<&str>) -> Validity {
    if let Some(currency) = currency {
        return Validity {
            state: match currency.state {
                CurrencyState::Superseded => ValidityState::Superseded,
                CurrencyState::Repealed => ValidityState::Repealed,
            },
            as_of: None,
            note: currency.note,
        };
    }
    let as_of = status
        .and_then(|status| status.strip_prefix("快照时最新文本（"))
        .and_then(|rest| rest.strip_suffix('）'));
    Validity {
        state: if as_of.is_some() {
            ValidityState::InForce
        } else {
            ValidityState::Unknown
        },
        as_of: as_of.map(str::to_owned),
        note: None,
    }
}
