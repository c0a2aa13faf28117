//! Running cargo and other programs so that a failure says what failed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The workspace's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lives one folder below the workspace root")
}

/// A cargo command in the workspace's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// A program of the workspace that was built before, in the folder that this program was built into.
pub(crate) fn program(name: &str) -> Command {
    let own = std::env::current_exe().expect("the running program has a path");
    let mut command = Command::new(own.with_file_name(name));
    command.current_dir(root());
    command
}

/// Whether `cargo NAME` exists on this machine.
pub(crate) fn has_subcommand(name: &str) -> bool {
    cargo(&[name, "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Says what is run, runs it, and fails when it fails.
pub(crate) fn step(title: &str, command: &mut Command) -> Result<()> {
    println!("\n== {title}");
    let status = command
        .status()
        .with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{title}: {command:?} ended with {status}");
    }
    Ok(())
}
