//! What a resident must know of a record, in a few short lines.

use std::sync::LazyLock;

use super::fit;
use crate::Language;
use crate::record::{
    Citation, Dataset, Document, Entry, Fee, FeeKind, Form, Guide, Interpretation, Plan, Record, ServiceItem,
    Validity, ValidityState,
};
use crate::words::Words;

/// The essentials of a record.
pub(super) struct Essentials {
    pub(super) title: String,
    /// The most important first.
    lines: Vec<String>,
    /// Source and id, never left out.
    foot: String,
}

impl Essentials {
    pub(super) fn within(&self, room: usize) -> String {
        fit::lines(&self.title, &self.lines, &self.foot, room)
    }

    /// The title with the most important line.
    pub(super) fn in_one_line(&self) -> String {
        match self.lines.first() {
            Some(line) => format!("{}　{}", self.title, fit::cut(line, 60)),
            None => self.title.clone(),
        }
    }
}

static WORDS: LazyLock<[Words; 2]> = LazyLock::new(|| {
    [
        Words::new(Language::Zh, include_str!("../../locales/zh-CN/takeaway.ftl")),
        Words::new(Language::En, include_str!("../../locales/en/takeaway.ftl")),
    ]
});

fn words(language: Language) -> &'static Words {
    &WORDS[language as usize]
}

pub(super) fn list_title(count: usize, language: Language) -> String {
    words(language).with("list-title", &[("n", &count.to_string())])
}

pub(super) fn essentials(record: &Record, language: Language) -> Essentials {
    let words = words(language);
    let english = (language == Language::En)
        .then(|| english_title(record))
        .flatten();
    let mut lines = Lines {
        words,
        lines: Vec::new(),
    };
    match record {
        Record::Guide(guide) => lines.guide(guide),
        Record::Entry(entry) => lines.entry(entry),
        Record::Document(document) => lines.document(document),
        Record::Interpretation(interpretation) => lines.interpretation(interpretation),
        Record::Dataset(dataset) => lines.dataset(dataset),
        Record::ServiceItem(item) => lines.service_item(item),
        Record::Plan(plan) => lines.plan(plan),
        Record::Form(form) => lines.form(form),
        Record::Area(_)
        | Record::LifeEvent(_)
        | Record::Synonyms(_)
        | Record::Glossary(_)
        | Record::Holidays(_)
        | Record::ItemFields(_) => {}
    }
    Essentials {
        title: match english {
            Some(english) => format!("{english}　{}", record.title()),
            None => record.title().to_owned(),
        },
        lines: lines.lines,
        foot: foot(record, words),
    }
}

fn english_title(record: &Record) -> Option<&str> {
    match record {
        Record::Guide(guide) => guide.name_en.as_deref(),
        Record::Entry(entry) => entry.name_en.as_deref(),
        Record::Document(document) => document.title_en.as_deref(),
        Record::Dataset(dataset) => dataset.title_en.as_deref(),
        Record::Area(area) => area.name_en.as_deref(),
        Record::LifeEvent(event) => event.name.en.as_deref(),
        _ => None,
    }
}

/// Where the content was taken from, and the id under which any terminal finds it again.
fn foot(record: &Record, words: &Words) -> String {
    let separator = words.get("separator");
    let source = record
        .provenance()
        .and_then(|provenance| provenance.source.as_ref());
    let id = format!("{}{separator}{}", words.get("id"), record.id());
    match source {
        Some(source) => {
            let date = source
                .date
                .as_deref()
                .map(|date| format!(" {date}"))
                .unwrap_or_default();
            let title = fit::cut(&source.title, 60);
            format!("{}{separator}{title}{date}\n{id}", words.get("source"))
        }
        None => id,
    }
}

struct Lines {
    words: &'static Words,
    lines: Vec<String>,
}

impl Lines {
    fn line(&mut self, key: &str, value: &str) {
        let separator = self.words.get("separator");
        self.lines
            .push(format!("{}{separator}{value}", self.words.get(key)));
    }

    /// A line for a value that every record of the kind should have.
    fn expected(&mut self, key: &str, value: Option<&str>) {
        match value {
            Some(value) => self.line(key, value),
            None => self.line(key, &self.words.get("not-provided")),
        }
    }

