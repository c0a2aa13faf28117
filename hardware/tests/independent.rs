//! The bytes of a job, read by a reader that shares no code with ours.

mod support;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hardware::printer::simulator::{Pace, Simulator};
use hardware::printer::{Outcome, Printer, Profile, Sheets};
use hardware::simulator::{Bind, Side, read_traffic};
use hardware::slip::{Fonts, Layout, render};
use support::dots;

/// What the reader makes of a job: rows of dots, from the reference's description of `GS v 0` alone. It
/// knows the few commands that a raster job is made of, and refuses any other.
fn rows_of(mut bytes: &[u8]) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    loop {
        bytes = match bytes {
            [] => return rows,
            // DLE EOT n; ESC @; GS V B n; GS ( H with six bytes.
            [0x10, 0x04, _, rest @ ..]
            | [0x1b, b'@', rest @ ..]
            | [0x1d, b'V', b'B', _, rest @ ..]
            | [0x1d, b'(', b'H', 6, 0, _, _, _, _, _, _, rest @ ..] => rest,
            [
                0x1d,
                b'v',
                b'0',
                0,
                width_low,
                width_high,
                height_low,
                height_high,
                rest @ ..,
            ] => {
                let width = usize::from(*width_low) + 256 * usize::from(*width_high);
                let height = usize::from(*height_low) + 256 * usize::from(*height_high);
                let (picture, rest) = rest.split_at(width * height);
                for row in picture.chunks(width) {
                    let dots = row
                        .iter()
                        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
                    rows.push(dots.collect());
                }
                rest
            }
            other => panic!(
                "not a command of a raster job: {:02x?}",
                &other[..other.len().min(8)]
            ),
        };
    }
}

#[test]
fn an_independent_reader_sees_the_simulators_picture_dot_by_dot_and_the_code_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let simulator = Simulator::start(Bind::Tcp(loopback), folder.path(), Pace::Instant).unwrap();
    let traffic = folder.path().join("traffic.jsonl");
    simulator.record(&traffic).unwrap();
    let profile = Profile::by_name("generic-80").unwrap();
    let layout: Layout = serde_json::from_str(include_str!("residence-permit.json")).unwrap();
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
    let rows = rows_of(&sent);
    assert!(rows.len() > 1000);
    assert_eq!(rows, dots(&simulator.state().slips[0]));

    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(rows[0].len(), rows.len(), |x, y| {
        if rows[y][x] { 0 } else { 255 }
    });
    let codes: Vec<String> = picture
        .detect_grids()
        .into_iter()
        .map(|grid| grid.decode().expect("a readable code").1)
        .collect();
    let payload = include_str!("residence-permit.json")
        .lines()
        .find_map(|line| line.trim().strip_prefix("\"payload\": \"")?.strip_suffix("\","))
        .expect("the fixture has a code");
    assert_eq!(codes, [payload]);
}
