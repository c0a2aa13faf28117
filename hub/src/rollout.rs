//! Whether terminals get along with a new generation, by what they report of it.
//!
//! Reports come from wherever the hub keeps them; [`read_reports`] takes a folder of JSON lines, one report a line. What is
//! made of them is a pure function.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a terminal reports of a generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The terminal's id.
    pub device: String,
    /// The generation.
    pub generation: u64,
    /// How it went.
    pub outcome: Outcome,
    /// When it was found.
    pub at: Timestamp,
}

/// How a terminal got along with a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It passed the terminal's own health check.
    Good,
    /// It did not, and the terminal went back.
    RolledBack,
}

/// When a rollout stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// More failures than this of a thousand reports stop it.
    pub failures: u16,
    /// So many reports are needed before anything is said.
    pub least: usize,
}

impl Default for Threshold {
    /// Two of a hundred, of at least ten.
    fn default() -> Self {
        Self {
            failures: 20,
            least: 10,
        }
    }
}

/// What is to be thought of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// How many terminals it passed on.
    pub good: usize,
    /// How many went back.
    pub rolled_back: usize,
    /// What follows.
    pub verdict: Verdict,
}

/// What follows from the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Too few have reported.
    TooFew,
    /// It may go on.
    Healthy,
    /// It must stop.
    Failing,
}

/// Judges a generation by the newest report of each terminal.
#[must_use]
pub fn judge(reports: &[Report], generation: u64, threshold: Threshold) -> Judgement {
    let mut newest: HashMap<&str, &Report> = HashMap::new();
    for report in reports.iter().filter(|report| report.generation == generation) {
        let known = newest.entry(&report.device).or_insert(report);
        if known.at < report.at {
            *known = report;
        }
    }
    let rolled_back = newest
        .values()
        .filter(|report| report.outcome == Outcome::RolledBack)
        .count();
    let all = newest.len();
    let verdict = if all < threshold.least {
        Verdict::TooFew
    } else if rolled_back * 1000 > all * usize::from(threshold.failures) {
        Verdict::Failing
    } else {
        Verdict::Healthy
    };
    Judgement {
        good: all - rolled_back,
        rolled_back,
        verdict,
    }
}

/// Why reports could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReportsError {
    /// The folder or a file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A line is no report.
    #[error("{path}, line {line}: {source}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The reports in the files `*.jsonl` of a folder.
pub fn read_reports(folder: &Path) -> Result<Vec<Report>, ReportsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ReportsError::Read { path, source }
    };
    let mut reports = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        for (line, text) in (1..).zip(text.lines()) {
            let report = serde_json::from_str(text).map_err(|source| ReportsError::Line {
                path: path.clone(),
                line,
                source,
            })?;
            reports.push(report);
        }
    }
    Ok(reports)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(device: usize, outcome: Outcome, second: i64) -> Report {
        Report {
            device: format!("terminal-{device}"),
            generation: 7,
            outcome,
            at: Timestamp::from_second(second).unwrap(),
        }
    }

    #[test]
    fn few_reports_say_nothing_and_many_failures_stop_a_generation() {
        let mut reports: Vec<Report> = (0..9).map(|n| report(n, Outcome::RolledBack, 1)).collect();
        let threshold = Threshold::default();
        assert_eq!(judge(&reports, 7, threshold).verdict, Verdict::TooFew);
        reports.push(report(9, Outcome::RolledBack, 1));
        assert_eq!(judge(&reports, 7, threshold).verdict, Verdict::Failing);
        assert_eq!(judge(&reports, 8, threshold).verdict, Verdict::TooFew);
        reports.extend((10..500).map(|n| report(n, Outcome::Good, 1)));
        let judgement = judge(&reports, 7, threshold);
        assert_eq!((judgement.good, judgement.rolled_back), (490, 10));
        assert_eq!(judgement.verdict, Verdict::Healthy);
    }

    #[test]
    fn a_terminal_counts_once_by_its_newest_report() {
        let reports = [
            report(1, Outcome::RolledBack, 2),
            report(1, Outcome::Good, 1),
            report(1, Outcome::Good, 1),
        ];
        let judgement = judge(
            &reports,
            7,
            Threshold {
                failures: 20,
                least: 1,
            },
        );
        assert_eq!((judgement.good, judgement.rolled_back), (0, 1));
    }

    #[test]
    fn a_line_that_is_no_report_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let line = serde_json::to_string(&report(1, Outcome::Good, 1)).unwrap();
        let path = folder.path().join("today.jsonl");
        catalog::atomic::write(&path, format!("{line}\n").as_bytes()).unwrap();
        assert_eq!(
            read_reports(folder.path()).unwrap(),
            [report(1, Outcome::Good, 1)]
        );
        catalog::atomic::write(&path, format!("{line}\n{{}}\n").as_bytes()).unwrap();
        let error = read_reports(folder.path()).unwrap_err();
        assert!(error.to_string().contains("today.jsonl, line 2"), "{error}");
    }
}
