//! Judges content: what is wrong, what is missing, in which record, and who answers for it.
//!
//! An **error** is something that cannot be true or cannot be shown: a broken reference, an id used
//! twice, an article that the law does not have. A **warning** is something that residents would miss
//! or should know: a field that is not provided, a text that was superseded. Errors stop a publication.

mod codes;
mod completeness;
mod dates;
mod references;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Serialize;

use crate::record::{Record, RecordId, TimeLimitKind, ValidityState};
use crate::source::{Loaded, ProblemKind};

pub use codes::{CreditCode, InvalidCreditCode};
use completeness::Completeness;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The content must not be published like this.
    Error,
    /// The content can be published, but somebody should look at it.
    Warning,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A file or record that does not have the documented form.
    Malformed,
    /// A reference to a record that does not exist.
    BrokenReference,
    /// An id that another record has.
    DuplicateId,
    /// A cited article that the law does not have.
    MissingArticle,
    /// A code that is not as long as the standard says, or whose check digit is wrong.
    Code,
    /// A date that cannot be.
    Date,
    /// A field without a value.
    MissingField,
    /// A 公开时限 that is no single deadline.
    TimeLimit,
    /// A source text that breaks off.
    Truncated,
    /// A text, or its legal basis, that is no longer in force.
    Superseded,
    /// An interpretation published after its policy.
    LateInterpretation,
    /// A delegated record that its department did not sign, or not like this; a signature of nobody.
    Signature,
    /// A record that a department signed and that is not in its list.
    OutsideList,
}

impl Rule {
    /// The rule's name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::BrokenReference => "broken-reference",
            Self::DuplicateId => "duplicate-id",
            Self::MissingArticle => "missing-article",
            Self::Code => "code",
            Self::Date => "date",
            Self::MissingField => "missing-field",
            Self::TimeLimit => "time-limit",
            Self::Truncated => "truncated",
            Self::Superseded => "superseded",
            Self::LateInterpretation => "late-interpretation",
            Self::Signature => "signature",
            Self::OutsideList => "outside-list",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub rule: Rule,
    /// The area that answers for the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The record, as far as it could be made out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The file, relative to the source folder.
    pub file: String,
    /// The line on which the record starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// In words.
    pub message: String,
}

/// The state of one area's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AreaSummary {
    /// Its name; `None` for records of no area.
    pub area: Option<String>,
    /// How many records it has.
    pub records: usize,
    /// How many errors were found in them.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How much of what the founding document asks for is provided, in percent; `None` where it asks
    /// for nothing.
    pub completeness: Option<u8>,
}

/// All findings, by area and record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// A line an area, in the order of the list of areas; records of no area last.
    pub areas: Vec<AreaSummary>,
    /// The findings: by area in the same order, then by record, the worst first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many findings are this bad.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// What a rule says about a record.
struct Remark {
    severity: Severity,
    rule: Rule,
    message: String,
}

impl Remark {
    fn error(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            message: message.into(),
        }
    }

    fn warning(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            rule,
            message: message.into(),
        }
    }
}

