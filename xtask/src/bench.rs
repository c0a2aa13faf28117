//! `cargo xtask bench`: what the terminal promises, measured in release.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::cargo::{cargo, step};
use crate::packages::{self, Purpose};

/// The benches of the agent, which is measured in the profile in which terminals get it.
const AGENTS: [&str; 3] = ["delta", "devices", "submissions"];

#[derive(Args)]
pub(crate) struct Options {
    /// Run only the bench of this name
    name: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure(Purpose::Run)?;
    let name = options.name.as_deref();
    if name.is_none_or(|name| AGENTS.contains(&name)) {
        let agent = [
            "bench",
            "--locked",
            "--profile",
            "dist-agent",
            "--package",
            "sync-agent",
        ];
        step("measurements of the agent", named(&mut cargo(&agent), name))?;
    }
    if name.is_none_or(|name| !AGENTS.contains(&name)) {
        step(
            "programs",
            &mut cargo(&["build", "--release", "--workspace", "--bins", "--locked"]),
        )?;
        let others = ["bench", "--locked", "--workspace", "--exclude", "sync-agent"];
        step("measurements", named(&mut cargo(&others), name))?;
    }
    Ok(())
}

fn named<'a>(bench: &'a mut Command, name: Option<&str>) -> &'a mut Command {
    match name {
        Some(name) => bench.args(["--bench", name]),
        None => bench.arg("--benches"),
    }
}
