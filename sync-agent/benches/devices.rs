//! What the devices cost, measured in release on the sample's content: a table of figures beside their
//! floors. Nothing is asserted; machines differ. What a slip takes is the thread's own time: other work on
//! the machine does not count.

#[path = "../tests/support/card_steps.rs"]
mod card_steps;
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "../tests/support/terminal.rs"]
mod terminal;

use std::path::Path;
use std::time::{Duration, Instant};

use catalog::record::Record;
use cpu_time::ThreadTime;
use hardware::card::simulator::{Place, Request};
use hardware::printer::simulator::{Model, Pace};
use hardware::scanner::simulator::Simulator as Scanner;
use hardware::simulator::{Bind, LineFaults, Plug, Simulated as _};
use hardware::slip::{Fonts, Paper, Size, render};
use sync_agent::print::compose;
use terminal::{Bench, LOOPBACK, until};
use terminal_api::interface::{CardStage, Consent, DeviceKind, DeviceState, PrinterState};

/// How long the idle agent is looked at.
const IDLE: Duration = Duration::from_secs(30);

fn figure(what: &str, measured: &str, promised: &str) {
    println!("{what:<44} {measured:>24}   {promised}");
}

#[tokio::main]
async fn main() {
    raster();
    let mut bench = Bench::with_sample().await;
    bench.name_hub();
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    let by_id = bench.path("by-id-scanner");
    let scanner = bench.plug_scanner(Bind::PtyAt(by_id.clone()));
    let _board =
        bench.plug_gpio("presence = { line = 17 }\ndoor = { line = 27 }\nheartbeat = { line = 16 }\n");
    let reader = bench.plug_card_reader(LOOPBACK);
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    for kind in [DeviceKind::Scanner, DeviceKind::CardReader, DeviceKind::Gpio] {
        bench.until_device(kind, DeviceState::Ready).await;
    }
    idle(&bench).await;
    replug(&bench, &scanner, &by_id).await;

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

/// A scanner that was away so long that the agent pauses ten seconds between two tries.
async fn replug(bench: &Bench, scanner: &Scanner, by_id: &Path) {
    let plug = |plug| {
        scanner.line().set(LineFaults {
            plug,
            ..LineFaults::default()
        });
    };
    plug(Plug::Out);
    until("the link to go", || !by_id.exists());
    bench.until_device(DeviceKind::Scanner, DeviceState::Away).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    plug(Plug::In);
    until("the link to come", || by_id.exists());
    let there = Instant::now();
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    figure(
        "a scanner plugged in again to ready",
        &format!("{:.0} ms", there.elapsed().as_secs_f64() * 1000.0),
        "≤ 500 ms",
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
    let mut times = Vec::new();
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
        let start = ThreadTime::now();
        let slip = render(&layout, Paper::Mm80, &fonts).expect("its code fits");
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        rows = slip.sheets.iter().map(hardware::slip::Bitmap::height).sum();
    }
    // The first slip draws every glyph; those after it know them.
    let again = times[1..].iter().copied().fold(0.0, f64::max);
    figure(
        "raster of a guide at 576 dots, the first",
        &format!("{:.1} ms ({rows} rows)", times[0]),
        "≤ 30 ms",
    );
    figure("the same again, max of 19", &format!("{again:.1} ms"), "≤ 30 ms");
}

/// The agent with four devices, the sample's content and a hub that does not answer, and nothing to do.
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
    let [all, own, mapped] =
        ["VmRSS", "RssAnon", "RssFile"].map(|field| format!("{:.1}", bench.memory(field) as f64 / 1e6));
    figure(
        "idle agent with four devices, memory",
        &format!("{all} MB ({own} own, {mapped} of files)"),
        "≤ 15 MB",
    );
}
