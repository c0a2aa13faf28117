//! `cargo xtask bench`: what the terminal promises, measured in release.

use anyhow::Result;
use clap::Args;

use crate::cargo::{cargo, step};
use crate::packages::{self, Purpose};

#[derive(Args)]
pub(crate) struct Options {
    /// Run only the bench of this name
    name: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure(Purpose::Run)?;
    step(
        "programs",
        &mut cargo(&["build", "--release", "--workspace", "--bins", "--locked"]),
    )?;
    let mut bench = cargo(&["bench", "--workspace", "--locked"]);
    match &options.name {
        Some(name) => bench.args(["--bench", name]),
        None => bench.arg("--benches"),
    };
    step("measurements", &mut bench)
}
