//! `cargo xtask test`: everything that must hold.

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
    // Whole-system tests start the real programs, which `cargo test` alone would not build.
    step(
        "programs",
        &mut cargo(&["build", "--workspace", "--bins", "--locked"]),
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
    step(
        "power cuts",
        &mut cargo(&[
            "test",
            "--package=hub",
            "--package=sync-agent",
            "--features=hub/failpoints,sync-agent/failpoints",
            "--test=power_cut",
            "--locked",
        ]),
    )
}
