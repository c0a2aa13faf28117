//! Cutting a record's text into passages: what one hit in the text can point at.

use crate::record::{
    ArticleNumber, Block, Condition, Dataset, Document, Entry, Form, Guide, Interpretation, Plan, Record,
    ServiceItem,
};

/// A piece of a record's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage {
    /// The article it is, in a document.
    pub article: Option<ArticleNumber>,
    /// The text.
    pub text: String,
}

/// Short paragraphs are joined up to so many bytes.
const PASSAGE_BYTES: usize = 900;
/// Of a data set, so many rows are searchable; more belong into a query of their own.
const DATASET_ROWS: usize = 400;

/// The passages of a record, in reading order.
pub(super) fn passages(record: &Record) -> Vec<Passage> {
    match record {
        Record::Document(document) => of_document(document),
        Record::Guide(guide) => joined(of_guide(guide)),
        Record::Entry(entry) => joined(of_entry(entry)),
        Record::Interpretation(Interpretation { paragraphs, .. }) => joined(paragraphs.clone()),
        Record::Dataset(dataset) => joined(of_dataset(dataset)),
        Record::Plan(plan) => joined(of_plan(plan)),
        Record::Form(form) => joined(of_form(form)),
        Record::ServiceItem(item) => joined(of_service_item(item)),
        _ => Vec::new(),
    }
}

fn joined(parts: Vec<String>) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        match passages.last_mut() {
            Some(last) if last.text.len() + part.len() < PASSAGE_BYTES => {
                last.text.push('\n');
                last.text.push_str(&part);
            }
            _ => passages.push(Passage {
                article: None,
                text: part,
            }),
        }
    }
    passages
}

fn of_document(document: &Document) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut headings = document.outline.iter().peekable();
    for (place, block) in document.blocks.iter().enumerate() {
        let mut text = String::new();
        while let Some(heading) = headings.next_if(|heading| heading.block <= place) {
            text.push_str(&heading.title);
            text.push('\n');
        }
        match block {
            Block::Article { number, paragraphs } => passages.push(Passage {
                article: Some(*number),
                text: text + &paragraphs.join("\n"),
            }),
            Block::Paragraph { text: words } => {
                text.push_str(words);
                match passages.last_mut() {
                    Some(last) if last.article.is_none() && last.text.len() + text.len() < PASSAGE_BYTES => {
                        last.text.push('\n');
                        last.text.push_str(&text);
                    }
                    _ => passages.push(Passage { article: None, text }),
                }
            }
        }
    }
    let last = headings.map(|heading| heading.title.clone());
    passages.extend(joined(last.collect()));
    passages
}

fn of_guide(guide: &Guide) -> Vec<String> {
    let conditions = |conditions: &[Condition]| {
        conditions
            .iter()
            .map(|condition| condition.text.clone())
            .collect::<Vec<_>>()
    };
    let mut parts = vec![guide.summary.clone()];
    parts.extend(conditions(&guide.who));
    parts.extend(guide.materials.iter().map(|material| {
        let mut text = material.name.clone();
        for more in material.details.iter().chain(&material.when) {
            text.push(' ');
            text.push_str(more);
        }
        text
    }));
    parts.extend(
        guide
            .steps
            .iter()
            .map(|step| format!("{} {}", step.title, step.text)),
    );
    parts.extend(
        guide
            .limits
            .iter()
            .map(|limit| format!("{} {}", limit.label, limit.limit.text)),
    );
    parts.extend(guide.fee.text.clone());
    parts.extend(guide.where_to_apply.clone());
    parts.extend(guide.proxy.clone());
    parts.extend(guide.result.clone());
    parts.extend(guide.result_validity.clone());
    parts.extend(guide.remedy.clone());
    parts.extend(guide.window_address.clone());
    parts.extend(conditions(&guide.refusal));
    parts.extend(guide.situations.iter().map(|case| match &case.note {
        Some(note) => format!("{} {note}", case.label),
        None => case.label.clone(),
    }));
    parts.extend(guide.sections.iter().map(|section| section.text.clone()));
    parts
}

fn of_entry(entry: &Entry) -> Vec<String> {
    let mut parts = vec![entry.content.clone()];
    parts.extend(entry.basis.clone());
    parts.extend(entry.channels.iter().map(|channels| channels.join(" ")));
    parts
}

fn of_dataset(dataset: &Dataset) -> Vec<String> {
    let mut parts = vec![dataset.columns.join(" ")];
    parts.extend(dataset.rows.iter().take(DATASET_ROWS).map(|row| row.join(" ")));
    parts
}

fn of_plan(plan: &Plan) -> Vec<String> {
    plan.tasks
        .iter()
        .map(|task| {
            format!(
                "{} {} {}",
                task.task,
                task.item,
                task.responsible.as_deref().unwrap_or("")
            )
        })
        .collect()
}

fn of_form(form: &Form) -> Vec<String> {
    let mut parts: Vec<String> = form.note.iter().cloned().collect();
    let fields = form
        .applicant_types
        .iter()
        .flat_map(|applicant| &applicant.fields)
        .chain(&form.request_fields);
    parts.push(
        fields
            .map(|field| field.label.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    );
    parts.extend(
        form.rules
            .iter()
            .map(|rule| format!("{} {}", rule.topic, rule.text)),
    );
    parts
}

fn of_service_item(item: &ServiceItem) -> Vec<String> {
    item.main_item.iter().cloned().collect()
}
