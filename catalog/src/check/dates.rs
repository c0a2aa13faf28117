//! Dates of texts and sources.

use jiff::civil::Date;

use super::{Remark, Rule};
use crate::record::Record;

/// Nothing in force is older than the republic.
const FIRST_YEAR: i16 = 1949;

pub(super) fn remarks(record: &Record, today: Date) -> Vec<Remark> {
    let source = record
        .provenance()
        .and_then(|provenance| provenance.source.as_ref());
    let (published, version) = match record {
        Record::Document(document) => (document.published.as_deref(), document.version_date.as_deref()),
        Record::Interpretation(interpretation) => (interpretation.published.as_deref(), None),
        _ => (None, None),
    };
    let dates = [
        ("发布日期", published),
        ("文本日期", version),
        ("来源日期", source.and_then(|source| source.date.as_deref())),
    ];
    dates
        .into_iter()
        .filter_map(|(name, date)| judge(name, date?, today))
        .collect()
}

fn judge(name: &str, text: &str, today: Date) -> Option<Remark> {
    match parse(text) {
        None => Some(Remark::error(Rule::Date, format!("{name} {text:?} is no date"))),
        Some(date) if date.year() < FIRST_YEAR => Some(Remark::error(
            Rule::Date,
            format!("{name} {text} is before {FIRST_YEAR}"),
        )),
        Some(date) if date > today => Some(Remark::warning(
            Rule::Date,
            format!("{name} {text} is in the future"),
        )),
        Some(_) => None,
    }
}

/// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; the first day of what is less exact.
pub(super) fn parse(text: &str) -> Option<Date> {
    match text.len() {
        4 => format!("{text}-01-01").parse().ok(),
        7 => format!("{text}-01").parse().ok(),
        10 => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Severity;

    #[test]
    fn impossible_dates_are_errors_and_future_ones_warnings() {
        let today = jiff::civil::date(2026, 11, 22);
        let severity = |text| judge("日期", text, today).map(|remark| remark.severity);
        assert_eq!(severity("2019-04-03"), None);
        assert_eq!(severity("2019"), None);
        assert_eq!(severity("2019-02-30"), Some(Severity::Error));
        assert_eq!(severity("1019-02-03"), Some(Severity::Error));
        assert_eq!(severity("去年"), Some(Severity::Error));
        assert_eq!(severity("2027-01-01"), Some(Severity::Warning));
    }
}
