//! The scanner: noise, foreign codes and a pulled plug.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hardware::scanner::simulator::Simulator as Scanner;
use hardware::simulator::{Bind, Plug, Simulated as _};
use terminal_api::interface::{Change, Code, CodeKind, DeviceKind, DeviceState, Scan, Trouble};

use crate::terminal::{Bench, LOOPBACK, PATIENCE, until};
use crate::{GOOD, plug};

/// What was scanned that means something, in order.
fn told(bench: &Bench) -> Vec<Change> {
    let is_scan = |change: &Change| matches!(change, Change::Scan(_) | Change::Code(_));
    let changes = bench.events().into_iter().map(|event| event.change);
    changes.filter(is_scan).collect()
}

fn guide() -> Change {
    Change::Scan(Scan {
        record: "guide-006".to_owned(),
    })
}

/// Scans until it means something: what a line said before may have spoilt the first, and a scanner gone wild
/// is heard again only after a while.
async fn scan_until_told(bench: &Bench, scanner: &Scanner, code: &str, change: &Change) {
    let start = Instant::now();
    while told(bench).last() != Some(change) {
        assert!(start.elapsed() < PATIENCE, "{:?}", told(bench));
        scanner.scan(code.as_bytes());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_all_that_can_be_scanned_only_own_codes_come_through() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(LOOPBACK);
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    for rubbish in [
        &b"https://evil.example/i/guide-006"[..],
        b"WIFI:T:WPA;S:home;P:secret;;",
        b"\x1b]0;title\x07\x00\x01",
        &[0xff, 0xfe, 0x80],
        &[b'x'; 4000],
        b"guide-999",
    ] {
        scanner.scan(rubbish);
        // One a second is always heard.
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    scanner.scan("\u{202e}guide-006\u{200b}".as_bytes());
    until("the one own code", || !told(&bench).is_empty());
    assert_eq!(told(&bench), [guide()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_babbles_means_nothing_and_is_heard_again_afterwards() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(LOOPBACK);
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    scanner.line().set(plug(Plug::Babbling));
    tokio::time::sleep(Duration::from_secs(2)).await;
    scanner.line().set(GOOD);
    assert_eq!(told(&bench), []);
    scan_until_told(&bench, &scanner, "guide-006", &guide()).await;
    // The agent was never troubled.
    let device = bench.device(DeviceKind::Scanner).await;
    assert_eq!((device.state, device.trouble), (DeviceState::Ready, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_gone_wild_is_heard_once_a_second_after_the_first_few() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(LOOPBACK);
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    // The agent may be connected before the scanner has noticed.
    until("the line", || scanner.scan(b"MC-S-4711") == 1);
    let start = Instant::now();
    for number in 0..200 {
        scanner.scan(format!("MC-S-{number:04}").as_bytes());
    }
    let receipt = Change::Code(Code {
        kind: CodeKind::Receipt,
        value: None,
    });
    scan_until_told(&bench, &scanner, "MC-R-01JDXYZ7K2", &receipt).await;
    let most = 5 + 1 + start.elapsed().as_secs() as usize;
    let count = told(&bench).len();
    assert!((2..=most).contains(&count), "{count} of at most {most}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resident_shows_is_told_to_nobody_who_comes_later() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(LOOPBACK);
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    until("the line", || scanner.scan(b"MC-R-01JDXYZ7K2") == 1);
    // Another resident's, right after it.
    scanner.scan(b"MC-R-01JDXYZ7K3");
    until("both receipts", || told(&bench).len() == 2);
    let held = format!("{:?}", bench.events());
    assert!(!held.contains("01JDXYZ7K"), "{held}");
}

/// A line that can be opened and is closed at once, as by a serial server whose only place is taken; how often it
/// was opened.
fn line_that_closes_at_once() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            drop(stream);
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    (address, opened)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_is_lost_whenever_it_is_opened_is_away_and_fills_no_log() {
    let mut bench = Bench::new().await;
    let (address, opened) = line_that_closes_at_once();
    bench.configure(&format!("[scanner]\nkind = \"tcp\"\naddress = \"{address}\"\n"));
    bench.start().await;
    until("the line was opened again and again", || {
        opened.load(Ordering::Relaxed) >= 5
    });
    bench.until_device(DeviceKind::Scanner, DeviceState::Away).await;
    let of_scanner =
        |change: &Change| matches!(change, Change::Device(device) if device.kind == DeviceKind::Scanner);
    let changes = bench.events().into_iter().map(|event| event.change);
    let told: Vec<Change> = changes.filter(of_scanner).collect();
    assert!(told.len() <= 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_was_pulled_is_away_and_heard_again_once_it_is_back() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(Bind::PtyAt(bench.path("by-id-scanner")));
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    scanner.line().set(plug(Plug::Out));
    bench.until_device(DeviceKind::Scanner, DeviceState::Away).await;
    let trouble = bench.device(DeviceKind::Scanner).await.trouble;
    assert_eq!(trouble, Some(Trouble::Disconnected));
    scanner.line().set(GOOD);
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    scan_until_told(&bench, &scanner, "guide-006", &guide()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scanners_light_shines_while_it_listens_and_blinks_when_a_code_was_read() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(LOOPBACK);
    let board = bench.plug_gpio("scanner-light = { line = 13 }\n");
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    bench.until_device(DeviceKind::Gpio, DeviceState::Ready).await;
    let light = || board.state().outputs.get(&13).copied();
    until("the light", || {
        light().is_some_and(|light| light.level == hardware::gpio::Level::High)
    });
    let before = light().unwrap().changes;
    scanner.scan(b"https://evil.example/i/guide-006");
    // It blinks for two seconds: where the machine is busy elsewhere for so long, the code is shown again.
    let mut show_at = Instant::now();
    until("the light to blink", || {
        if Instant::now() >= show_at {
            scanner.scan(b"guide-006");
            show_at = Instant::now() + Duration::from_secs(5);
        }
        light().unwrap().changes > before + 2
    });
    scanner.line().set(plug(Plug::Out));
    bench.until_device(DeviceKind::Scanner, DeviceState::Away).await;
    until("the light to go out", || {
        light().unwrap().level == hardware::gpio::Level::Low
    });
}
