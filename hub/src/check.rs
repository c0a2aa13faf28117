//! The report of `hub check`, as text.

use std::fmt::Write as _;

use catalog::check::{AreaSummary, Finding, Report, Severity};

/// How many findings of one rule in one file are listed before the rest is only counted.
const LISTED: usize = 20;

/// The findings grouped by area and record, then a table of the areas and the totals.
///
/// A long list of the same finding, such as a code that a whole list of services has in a form of its
/// own, is cut unless `all` is asked for; errors never are.
#[must_use]
pub fn text(report: &Report, all: Listing) -> String {
    let mut text = String::new();
    let mut written = Grouped::default();
    for finding in &report.findings {
        let same = report.findings.iter().filter(|other| alike(finding, other));
        let rank = same
            .clone()
            .take_while(|other| !std::ptr::eq(*other, finding))
            .count();
        let cut = all == Listing::Short && finding.severity == Severity::Warning;
        if cut && rank >= LISTED {
            if rank == LISTED {
                let rest = same.count() - LISTED;
                let _ = writeln!(
                    text,
                    "  … and {rest} more of {} in {} (--all lists them)",
                    finding.rule.as_str(),
                    finding.file
                );
            }
            continue;
        }
        written.write(&mut text, finding);
    }
    text.push('\n');
    text.push_str(&table(&report.areas));
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let _ = writeln!(text, "\n{errors} errors, {warnings} warnings");
    text
}

/// Whether long lists of warnings are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Cut.
    Short,
    /// Not cut.
    Full,
}

fn alike(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && a.file == b.file && a.area == b.area && a.severity == b.severity
}

/// Writes a heading where a new area or record begins.
#[derive(Default)]
struct Grouped<'a> {
    /// The heading last written: the area's name, or [`NO_AREA`].
    area: Option<&'a str>,
    /// The record whose findings are being written below it.
    record: Option<&'a str>,
}

impl<'a> Grouped<'a> {
    fn write(&mut self, text: &mut String, finding: &'a Finding) {
        let area = finding.area.as_deref().unwrap_or(NO_AREA);
        if self.area != Some(area) {
            let _ = writeln!(text, "\n{area}");
            self.area = Some(area);
            self.record = None;
        }
        let record = finding.record.as_deref();
        if record.is_none() || self.record != record {
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            let _ = writeln!(text, "  {}  {}{line}", record.unwrap_or("-"), finding.file);
            self.record = record;
        }
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = writeln!(
            text,
            "    {severity} [{}] {}",
            finding.rule.as_str(),
            finding.message
        );
    }
}

const NO_AREA: &str = "(no area)";

fn table(areas: &[AreaSummary]) -> String {
    let mut text = String::from(" records  errors  warnings  complete  area\n");
    for area in areas {
        let complete = area
            .completeness
            .map_or_else(|| "-".to_owned(), |percent| format!("{percent} %"));
        let name = area.area.as_deref().unwrap_or(NO_AREA);
        let (records, errors, warnings) = (area.records, area.errors, area.warnings);
        let _ = writeln!(
            text,
            "{records:>8}{errors:>8}{warnings:>10}{complete:>10}  {name}"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use catalog::check::Rule;

    use super::*;

    fn finding(record: usize, severity: Severity) -> Finding {
        Finding {
            severity,
            rule: Rule::Code,
            area: Some("户籍管理".to_owned()),
            record: Some(format!("si-{record}")),
            file: "items.csv".to_owned(),
            line: Some(record),
            message: "wrong".to_owned(),
        }
    }

    fn report(count: usize, severity: Severity) -> Report {
        Report {
            areas: Vec::new(),
            findings: (0..count).map(|record| finding(record, severity)).collect(),
        }
    }

    #[test]
    fn a_long_list_of_one_warning_is_cut_and_counted() {
        let short = text(&report(50, Severity::Warning), Listing::Short);
        assert!(short.contains("and 30 more of code in items.csv"), "{short}");
        assert_eq!(short.matches("wrong").count(), 20);
        assert_eq!(
            text(&report(50, Severity::Warning), Listing::Full)
                .matches("wrong")
                .count(),
            50
        );
    }

    #[test]
    fn errors_are_all_listed() {
        let text = text(&report(50, Severity::Error), Listing::Short);
        assert_eq!(text.matches("wrong").count(), 50);
        assert!(text.ends_with("50 errors, 0 warnings\n"));
    }

    #[test]
    fn an_area_and_a_record_are_named_once() {
        let mut report = report(1, Severity::Warning);
        report.findings.push(finding(0, Severity::Warning));
        let text = text(&report, Listing::Short);
        assert_eq!(text.matches("户籍管理").count(), 1);
        assert_eq!(text.matches("si-0  items.csv:0").count(), 1);
    }
}
