use jiff::civil::date;

use super::*;
use crate::record::{ArticleNumber, Interpretation, Provenance, ProvenanceMark};
use crate::source::{Origin, Problem, sample};

fn today() -> Date {
    date(2026, 11, 22)
}

/// The sample with one record changed.
fn changed(id: &str, change: impl FnOnce(&mut Record)) -> Report {
    let mut loaded = Loaded {
        records: sample().records.clone(),
        problems: Vec::new(),
        origins: sample().origins.clone(),
        files: sample().files.clone(),
    };
    let record = loaded
        .records
        .iter_mut()
        .find(|record| record.id().as_str() == id)
        .unwrap();
    change(record);
    check(&loaded, today())
}

fn errors(report: &Report) -> Vec<(&str, Rule)> {
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors
        .map(|finding| (finding.record.as_deref().unwrap_or(""), finding.rule))
        .collect()
}

#[test]
fn the_sample_passes_with_warnings_only() {
    let report = check(sample(), today());
    assert_eq!(errors(&report), []);
    assert!(report.count(Severity::Warning) > 0);
}

#[test]
fn every_record_is_counted_in_one_area() {
    let report = check(sample(), today());
    let records: usize = report.areas.iter().map(|area| area.records).sum();
    assert_eq!(records, sample().records.len());
    assert_eq!(report.areas[0].area.as_deref(), Some("城乡规划"));
    assert_eq!(report.areas.last().unwrap().area, None);
    assert!(
        report.areas[0]
            .completeness
            .is_some_and(|percent| percent > 30 && percent < 100)
    );
}

#[test]
fn findings_name_file_record_and_area() {
    let report = check(sample(), today());
    let finding = report
        .findings
        .iter()
        .find(|f| f.record.as_deref() == Some("guide-001"))
        .unwrap();
    assert_eq!(finding.file, "guides.json");
    assert_eq!(finding.area.as_deref(), Some("户籍管理"));
    assert!(finding.message.contains("联系电话"), "{}", finding.message);
}

#[test]
fn known_weaknesses_of_the_sample_are_found() {
    let report = check(sample(), today());
    let rules = |id: &str| -> Vec<Rule> {
        let of = report
            .findings
            .iter()
            .filter(|finding| finding.record.as_deref() == Some(id));
        of.map(|finding| finding.rule).collect()
    };
    assert!(rules("guide-010").contains(&Rule::Superseded));
    assert!(rules("law-3069").contains(&Rule::Superseded));
    assert!(rules("guide-l03").contains(&Rule::Truncated));
    assert!(rules("guide-l05").contains(&Rule::Code));
    assert!(rules("si-0001").contains(&Rule::Code));
}

#[test]
fn an_article_that_the_law_does_not_have_is_an_error() {
    let report = changed("guide-001", |record| {
        let Record::Guide(guide) = record else { return };
        guide.legal_basis[0].articles.push(ArticleNumber {
            number: 999,
            inserted: 0,
        });
    });
    assert_eq!(errors(&report), [("guide-001", Rule::MissingArticle)]);
}

#[test]
fn an_empty_name_is_an_error() {
    let report = changed("cat-ghgl-001", |record| {
        let Record::Entry(entry) = record else { return };
        entry.level2 = " ".to_owned();
    });
    assert_eq!(errors(&report), [("cat-ghgl-001", Rule::MissingField)]);
}

#[test]
fn an_interpretation_after_its_policy_is_late() {
    let report = changed("int-05", |record| {
        *record = Record::Interpretation(Interpretation {
            id: record.id().clone(),
            title: "解读".to_owned(),
            document: Some(RecordId::try_from("law-3132").unwrap()),
            form: "文字解读".to_owned(),
            published: Some("2025-01-01".to_owned()),
            paragraphs: Vec::new(),
            provenance: Provenance {
                mark: ProvenanceMark::Curated,
                source: None,
                truncated: false,
            },
            links: Vec::new(),
        });
    });
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.rule == Rule::LateInterpretation)
    );
}

#[test]
fn problems_of_reading_are_errors_with_their_place() {
    let loaded = Loaded {
        problems: vec![Problem {
            file: "guides.json".to_owned(),
            line: Some(7),
            path: Some("[0].fee".to_owned()),
            record: Some("guide-001".to_owned()),
            kind: ProblemKind::DuplicateId {
                first: Origin {
                    file: "guides.json".to_owned(),
                    line: Some(2),
                },
            },
        }],
        ..Loaded::default()
    };
    let report = check(&loaded, today());
    assert_eq!(errors(&report), [("guide-001", Rule::DuplicateId)]);
    assert!(report.findings[0].message.contains("guides.json:2"));
    assert_eq!(report.findings[0].line, Some(7));
}
