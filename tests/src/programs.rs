//! The workspace's programs as child processes.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long anything in a test may take before it counts as hung; machines are shared and noisy.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// The path of a program of this workspace, beside the running test.
///
/// # Panics
/// When the program was not built; `cargo xtask test` builds all of them first.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("the running program has a path");
    let folder = own
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps"))
        .expect("it lies in a folder");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: run `cargo build --workspace --bins`",
        path.display()
    );
    path
}

/// A running program; dropping it ends it.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    /// Starts `name` with `arguments`; its log goes to the file `log`.
    pub fn start<S: AsRef<std::ffi::OsStr>>(name: &str, arguments: &[S], log: &Path) -> Result<Self> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let mut child = Command::new(path(name))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Ok(Self {
            name: name.to_owned(),
            child,
            stdout,
        })
    }

    /// The next line the program prints: programs say where they listen.
    pub fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stdout.read_line(&mut line)? == 0 {
            bail!(
                "{} ended without saying where it listens: {:?}",
                self.name,
                self.child.wait()?
            );
        }
        Ok(line.trim_end().to_owned())
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program at once, as a power cut would.
    pub fn kill(&mut self) {
        let _already_ended = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a program to its end and returns what it printed.
pub fn run<S: AsRef<std::ffi::OsStr>>(name: &str, arguments: &[S]) -> Result<String> {
    let output = Command::new(path(name))
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        bail!(
            "{name} ended with {}:\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Asks `probe` until it answers something or [`PATIENCE`] runs out.
pub fn eventually<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = probe() {
            return Ok(found);
        }
        if start.elapsed() > PATIENCE {
            bail!("waited {} s in vain for {what}", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
