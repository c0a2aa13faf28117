//! Measuring one engine in a process of its own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use cpu_time::{ProcessTime, ThreadTime};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineKind};

/// The query that a new process answers first.
const FIRST: &str = "社会保险";

/// A query of the relevance set.
#[derive(Deserialize)]
struct Case {
    query: String,
    expect: Vec<String>,
}

/// What one process measured; times in milliseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Figures {
    keystrokes: usize,
    first: f64,
    p50: f64,
    p99: f64,
    max: f64,
    /// Above what the process held before the index was opened.
    resident_kib: u64,
    /// Of the queries of the relevance set, so many are answered within the first five.
    right: usize,
    queries: usize,
}

/// Opens the index and types every query.
pub(crate) fn in_this_process(engine: EngineKind, folder: &Path) -> Figures {
    let before = resident_kib();
    let opened = engine.open(folder);
    std::hint::black_box(opened.search(FIRST));
    // Of the whole process, from its start.
    let first = ProcessTime::now().as_duration();
    let cases = cases();
    let queries: Vec<&str> = cases.iter().map(|case| case.query.as_str()).collect();
    let time = |text: &str| {
        let start = ThreadTime::now();
        std::hint::black_box(opened.search(text));
        start.elapsed()
    };
    keystrokes(&queries).for_each(|text| {
        time(text);
    });
    let mut each: Vec<Duration> = keystrokes(&queries).map(time).collect();
    each.sort_unstable();
    let at = |share: f64| ms(each[((each.len() - 1) as f64 * share) as usize]);
    let resident_kib = resident_kib().saturating_sub(before);
    Figures {
        keystrokes: each.len(),
        first: ms(first),
        p50: at(0.5),
        p99: at(0.99),
        max: at(1.0),
        resident_kib,
        right: cases
            .iter()
            .filter(|case| is_right(opened.as_ref(), case))
            .count(),
        queries: cases.len(),
    }
}

/// The same by this program started anew.
pub(crate) fn in_a_new_process(engine: EngineKind, folder: &Path) -> Figures {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--measure", engine.name()])
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn is_right(engine: &dyn Engine, case: &Case) -> bool {
    let found = engine.search(&case.query);
    if case.expect.is_empty() {
        found.is_empty()
    } else {
        found.iter().take(5).any(|id| case.expect.contains(id))
    }
}

/// The texts after each keystroke.
fn keystrokes<'a>(queries: &'a [&str]) -> impl Iterator<Item = &'a str> {
    queries.iter().flat_map(|query| {
        query
            .char_indices()
            .map(|(at, character)| &query[..at + character.len_utf8()])
    })
}

fn cases() -> Vec<Case> {
    let path = crate::repository().join("tests/relevance/queries.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The memory this process holds, in KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// All that is reported of an engine.
pub(crate) struct Measured {
    pub engine: EngineKind,
    pub build: Duration,
    pub index_bytes: u64,
    pub text_bytes: usize,
    pub figures: Figures,
}

impl Measured {
    pub(crate) const HEADER: &'static str = "\
| engine | keystrokes | p50 ms | p99 ms | max ms | p50 × | p99 × | first ms | build s | index MB | × text | resident MB | right in 5 |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |";

    /// A row of the table, with the ratios to `ours`.
    pub(crate) fn row(&self, ours: &Figures) -> String {
        let figures = &self.figures;
        format!(
            "| {} | {} | {:.3} | {:.3} | {:.3} | {:.1} | {:.1} | {:.1} | {:.2} | {:.1} | {:.2} | {:.1} | {} of {} |",
            self.engine.name(),
            figures.keystrokes,
            figures.p50,
            figures.p99,
            figures.max,
            figures.p50 / ours.p50,
            figures.p99 / ours.p99,
            figures.first,
            self.build.as_secs_f64(),
            self.index_bytes as f64 / 1e6,
            self.index_bytes as f64 / self.text_bytes as f64,
            figures.resident_kib as f64 / 1024.0,
            figures.right,
            figures.queries,
        )
    }
}
