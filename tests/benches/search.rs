//! What a keystroke costs: the content set, and with `CORPUS` also the load corpus of 148,000 articles.
//!
//! Every prefix of every query of the relevance set is searched as the kiosk does, all channels on. Times
//! are of this thread's CPU, so that a busy machine does not blur them.
//!
//! `CORPUS` is a folder with `law_articles.jsonl.gz`; without it that part is skipped with a message.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up has failed")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog::clock::{Clock as _, SystemClock};
use catalog::record::Record;
use catalog::search::{FOLDER, Index, Query};
use catalog::store::{self, Meta, Row, SCHEMA, Store};
use cpu_time::{ProcessTime, ThreadTime};

fn main() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let records = catalog::source::load(&repository.join("hub/sample"))
        .unwrap()
        .records;
    let queries = queries(&repository.join("tests/relevance/queries.jsonl"));
    println!(
        "{} queries, {} keystrokes, warm",
        queries.len(),
        keystrokes(&queries).count()
    );
    println!("{}", Measured::HEADER);
    println!("{}", measure("content set", &records, &queries));
    match std::env::var_os("CORPUS").map(PathBuf::from) {
        Some(corpus) => {
            let mut all = records;
            all.extend(laws::load(&corpus));
            println!("{}", measure("with the load corpus", &all, &queries));
        }
        None => println!("the load corpus is skipped: set CORPUS to its folder"),
    }
}

/// The texts after each keystroke.
fn keystrokes(queries: &[String]) -> impl Iterator<Item = &str> {
    queries.iter().flat_map(|query| {
        query
            .char_indices()
            .map(|(at, character)| &query[..at + character.len_utf8()])
    })
}

fn queries(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let query = |line: &str| -> String {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        case["query"].as_str().unwrap().to_owned()
    };
    text.lines().map(query).collect()
}

struct Measured {
    name: String,
    records: usize,
    build: Duration,
    index_bytes: u64,
    text_bytes: usize,
    open: Duration,
    first: Duration,
    each: Vec<Duration>,
    resident_kib: u64,
}

impl Measured {
    const HEADER: &'static str = "| what | records | build s | index MB | of the text | open ms | first ms | p50 ms | p99 ms | max ms | resident MB |\n\
                                  | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |";
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let at = |share: f64| ms(self.each[((self.each.len() - 1) as f64 * share) as usize]);
        write!(
            f,
            "| {} | {} | {:.2} | {:.1} | {:.2} | {:.2} | {:.2} | {:.3} | {:.3} | {:.3} | {:.1} |",
            self.name,
            self.records,
            self.build.as_secs_f64(),
            self.index_bytes as f64 / 1e6,
            self.index_bytes as f64 / self.text_bytes as f64,
            ms(self.open),
            ms(self.first),
            at(0.5),
            at(0.99),
            at(1.0),
            self.resident_kib as f64 / 1024.0,
        )
    }
}

fn measure(name: &str, records: &[Record], queries: &[String]) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let meta = Meta {
        generation: 1,
        schema: SCHEMA,
        published_at: SystemClock.now(),
        public_url: None,
    };
    let rows = Row::in_order(records);
    let text_bytes = rows.iter().map(|row| row.body.len()).sum();
    store::build(&folder.path().join(store::FILE_NAME), &meta, &rows).unwrap();
    drop(rows);
    let store = Store::open(folder.path()).unwrap();
    // Of the whole process: tantivy writes on a thread of its own.
    let start = ProcessTime::now();
    Index::build(folder.path(), &store).unwrap();
    let build = start.elapsed();
    let files = std::fs::read_dir(folder.path().join(FOLDER)).unwrap();
    let index_bytes = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();

    let before = resident_kib();
    let start = ThreadTime::now();
    let index = Index::open(folder.path()).unwrap();
    let open = start.elapsed();
    let time = |text: &str| {
        let query = Query::new(text);
        let start = ThreadTime::now();
        std::hint::black_box(index.search(&query));
        start.elapsed()
    };
    let first = time("社会保险");
    keystrokes(queries).for_each(|text| {
        time(text);
    });
    let mut each: Vec<_> = keystrokes(queries).map(time).collect();
    each.sort_unstable();
    Measured {
        name: name.to_owned(),
        records: records.len(),
        build,
        index_bytes,
        text_bytes,
        open,
        first,
        each,
        resident_kib: resident_kib().saturating_sub(before),
    }
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

#[path = "search/laws.rs"]
mod laws;