    /// A line for a value that may not apply.
    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.line(key, value);
        }
    }

    fn list<'a>(&mut self, key: &str, values: impl Iterator<Item = &'a str>) {
        let joined: Vec<&str> = values.collect();
        let joined = joined.join("、");
        self.expected(key, Some(joined.as_str()).filter(|joined| !joined.is_empty()));
    }

    fn guide(&mut self, guide: &Guide) {
        self.expected(
            "limit",
            guide.statutory_limit.as_ref().map(|limit| limit.text.as_str()),
        );
        self.optional(
            "promised",
            guide.promised_limit.as_ref().map(|limit| limit.text.as_str()),
        );
        let fee = self.fee(&guide.fee);
        self.line("fee", &fee);
        self.validity_if_out_of_force(&guide.validity);
        self.list(
            "materials",
            guide.materials.iter().map(|material| material.name.as_str()),
        );
        self.expected(
            "where",
            guide
                .window_address
                .as_deref()
                .or(guide.where_to_apply.as_deref()),
        );
        self.optional("phone", guide.phone_consult.as_deref());
        self.list("who", guide.who.iter().map(|condition| condition.text.as_str()));
        let bases: Vec<String> = guide
            .legal_basis
            .iter()
            .map(|basis| {
                let articles: String = basis.articles.iter().map(ToString::to_string).collect();
                format!("《{}》{articles}", basis.title)
            })
            .collect();
        self.list("basis", bases.iter().map(String::as_str));
    }

    fn fee(&self, fee: &Fee) -> String {
        let short = match fee.kind {
            FeeKind::Free => "fee-free",
            FeeKind::Charged => "fee-charged",
            FeeKind::Mixed => "fee-mixed",
            FeeKind::Unknown => "not-provided",
        };
        match (&fee.text, fee.kind) {
            (Some(text), FeeKind::Mixed | FeeKind::Charged) => text.clone(),
            _ => self.words.get(short),
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.list("content", entry.elements.iter().map(String::as_str));
        self.expected("limit", entry.time_limit.as_ref().map(|limit| limit.raw.as_str()));
        self.expected("subject", entry.subject.as_deref());
        self.list(
            "basis",
            entry
                .citations
                .iter()
                .map(|Citation { cited, .. }| cited.as_str()),
        );
    }

    fn document(&mut self, document: &Document) {
        self.optional("number", document.doc_no.as_deref());
        self.expected("issuer", document.issuer.as_deref());
        self.optional(
            "published",
            document.published.as_deref().or(document.version_date.as_deref()),
        );
        let validity = self.validity(&document.validity);
        self.line("validity", &validity);
    }

    fn interpretation(&mut self, interpretation: &Interpretation) {
        let policy = interpretation.links.first().map(|link| link.title.as_str());
        self.expected("interprets", policy);
        self.optional("content", interpretation.paragraphs.first().map(String::as_str));
    }

    fn dataset(&mut self, dataset: &Dataset) {
        self.expected("provider", dataset.provider.as_deref());
        self.line("rows", &dataset.rows.len().to_string());
        self.list("columns", dataset.columns.iter().map(String::as_str));
    }

    fn service_item(&mut self, item: &ServiceItem) {
        let source = item.provenance.source.as_ref();
        self.line("department", &item.department);
        self.expected("place", source.and_then(|source| source.jurisdiction.as_deref()));
        self.line("code", &item.item_code);
    }

    fn plan(&mut self, plan: &Plan) {
        self.optional("basis", plan.links.first().map(|link| link.title.as_str()));
        self.list("tasks", plan.tasks.iter().map(|task| task.item.as_str()));
    }

    fn form(&mut self, form: &Form) {
        let applicant = form
            .applicant_types
            .iter()
            .take(1)
            .flat_map(|applicant| &applicant.fields);
        let required = applicant
            .chain(&form.request_fields)
            .filter(|field| field.required);
        self.list("fields", required.map(|field| field.label.as_str()));
        self.optional("content", form.rules.first().map(|rule| rule.text.as_str()));
    }

    fn validity(&self, validity: &Validity) -> String {
        match (validity.state, validity.as_of.as_deref()) {
            (ValidityState::InForce, Some(date)) => self.words.with("valid-as-of", &[("date", date)]),
            (ValidityState::InForce, None) => self.words.get("valid-in-force"),
            (ValidityState::Superseded, _) => self.words.get("valid-superseded"),
            (ValidityState::BasisSuperseded, _) => self.words.get("valid-basis-superseded"),
            (ValidityState::Repealed, _) => self.words.get("valid-repealed"),
            (ValidityState::Unknown, _) => self.words.get("valid-unknown"),
        }
    }

    fn validity_if_out_of_force(&mut self, validity: &Validity) {
        if !matches!(validity.state, ValidityState::InForce | ValidityState::Unknown) {
            let text = self.validity(validity);
            self.line("validity", &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_messages() {
        let keys = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
                .collect()
        };
        let chinese = keys(include_str!("../../locales/zh-CN/takeaway.ftl"));
        assert_eq!(chinese, keys(include_str!("../../locales/en/takeaway.ftl")));
        for language in Language::ALL {
            assert!(chinese.iter().all(|key| words(language).has(key)));
        }
    }
}
