//! The bytes of a job, read by a renderer that shares no code with ours.

mod support;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use escpost_profiles::resolver;
use escpost_render::MonoSurface;
use hardware::printer::simulator::{Pace, Simulator};
use hardware::printer::{Outcome, Printer, Profile, Sheets};
use hardware::simulator::{Bind, Side, Simulated as _, read_traffic};
use hardware::slip::{Fonts, Layout, render};
use support::dots;

const LAYOUT: &str = include_str!("residence-permit.json");

/// What a driver sent for one job, from `ESC @` up to the request for an echo. The questions before and
/// after it (`DLE EOT`, `GS ( H`) are of no concern to paper, and the renderer knows neither.
fn job(sent: &[u8]) -> &[u8] {
    const REQUEST: &[u8] = b"\x1d(H\x06\x00\x30\x30";
    let start = sent.windows(2).position(|window| window == b"\x1b@");
    let end = sent.windows(REQUEST.len()).rposition(|window| window == REQUEST);
    &sent[start.expect("a job")..end.expect("a request for its proof")]
}

fn rows(sheet: &MonoSurface) -> Vec<Vec<bool>> {
    let row = |y| (0..sheet.width()).map(|x| sheet.is_printed(x, y)).collect();
    (0..sheet.height()).map(row).collect()
}

#[test]
fn an_independent_renderer_sees_the_simulators_picture_dot_by_dot_and_the_code_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let simulator = Simulator::start(Bind::Tcp(loopback), folder.path(), Pace::Instant).unwrap();
    let traffic = folder.path().join("traffic.jsonl");
    simulator.record(&traffic).unwrap();
    let profile = Profile::by_name("generic-80").unwrap();
    let layout: Layout = serde_json::from_str(LAYOUT).unwrap();
    let slip = render(&layout, profile.paper, &Fonts::system().unwrap()).unwrap();
    let mut printer = Printer::new(simulator.endpoint(), profile.clone());
    let outcome = printer.print(&Sheets::Raster(slip.sheets), |_| {});
    assert!(matches!(outcome, Outcome::Proven { .. }), "{outcome:?}");

    let sent: Vec<u8> = read_traffic(&traffic)
        .unwrap()
        .into_iter()
        .filter(|exchange| exchange.from == Side::Driver)
        .flat_map(|exchange| exchange.bytes)
        .collect();
    // A virtual printer of 576 dots at 203 dpi that follows the makers' reference.
    let reference = resolver::resolve("REFERENCE").unwrap();
    let rendered = escpost_render::render(job(&sent), reference).unwrap();
    assert_eq!(rendered.warnings, []);
    assert_eq!(rendered.sheets.len(), 1);
    let mut rows = rows(&rendered.sheets[0].surface);
    let simulated = dots(&simulator.state().slips[0]);
    assert!(simulated.len() > 1000);
    // `GS V B` feeds the slip up to the cutter, which this renderer draws.
    let fed = rows.split_off(simulated.len());
    assert!(fed.iter().flatten().all(|black| !black));
    assert_eq!(rows, simulated);

    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(rows[0].len(), rows.len(), |x, y| {
        if rows[y][x] { 0 } else { 255 }
    });
    let codes: Vec<String> = picture
        .detect_grids()
        .into_iter()
        .map(|grid| grid.decode().expect("a readable code").1)
        .collect();
    let payload = LAYOUT
        .lines()
        .find_map(|line| line.trim().strip_prefix("\"payload\": \"")?.strip_suffix("\","))
        .expect("the fixture has a code");
    assert_eq!(codes, [payload]);
}
