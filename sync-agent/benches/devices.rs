//! What the devices cost, measured in release on the sample's content: a table of figures beside their
//! floors. Nothing is asserted; machines differ.

#[path = "../tests/support/mod.rs"]
mod support;
#[path = "../tests/support/terminal.rs"]
mod terminal;

use std::path::Path;
use std::time::{Duration, Instant};

use catalog::record::Record;
use hardware::card::simulator::{Place, Request};
use hardware::printer::simulator::{Model, Pace};
use hardware::slip::{Fonts, Paper, Size, render};
use sync_agent::print::compose;
use terminal::{Bench, LOOPBACK};
use terminal_api::interface::{CardStage, Consent, DeviceKind, DeviceState, PrinterState};

/// How long the idle agent is looked at.
const IDLE: Duration = Duration::from_secs(30);

fn figure(what: &str, measured: &str, promised: &str) {
    println!("{what:<44} {measured:>24}   {promised}");
}

#[tokio::main]
async fn main() {
    raster();
    let mut bench = Bench::new().await;
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    let _scanner = bench.plug_scanner(LOOPBACK);
    let _board =
        bench.plug_gpio("presence = { line = 17 }\ndoor = { line = 27 }\nheartbeat = { line = 16 }\n");
    let reader = bench.plug_card_reader(LOOPBACK);
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    for kind in [DeviceKind::Scanner, DeviceKind::CardReader, DeviceKind::Gpio] {
        bench.until_device(kind, DeviceState::Ready).await;
    }
    idle(&bench).await;

    let mut slowest = Duration::ZERO;
    for _ in 0..10 {
        reader.place(Place::Away);
        let mut steps = bench.read_card(Consent::Given);
        while steps.stage().await != CardStage::Waiting {}
        // The card of before counts as lifted.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let before = reader.change(Request::default()).reads;
        reader.place(Place::Laid);
        let answered = tokio::task::block_in_place(|| {
            while reader.change(Request::default()).reads == before {
                std::hint::spin_loop();
            }
            Instant::now()
        });
        while steps.stage().await != CardStage::Read {}
        slowest = slowest.max(answered.elapsed());
    }
    let millis = slowest.as_secs_f64() * 1000.0;
    figure(
        "card's last byte to the caller, max of 10",
        &format!("{millis:.1} ms"),
        "≤ 20 ms",
    );
}

/// Composes and renders the sample's longest everyday slip at 576 dots.
fn raster() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let guide = catalog::source::load(&sample)
        .expect("the sample")
        .records
        .into_iter()
        .find(|record| record.id().as_str() == "guide-006");
    let guide: Record = guide.expect("the sample has guide-006");
    let fonts = Fonts::system().expect("the fonts are installed");
    let mut slowest = Duration::ZERO;
    let mut rows = 0;
    for _ in 0..20 {
        let request = compose::Request {
            records: std::slice::from_ref(&guide),
            article: None,
            ticks: &[],
            language: catalog::Language::Zh,
            size: Size::Normal,
        };
        let context = compose::Context {
            place: "苏州工业园区·斜塘街道",
            public_url: None,
            as_of: jiff::civil::date(2026, 11, 22),
            signature: catalog::release::Signature::Verified,
            printed_at: jiff::civil::date(2026, 11, 23).at(9, 41, 0, 0),
            area: &|_| Some("户籍管理".to_owned()),
        };
        let layout = compose::compose(&request, &context).expect("a guide can be printed");
        let start = Instant::now();
        let slip = render(&layout, Paper::Mm80, &fonts).expect("its code fits");
        slowest = slowest.max(start.elapsed());
        rows = slip.sheets.iter().map(hardware::slip::Bitmap::height).sum();
    }
    let millis = slowest.as_secs_f64() * 1000.0;
    figure(
        "raster of a guide at 576 dots, max of 20",
        &format!("{millis:.1} ms ({rows} rows)"),
        "≤ 30 ms",
    );
}

/// The agent with four devices and nothing to do.
async fn idle(bench: &Bench) {
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = bench.processor_time();
    tokio::time::sleep(IDLE).await;
    let used = bench.processor_time().saturating_sub(before);
    let share = used.as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    figure(
        "idle agent with four devices, processor",
        &format!("{share:.2} % of a core"),
        "≤ 0.5 %",
    );
    let megabytes = bench.resident_bytes() as f64 / 1e6;
    figure(
        "idle agent with four devices, memory",
        &format!("{megabytes:.1} MB resident"),
        "≤ 15 MB",
    );
}
