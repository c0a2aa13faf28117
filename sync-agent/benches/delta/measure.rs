//! What a process costs.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

/// What a way from one generation to the next costs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// Bytes to fetch.
    pub(crate) bytes: u64,
    /// Processor time to apply, in seconds.
    pub(crate) seconds: f64,
    /// Peak memory to apply, in bytes.
    pub(crate) memory: u64,
}

/// Does the work and prints what it cost this process.
pub(crate) fn print_own_cost(work: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = cpu_time::ProcessTime::now();
    work()?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{seconds} {}",
        peak("self".as_ref()).context("this process is running")?
    );
    Ok(())
}

/// Has this program apply a row delta in a process of its own, on one core.
pub(crate) fn apply_in_own_process(folder: &Path) -> Result<(f64, u64)> {
    let output = Command::new(std::env::current_exe()?)
        .arg("apply")
        .arg(folder)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let (seconds, memory) = text.trim().split_once(' ').context("the cost is two numbers")?;
    Ok((seconds.parse()?, memory.parse()?))
}

/// Runs a program to its end and returns its processor time and peak memory; `None` where it is not installed.
pub(crate) fn run(command: &mut Command) -> Result<Option<(f64, u64)>> {
    let mut child = match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (mut seconds, mut memory) = (0.0_f64, 0);
    // Both only grow, so the last look is the whole, but for a millisecond.
    let status = loop {
        seconds = seconds.max(processor(&child).unwrap_or(0.0));
        memory = memory.max(peak(child.id().to_string().as_ref()).unwrap_or(0));
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(Some((seconds, memory)))
}

/// The peak of a process's memory in bytes.
fn peak(process: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process).join("status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// The processor time of a process in seconds, to a hundredth.
fn processor(child: &Child) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // Behind the name, which may hold anything: field 14 and 15 of all, in ticks of a hundredth.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
