//! `cargo xtask fleet`: a day of thousands of terminals.

use anyhow::Result;
use clap::Args;

use crate::cargo::{cargo, step};
use crate::packages::{self, Purpose};

#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Options {
    /// Passed on; see `cargo xtask fleet --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure(Purpose::Test)?;
    let mut fleet = cargo(&["run", "--release", "--package", "fleet", "--locked", "--"]);
    step("fleet", fleet.args(&options.arguments))
}
