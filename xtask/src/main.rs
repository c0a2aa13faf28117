//! `cargo xtask`: the commands of a developer's day.

mod bench;
mod cargo;
mod demo;
mod fleet;
mod packages;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer commands of the terminal")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Publish the sample, start a whole terminal and let you (or a scripted resident) use it
    Demo(demo::Options),
    /// Everything that must hold: format, lints, tests, documentation
    Test(test::Options),
    /// Measure what the terminal promises: start-up, redraw, pull, search, slip
    Bench(bench::Options),
    /// Let thousands of terminals live through a day, and show what reaches the origin
    Fleet(fleet::Options),
    /// Install the system packages that building, testing and the demo need
    Setup,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Fleet(options) => fleet::run(&options),
        Command::Setup => packages::ensure(packages::Purpose::Test),
    }
}
