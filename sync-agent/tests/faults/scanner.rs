//! The scanner: noise, foreign codes and a pulled plug.

use std::time::Duration;

use hardware::simulator::{Bind, Plug, Simulated as _};
use terminal_api::interface::{DeviceKind, DeviceState};

use crate::terminal::{Bench, LOOPBACK, until};
use crate::{GOOD, plug};

#[tokio::test(flavor = "multi_thread")]
async fn the_scanner_may_be_pulled_babble_or_scan_anything_and_only_own_codes_come_through() {
    let mut bench = Bench::new().await;
    let scanner = bench.plug_scanner(Bind::PtyAt(bench.path("by-id-scanner")));
    bench.start().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    let before = bench.scans();
    for rubbish in [
        &b"https://evil.example/i/guide-006"[..],
        b"WIFI:T:WPA;S:home;P:secret;;",
        b"\x1b]0;title\x07\x00\x01",
        &[0xff, 0xfe, 0x80],
        &[b'x'; 4000],
    ] {
        scanner.scan(rubbish);
    }
    scanner.scan("\u{202e}guide-006\u{200b}".as_bytes());
    bench.until_scans(before + 1).await;

    scanner.line().set(plug(Plug::Babbling));
    tokio::time::sleep(Duration::from_millis(300)).await;
    scanner.line().set(plug(Plug::Out));
    bench.until_device(DeviceKind::Scanner, DeviceState::Away).await;
    scanner.line().set(GOOD);
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;
    // A scanner repeats what is held before it; two seconds later it is a new scan.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    scanner.scan(b"guide-006");
    bench.until_scans(before + 2).await;
    assert_eq!(bench.scans(), before + 2);
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
    scanner.scan(b"guide-006");
    until("the light to blink", || light().unwrap().changes > before + 2);
    scanner.line().set(plug(Plug::Out));
    bench.until_device(DeviceKind::Scanner, DeviceState::Away).await;
    until("the light to go out", || {
        light().unwrap().level == hardware::gpio::Level::Low
    });
}
