//! `simulator printer | scanner | card | gpio | replay`: devices that exist only as bytes, for demonstrations and
//! tests.
//!
//! Each prints one JSON line with the address a driver opens, and then runs until it is ended.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use hardware::simulator::{Bind, LineFaults, Plug, Replay, Simulated, read_traffic};
use hardware::slip::Paper;
use hardware::wire::Endpoint;
use hardware::{card, gpio, printer, scanner};
use serde::de::DeserializeOwned;

/// Devices that exist only as bytes.
///
/// Every control socket also takes {"line": {"plug": "in" | "out" | "hung" | "babbling", "lag-ms": N,
/// "drop-every": N, "baud": N}}: how the line is from then on.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    device: Device,
}

#[derive(Subcommand)]
enum Device {
    /// A receipt printer; every cut leaves a PNG, and a text file if it printed text. Control:
    /// {"set": CONDITION, "after_rows": N}, {"clear": CONDITION}, {}; conditions are paper-out, near-end,
    /// cover-open, cutter-error, recoverable, unrecoverable, offline, silent-proof, lagging-replies,
    /// slip-waiting.
    Printer {
        #[command(flatten)]
        place: Place,
        /// The folder for the slips.
        #[arg(long)]
        out: PathBuf,
        /// Rows a second; without it, paper moves as fast as the bytes come.
        #[arg(long)]
        rows_per_second: Option<u32>,
        /// The width of the roll, for text.
        #[arg(long, value_enum, default_value = "mm80")]
        paper: Roll,
        /// Hold cut slips in a bezel until slip-waiting is cleared.
        #[arg(long)]
        bezel: bool,
        /// How many bytes it takes while it cannot print; without it, all that come.
        #[arg(long, value_name = "BYTES")]
        memory: Option<usize>,
        /// A condition that holds from the start; may be given several times.
        #[arg(long, value_name = "CONDITION", value_parser = named::<printer::simulator::Condition>)]
        set: Vec<printer::simulator::Condition>,
    },
    /// A QR scanner. Control: {"scan": TEXT} or {"scan-hex": BYTES}.
    Scanner {
        #[command(flatten)]
        place: Place,
    },
    /// A reader with made-up identity cards. Control: {"card": "laid" | "away" | "pulled", "kind":
    /// "resident" | "expired" | "residence-permit" | "foreign2017" | "foreign2023", "left-card": "hidden" |
    /// "found-again"}.
    Card {
        #[command(flatten)]
        place: Place,
        /// Where the card is at the start.
        #[arg(long, value_parser = named::<card::simulator::Place>)]
        card: Option<card::simulator::Place>,
        /// Which card it is.
        #[arg(long, value_parser = named::<card::example::Example>)]
        kind: Option<card::example::Example>,
    },
    /// A board's pins. Control: {"input": LINE, "level": "high" | "low"}, {}.
    Gpio {
        #[command(flatten)]
        place: Place,
    },
    /// Answers every driver as a device did whose traffic was captured.
    Replay {
        /// Listen on TCP (port 0: any free one). Without it, a pseudo-terminal is opened.
        #[arg(long, value_name = "ADDRESS:PORT")]
        tcp: Option<SocketAddr>,
        /// What --capture wrote.
        traffic: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Roll {
    Mm58,
    Mm80,
}

#[derive(Args)]
struct Place {
    /// Listen on TCP (port 0: any free one). Without it, a pseudo-terminal is opened.
    #[arg(long, value_name = "ADDRESS:PORT")]
    tcp: Option<SocketAddr>,
    /// Put the pseudo-terminal behind this link, as udev does; it goes and comes with the plug.
    #[arg(long, value_name = "PATH", conflicts_with = "tcp")]
    link: Option<PathBuf>,
    /// A Unix socket that takes JSON lines.
    #[arg(long, value_name = "SOCKET")]
    control: Option<PathBuf>,
    /// Write all traffic down, for `simulator replay`.
    #[arg(long, value_name = "FILE")]
    capture: Option<PathBuf>,
    /// How the device is plugged in: in, out, hung or babbling.
    #[arg(long, default_value = "in", value_parser = named::<Plug>)]
    plug: Plug,
    /// What the device says comes so many milliseconds late.
    #[arg(long, default_value_t = 0)]
    lag_ms: u32,
    /// Every so many bytes that the device says, one is lost.
    #[arg(long, default_value_t = 0)]
    drop_every: u32,
    /// The device's speed on the line.
    #[arg(long, default_value_t = 0)]
    baud: u32,
}

/// A value by its name on the control socket, so that both have the same words.
fn named<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|error| error.to_string())
}

impl Place {
    fn bind(&self) -> Bind {
        match (self.tcp, &self.link) {
            (Some(address), _) => Bind::Tcp(address),
            (None, Some(link)) => Bind::PtyAt(link.clone()),
            (None, None) => Bind::Pty,
        }
    }

    /// Makes the line as bad as it was asked to be, has the traffic written down, listens at the control
    /// socket, and tells where the device is.
    fn serve(&self, simulator: impl Simulated) -> anyhow::Result<()> {
        simulator.line().set(LineFaults {
            plug: self.plug,
            lag_ms: self.lag_ms,
            drop_every: self.drop_every,
            baud: self.baud,
        });
        if let Some(path) = &self.capture {
            simulator
                .record(path)
                .with_context(|| path.display().to_string())?;
        }
        let simulator = match &self.control {
            Some(path) => simulator
                .with_control(path)
                .with_context(|| path.display().to_string())?,
            None => simulator,
        };
        run(&simulator.endpoint())
    }
}

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match Arguments::parse().device {
        Device::Printer {
            place,
            out,
            rows_per_second,
            paper,
            bezel,
            memory,
            set,
        } => {
            use printer::simulator::{Bezel, Memory, Model, Pace, Simulator};
            let model = Model {
                paper: match paper {
                    Roll::Mm58 => Paper::Mm58,
                    Roll::Mm80 => Paper::Mm80,
                },
                bezel: if bezel { Bezel::Holds } else { Bezel::None },
                pace: rows_per_second.map_or(Pace::Instant, Pace::RowsPerSecond),
                memory: memory.map_or(Memory::Endless, Memory::Bytes),
            };
            let simulator = Simulator::start_model(place.bind(), &out, model)
                .with_context(|| format!("the printer with its slips in {}", out.display()))?;
            for condition in set {
                simulator.set(condition);
            }
            place.serve(simulator)
        }
        Device::Scanner { place } => {
            use scanner::simulator::Simulator;
            let simulator = Simulator::start(place.bind()).context("the scanner")?;
            place.serve(simulator)
        }
        Device::Card { place, card, kind } => {
            use card::simulator::{Request, Simulator};
            let simulator = Simulator::start(place.bind()).context("the card reader")?;
            simulator.change(Request {
                card,
                kind,
                ..Request::default()
            });
            place.serve(simulator)
        }
        Device::Gpio { place } => {
            use gpio::simulator::Simulator;
            let simulator = Simulator::start(place.bind()).context("the pins")?;
            place.serve(simulator)
        }
        Device::Replay { tcp, traffic } => {
            let exchanges = read_traffic(&traffic)?;
            let replay = Replay::start(tcp.map_or(Bind::Pty, Bind::Tcp), exchanges)?;
            run(&replay.endpoint())
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
        Endpoint::Serial { id, .. } | Endpoint::Usb(id) => {
            serde_json::json!({"kind": "usb", "address": id.to_string()})
        }
    };
    println!("{address}");
    loop {
        std::thread::park();
    }
}
