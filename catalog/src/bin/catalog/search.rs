//! `catalog search`.

use std::io::{BufRead as _, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use catalog::record::{Addressee, Kind, RecordId, ValidityState};
use catalog::search::{Filter, Hit, Index, MatchReason, Query, Results};
use clap::Args;
use serde::Serialize;

#[derive(Args)]
pub(crate) struct Options {
    /// The generation's folder, such as STATE/current
    store: PathBuf,
    /// What a resident types; several words are joined by spaces
    #[arg(required_unless_present = "stdin")]
    query: Vec<String>,
    /// At most so many results
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Only this kind, such as guide or document
    #[arg(long, value_parser = parse_kind)]
    kind: Option<Kind>,
    /// Only this area, by its record's id
    #[arg(long, value_parser = parse_area)]
    area: Option<RecordId>,
    /// Only records of this body, in the source's words
    #[arg(long)]
    body: Option<String>,
    /// Only what is meant for these: person, organisation, public or group
    #[arg(long, value_parser = parse_addressee)]
    addressee: Option<Addressee>,
    /// Only what is in force, as far as the source says
    #[arg(long)]
    in_force: bool,
    /// Print one line of JSON with all that is known of each result
    #[arg(long)]
    json: bool,
    /// Read queries, one a line, and print one line of JSON each
    #[arg(long, conflicts_with_all = ["query", "json"])]
    stdin: bool,
}

fn parse_kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Kind::ALL.into_iter().map(Kind::as_str).collect();
        format!("one of {}", names.join(", "))
    })
}

fn parse_area(id: &str) -> Result<RecordId, String> {
    RecordId::try_from(id).map_err(|error| error.to_string())
}

fn parse_addressee(name: &str) -> Result<Addressee, String> {
    let found = Addressee::ALL
        .into_iter()
        .find(|addressee| addressee.as_str() == name);
    found.ok_or_else(|| {
        let names = Addressee::ALL.map(Addressee::as_str);
        format!("one of {}", names.join(", "))
    })
}

/// One line of `--stdin`.
#[derive(Serialize)]
struct Line<'a> {
    query: &'a str,
    results: Vec<Summary<'a>>,
    /// How long the search took, in millionths of a second.
    micros: u128,
}

#[derive(Serialize)]
struct Summary<'a> {
    id: &'a str,
    kind: &'static str,
    title: &'a str,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let index = Index::open(&options.store).context("the index cannot be opened")?;
    let mut out = std::io::stdout().lock();
    if options.stdin {
        let mut input = std::io::stdin().lock();
        let mut bytes = Vec::new();
        // Bytes, not lines of UTF-8: whatever arrives is a query.
        while input
            .read_until(b'\n', &mut bytes)
            .context("cannot read queries")?
            > 0
        {
            let query = String::from_utf8_lossy(&bytes);
            let query = query.trim_end_matches(['\n', '\r']);
            let (results, micros) = search(&index, options, query);
            let results = results.hits.iter().map(|hit| Summary {
                id: hit.id.as_str(),
                kind: hit.kind.as_str(),
                title: &hit.title,
            });
            let line = Line {
                query,
                results: results.collect(),
                micros,
            };
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
            out.flush()?;
            bytes.clear();
        }
        return Ok(());
    }
    let (results, micros) = search(&index, options, &options.query.join(" "));
    if options.json {
        serde_json::to_writer(&mut out, &results)?;
        writeln!(out)?;
    } else {
        print(&mut out, &results, micros)?;
    }
    Ok(())
}

fn search(index: &Index, options: &Options, text: &str) -> (Results, u128) {
    let query = Query {
        filter: Filter {
            kind: options.kind,
            area: options.area.clone(),
            body: options.body.clone(),
            addressee: options.addressee,
            validity: options.in_force.then_some(ValidityState::InForce),
        },
        limit: options.limit,
        ..Query::new(text)
    };
    let start = Instant::now();
    let results = index.search(&query);
    (results, start.elapsed().as_micros())
}

fn print(out: &mut impl Write, results: &Results, micros: u128) -> Result<()> {
    for hit in &results.hits {
        let article = hit
            .article
            .map(|article| format!(" {article}"))
            .unwrap_or_default();
        writeln!(
            out,
            "{:<14} {:<20} {}{article}{}",
            hit.kind.as_str(),
            hit.id.as_str(),
            hit.title,
            why(hit)
        )?;
        if let Some(snippet) = &hit.snippet {
            writeln!(out, "{:36}{}", "", snippet.text)?;
        }
    }
    if let Some(suggestion) = &results.suggestion {
        writeln!(out, "did you mean {suggestion}?")?;
    }
    let counts: Vec<_> = results
        .counts
        .iter()
        .map(|(kind, count)| format!("{} {count}", kind.as_str()))
        .collect();
    writeln!(
        out,
        "{} found ({}) in {micros} µs",
        results.total,
        counts.join(", ")
    )?;
    Ok(())
}

fn why(hit: &Hit) -> String {
    let (what, name) = match &hit.reason {
        MatchReason::Title => return String::new(),
        MatchReason::Text => return "  [text]".to_owned(),
        MatchReason::Alias(name) => ("alias", name),
        MatchReason::Said(name) => ("said", name),
        MatchReason::Synonym(name) => ("means", name),
        MatchReason::Pinyin(name) => ("pinyin", name),
        MatchReason::Similar(name) => ("similar", name),
        MatchReason::English(name) => ("English", name),
        MatchReason::DocumentNumber(name) => ("number", name),
        MatchReason::Code(name) => ("code", name),
        MatchReason::Context(name) => ("in", name),
    };
    format!("  [{what} {name}]")
}
