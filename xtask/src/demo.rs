//! `cargo xtask demo`: a whole terminal on this machine.

use anyhow::Result;
use clap::Args;

use crate::cargo::{cargo, program, step};
use crate::packages::{self, Purpose};

#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Options {
    /// Passed on; see `cargo xtask demo --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure(Purpose::Run)?;
    step(
        "programs",
        &mut cargo(&["build", "--workspace", "--bins", "--locked"]),
    )?;
    step("demo", program("demo").args(&options.arguments))
}
