//! `simulator printer | scanner | card`: devices that exist only as bytes, for demonstrations and tests.
//!
//! Each prints one JSON line with the address a driver opens, and then runs until it is ended.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use hardware::simulator::Bind;
use hardware::wire::Endpoint;
use hardware::{card, printer, scanner};

/// Devices that exist only as bytes.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    device: Device,
}

#[derive(Subcommand)]
enum Device {
    /// A receipt printer; every cut leaves a PNG. Control: {"set": CONDITION, "after_rows": N},
    /// {"clear": CONDITION}, {}; conditions are paper-out, near-end, cover-open, cutter-error,
    /// recoverable, unrecoverable, offline, silent-proof.
    Printer {
        #[command(flatten)]
        place: Place,
        /// The folder for the slips.
        #[arg(long)]
        out: PathBuf,
        /// Rows a second; without it, paper moves as fast as the bytes come.
        #[arg(long)]
        rows_per_second: Option<u32>,
    },
    /// A QR scanner. Control: {"scan": TEXT}.
    Scanner {
        #[command(flatten)]
        place: Place,
    },
    /// A reader with the example identity card. Control: {"card": "laid" | "away" | "pulled"}.
    Card {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Args)]
struct Place {
    /// Listen on TCP (port 0: any free one). Without it, a pseudo-terminal is opened.
    #[arg(long, value_name = "ADDRESS:PORT")]
    tcp: Option<SocketAddr>,
    /// A Unix socket that takes JSON lines.
    #[arg(long, value_name = "SOCKET")]
    control: Option<PathBuf>,
}

impl Place {
    fn bind(&self) -> Bind {
        self.tcp.map_or(Bind::Pty, Bind::Tcp)
    }
}

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match Arguments::parse().device {
        Device::Printer {
            place,
            out,
            rows_per_second,
        } => {
            let pace = rows_per_second.map_or(
                printer::simulator::Pace::Instant,
                printer::simulator::Pace::RowsPerSecond,
            );
            let mut simulator = printer::simulator::Simulator::start(place.bind(), &out, pace)
                .with_context(|| format!("the printer with its slips in {}", out.display()))?;
            if let Some(path) = &place.control {
                simulator = simulator
                    .with_control(path)
                    .with_context(|| path.display().to_string())?;
            }
            run(simulator.endpoint())
        }
        Device::Scanner { place } => {
            let mut simulator = scanner::simulator::Simulator::start(place.bind()).context("the scanner")?;
            if let Some(path) = &place.control {
                simulator = simulator
                    .with_control(path)
                    .with_context(|| path.display().to_string())?;
            }
            run(simulator.endpoint())
        }
        Device::Card { place } => {
            let mut simulator = card::simulator::Simulator::start(place.bind()).context("the card reader")?;
            if let Some(path) = &place.control {
                simulator = simulator
                    .with_control(path)
                    .with_context(|| path.display().to_string())?;
            }
            run(simulator.endpoint())
        }
    }
}

/// Tells where the device is, and stays.
fn run(endpoint: &Endpoint) -> ! {
    let address = match endpoint {
        Endpoint::Tcp(address) => serde_json::json!({"kind": "tcp", "address": address}),
        Endpoint::Device { path, .. } => {
            serde_json::json!({"kind": "serial", "address": path})
        }
    };
    println!("{address}");
    loop {
        std::thread::park();
    }
}
