//! What a keystroke costs, beside what plain engines take for the same: the content set, and with `CORPUS`
//! also the load corpus of 148,000 articles of law.
//!
//! Every prefix of every query of the relevance set is searched as the kiosk does, all channels on. Times
//! are CPU time, so that a busy machine does not blur them: of the thread for a keystroke, of the whole
//! process for building and for the first query, which counts from the start of a new process. Each engine
//! is measured in a process of its own: this program, started with `--measure ENGINE FOLDER`.
//!
//! `CORPUS` is a folder with `law_articles.jsonl.gz`; without it that part is skipped with a message.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up has failed")]

mod engine;
mod laws;
mod measure;
mod ours;
mod passages;
mod trigram;
mod words;

use std::path::{Path, PathBuf};

use cpu_time::ProcessTime;

use crate::engine::EngineKind;
use crate::measure::{Figures, Measured};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, option, engine, folder] = arguments.as_slice()
        && option == "--measure"
    {
        let engine = EngineKind::named(engine).unwrap();
        let figures = measure::in_this_process(engine, Path::new(folder));
        println!("{}", serde_json::to_string(&figures).unwrap());
        return;
    }
    let mut records = catalog::source::load(&repository().join("hub/sample"))
        .unwrap()
        .records;
    report("the content set", &records);
    match std::env::var_os("CORPUS").map(PathBuf::from) {
        Some(corpus) => {
            records.extend(laws::load(&corpus));
            report("the content set and the load corpus", &records);
        }
        None => println!("\nthe load corpus is skipped: set CORPUS to its folder"),
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn report(content: &str, records: &[catalog::record::Record]) {
    let passages = records.iter().map(|record| passages::of(record).len());
    println!(
        "\n{content}: {} records, {} passages\n\n{}",
        records.len(),
        passages.sum::<usize>(),
        Measured::HEADER
    );
    let mut ours: Option<Figures> = None;
    for engine in EngineKind::ALL {
        let folder = tempfile::tempdir().unwrap();
        let text_bytes = engine.prepare(folder.path(), records);
        let start = ProcessTime::now();
        engine.build(folder.path(), records);
        let measured = Measured {
            engine,
            build: start.elapsed(),
            index_bytes: engine.index_bytes(folder.path()),
            text_bytes,
            figures: measure::in_a_new_process(engine, folder.path()),
        };
        let ours = ours.get_or_insert_with(|| measured.figures.clone());
        println!("{}", measured.row(ours));
    }
}