/// Judges a source folder as of `today`.
#[must_use]
pub fn check(loaded: &Loaded, today: Date) -> Report {
    let areas = Areas::new(&loaded.records);
    let library = references::Library::new(&loaded.records);
    let mut findings: Vec<Finding> = loaded
        .problems
        .iter()
        .map(|problem| areas.problem(loaded, problem))
        .collect();
    let mut completeness: BTreeMap<Option<String>, Completeness> = BTreeMap::new();
    let mut records: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for record in &loaded.records {
        let area = areas.name_of(record);
        *records.entry(area.clone()).or_default() += 1;
        let complete = Completeness::of(record);
        let mut remarks = Vec::new();
        remarks.extend(complete.remarks());
        remarks.extend(state(record));
        remarks.extend(codes::remarks(record));
        remarks.extend(dates::remarks(record, today));
        remarks.extend(library.remarks(record));
        completeness.entry(area.clone()).or_default().add(&complete);
        let origin = loaded.origins.get(record.id());
        findings.extend(remarks.into_iter().map(|remark| Finding {
            severity: remark.severity,
            rule: remark.rule,
            area: area.clone(),
            record: Some(record.id().to_string()),
            file: origin.map(|origin| origin.file.clone()).unwrap_or_default(),
            line: origin.and_then(|origin| origin.line),
            message: remark.message,
        }));
    }
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (areas.order_of(finding.area.as_deref()), finding.record.clone());
        (key(a), a.severity, a.rule).cmp(&(key(b), b.severity, b.rule))
    });
    let count = |area: &Option<String>, severity| {
        let of = findings
            .iter()
            .filter(|f| f.area == *area && f.severity == severity);
        of.count()
    };
    let mut summaries: Vec<AreaSummary> = records
        .into_iter()
        .map(|(area, records)| AreaSummary {
            records,
            errors: count(&area, Severity::Error),
            warnings: count(&area, Severity::Warning),
            completeness: completeness.get(&area).and_then(Completeness::percent),
            area,
        })
        .collect();
    summaries.sort_by_key(|summary| areas.order_of(summary.area.as_deref()));
    Report {
        areas: summaries,
        findings,
    }
}

/// Remarks on the state of a text.
fn state(record: &Record) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if record.provenance().is_some_and(|provenance| provenance.truncated) {
        remarks.push(Remark::warning(Rule::Truncated, "the source text breaks off"));
    }
    let state = record
        .validity()
        .map(|validity| validity.state)
        .unwrap_or_default();
    let note = record
        .validity()
        .and_then(|validity| validity.note.as_deref())
        .unwrap_or_default();
    let words = match state {
        ValidityState::Superseded => Some("the text was revised"),
        ValidityState::BasisSuperseded => Some("a legal basis was revised"),
        ValidityState::Repealed => Some("the text was repealed"),
        ValidityState::InForce | ValidityState::Unknown => None,
    };
    if let Some(words) = words {
        remarks.push(Remark::warning(Rule::Superseded, format!("{words}: {note}")));
    }
    if let Record::Entry(entry) = record
        && let Some(limit) = &entry.time_limit
        && limit.kind == TimeLimitKind::Unparsed
    {
        let message = format!("公开时限 is no single deadline: {}", limit.raw);
        remarks.push(Remark::warning(Rule::TimeLimit, message));
    }
    remarks
}

/// The areas by id, with their order.
struct Areas(HashMap<RecordId, (u32, String)>);

impl Areas {
    fn new(records: &[Record]) -> Self {
        let areas = records.iter().filter_map(|record| match record {
            Record::Area(area) => Some((area.id.clone(), (area.order, area.name.clone()))),
            _ => None,
        });
        Self(areas.collect())
    }

    fn name_of(&self, record: &Record) -> Option<String> {
        Some(self.0.get(record.area()?)?.1.clone())
    }

    /// Records of no area come last.
    fn order_of(&self, area: Option<&str>) -> u32 {
        let found = self.0.values().find(|(_, name)| Some(name.as_str()) == area);
        found.map_or(u32::MAX, |(order, _)| *order)
    }

    fn problem(&self, loaded: &Loaded, problem: &crate::source::Problem) -> Finding {
        let record = problem.record.as_deref();
        let known = loaded
            .records
            .iter()
            .find(|known| Some(known.id().as_str()) == record);
        let place = problem
            .path
            .as_ref()
            .map(|path| format!("{path}: "))
            .unwrap_or_default();
        Finding {
            severity: Severity::Error,
            rule: match problem.kind {
                ProblemKind::Unreadable(_) | ProblemKind::Malformed(_) => Rule::Malformed,
                ProblemKind::UnknownArea(_) | ProblemKind::BrokenReference { .. } => Rule::BrokenReference,
                ProblemKind::DuplicateId { .. } => Rule::DuplicateId,
            },
            area: known.and_then(|known| self.name_of(known)),
            record: problem.record.clone(),
            file: problem.file.clone(),
            line: problem.line,
            message: format!("{place}{}", problem.kind),
        }
    }
}

#[cfg(test)]
mod tests;
