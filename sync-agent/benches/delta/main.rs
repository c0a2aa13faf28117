//! What an update costs: a release of 100,000 records with 0.1 % of them changed.
//!
//! Beside our row delta, in the same run: the whole file by zstd, `zstd --patch-from`, and casync where it is installed. Prints a
//! table of bytes, processor time and peak memory, and fails where the row delta misses its floors: at most 1.15 times the
//! changed rows by zstd at level 19, applied in at most 0.5 s of one core and 24 MB.

mod content;
mod measure;
mod ways;

use std::process::ExitCode;

use anyhow::{Context as _, Result};

/// Bytes, as a factor of the changed rows by zstd at level 19.
const MOST_BYTES: f64 = 1.15;
/// Processor time to apply, in seconds.
const MOST_SECONDS: f64 = 0.5;
/// Peak memory to apply, in bytes.
const MOST_MEMORY: u64 = 24_000_000;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "apply") {
        // In a process of its own, so that nothing else counts.
        let path = arguments
            .get(place + 1)
            .context("the folder to apply in is named")?;
        measure::print_own_cost(|| ways::apply_row_delta(path.as_ref()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let release = content::write(folder.path())?;
    println!(
        "{} records, {} changed, {:.1} MB; the changed rows by zstd -19: {} bytes",
        release.rows,
        release.changed,
        release.store_length as f64 / 1e6,
        release.floor
    );
    println!("{:<28}{:>14}{:>12}{:>12}", "way", "bytes", "CPU s", "peak MB");
    let ours = ways::row_delta(&release)?;
    print_row("row delta", &ours);
    for (name, cost) in [
        ("whole file, zstd -19", ways::whole(&release)?),
        ("zstd --patch-from -19", ways::patch_from(&release)?),
        ("casync", ways::casync(&release)?),
    ] {
        match cost {
            Some(cost) => print_row(name, &cost),
            None => println!("{name:<28}{:>14}", "not installed"),
        }
    }
    let factor = ours.bytes as f64 / release.floor as f64;
    println!("row delta: {factor:.3} times the changed rows by zstd -19");
    let holds = factor <= MOST_BYTES && ours.seconds <= MOST_SECONDS && ours.memory <= MOST_MEMORY;
    if holds {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("above the floors: {MOST_BYTES} times, {MOST_SECONDS} s, {MOST_MEMORY} bytes");
    Ok(ExitCode::FAILURE)
}

fn print_row(name: &str, cost: &measure::Cost) {
    println!(
        "{name:<28}{:>14}{:>12.3}{:>12.1}",
        cost.bytes,
        cost.seconds,
        cost.memory as f64 / 1e6
    );
}
