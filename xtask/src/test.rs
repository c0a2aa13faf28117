//! `cargo xtask test`: everything that must hold.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::cargo::{cargo, has_subcommand, step};
use crate::packages::{self, Purpose};

#[derive(Args)]
pub(crate) struct Options {
    /// Run only the tests whose names contain this, and skip the other gates
    filter: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure(Purpose::Test)?;
    if options.filter.is_none() {
        step("format", &mut cargo(&["fmt", "--all", "--check"]))?;
        step(
            "lints",
            &mut cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                // With the points at which tests cut the power, which are code as well.
                "--features=hub/failpoints,sync-agent/failpoints",
                "--locked",
                "--",
                "--deny",
                "warnings",
            ]),
        )?;
        step(
            "documentation",
            cargo(&[
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
                "--locked",
            ])
            .env("RUSTDOCFLAGS", "--deny warnings"),
        )?;
        if has_subcommand("deny") {
            step(
                "licences",
                &mut cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"]),
            )?;
        }
    }
    // Whole-system tests start the real programs, some of which `cargo test` alone would not build. Built together
    // with the tests, both share their libraries.
    step(
        "programs and tests",
        &mut cargo(&["build", "--workspace", "--bins", "--tests", "--locked"]),
    )?;
    tests(options.filter.as_deref())
}

fn tests(filter: Option<&str>) -> Result<()> {
    let mut arguments = if has_subcommand("nextest") {
        vec!["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]
    } else {
        vec!["test", "--workspace", "--locked", "--no-fail-fast"]
    };
    arguments.extend(filter);
    step("tests", &mut cargo(&arguments))?;
    if filter.is_some() {
        return Ok(());
    }
    // Killing at every durable step needs points that a usual build does not have.
    let mut power_cuts = cargo(&[
        "test",
        // Not two packages alone: fewer features of their libraries would mean to compile most of them again.
        "--workspace",
        "--features=hub/failpoints,sync-agent/failpoints",
        "--test=power_cut",
        "--locked",
    ]);
    // What is killed is a process: nothing is lost by leaving the disk, and its thousands of barriers, out of it.
    if has_room(IN_MEMORY) {
        power_cuts.env("TMPDIR", IN_MEMORY);
    }
    step("power cuts", &mut power_cuts)
}

/// A file system in memory.
const IN_MEMORY: &str = "/dev/shm";

/// Whether a folder is there with a gibibyte to spare; in a container it may have much less.
fn has_room(folder: &str) -> bool {
    let output = Command::new("df")
        .args(["--output=avail", "--block-size=1M", folder])
        .output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout);
        let free = text
            .lines()
            .nth(1)
            .and_then(|line| line.trim().parse::<u64>().ok());
        free.is_some_and(|mebibytes| mebibytes >= 1024)
    })
}
