//! What the terminal promises, measured in release on the sample content: a table of figures beside their
//! floors. Nothing is asserted; machines differ.
//!
//! The same program, started with `--first-frame CONFIG`, is the kiosk whose start is measured.

mod panel;
mod screen;
mod slip;

use std::time::Instant;

use anyhow::Result;
use catalog::search::{Index, Query};
use system_tests::terminal::{PublicAddress, Terminal};

/// A figure beside what was promised.
struct Figure {
    what: &'static str,
    measured: String,
    promised: &'static str,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, option, config] = arguments.as_slice()
        && option == "--first-frame"
    {
        return screen::first_frame(config.as_ref());
    }
    let folder = tempfile::tempdir()?;
    let mut terminal = Terminal::publish(folder.path())?;
    terminal.serve()?;
    let start = Instant::now();
    terminal.pull()?;
    let pull = start.elapsed();
    let config = terminal.configure(PublicAddress::Hub)?;
    terminal.prepare_input()?;

    let mut figures = vec![Figure {
        what: "pull from loopback to switched",
        measured: format!("{:.2} s", pull.as_secs_f64()),
        promised: "≤ 5 s",
    }];
    figures.extend(screen::measure(&config)?);
    figures.push(search(&terminal)?);
    figures.push(slip::measure(&terminal)?);
    for figure in figures {
        println!(
            "{:<36} {:>24}   {}",
            figure.what, figure.measured, figure.promised
        );
    }
    Ok(())
}

/// Every prefix of the name of every guide, as a resident types it.
fn search(terminal: &Terminal) -> Result<Figure> {
    let current = terminal.path("state/current");
    let index = Index::open(&current)?;
    let store = catalog::store::Store::open(&current)?;
    let guides = store.list(&catalog::store::Filter {
        kind: Some(catalog::record::Kind::Guide),
        ..Default::default()
    })?;
    let mut micros = Vec::new();
    for guide in guides {
        let ends = guide
            .title
            .char_indices()
            .map(|(at, character)| at + character.len_utf8());
        for end in ends {
            let query = Query::new(&guide.title[..end]);
            let start = Instant::now();
            std::hint::black_box(index.search(&query));
            micros.push(start.elapsed().as_micros());
        }
    }
    micros.sort_unstable();
    let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize] as f64 / 1000.0;
    Ok(Figure {
        what: "search per keystroke, p50 / p99",
        measured: format!("{:.2} / {:.2} ms", at(0.5), at(0.99)),
        promised: "p99 ≤ 20 ms",
    })
}
