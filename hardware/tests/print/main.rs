//! A job from the driver to the paper, over a real socket or terminal, with the simulator at the other end.

#[path = "../support/mod.rs"]
mod support;

mod bad_line;
mod models;
mod proof;
mod text_mode;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use hardware::printer::simulator::{Pace, Simulator};
use hardware::printer::{Printer, Profile, Sheets};
use hardware::simulator::{Bind, Simulated as _};
use hardware::slip::{Bitmap, Element, Fonts, Layout, Paper, Size, TextStyle, render};

const LOOPBACK: Bind = Bind::Tcp(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0));

fn layout() -> Layout {
    let words = "到其他城市居住半年以上，有合法稳定就业、合法稳定住所、连续就读之一。".repeat(4);
    Layout {
        size: Size::Normal,
        elements: vec![
            Element::Title {
                text: "居住证申领".into(),
            },
            Element::Paragraph {
                text: words,
                style: TextStyle::Body,
            },
        ],
    }
}

fn pictures(paper: Paper) -> Vec<Bitmap> {
    render(&layout(), paper, &Fonts::system().expect("fonts"))
        .expect("a slip")
        .sheets
}

fn slip(paper: Paper) -> Sheets {
    Sheets::Raster(pictures(paper))
}

/// Waits until something holds.
fn eventually(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_mins(1), "waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn profile(name: &str) -> Profile {
    Profile::by_name(name).expect("a profile").clone()
}

fn start(folder: &Path, bind: Bind) -> (Simulator, Printer) {
    let simulator = Simulator::start(bind, folder, Pace::Instant).expect("a port");
    let printer = Printer::new(simulator.endpoint(), profile("generic-80"));
    (simulator, printer)
}
