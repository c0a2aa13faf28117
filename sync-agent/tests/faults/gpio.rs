//! Sensors, lights and the heartbeat.

use std::time::Duration;

use JobState::Proven;
use hardware::card::simulator::Request as CardRequest;
use hardware::gpio::Level;
use hardware::printer::simulator::{Model, Pace};
use hardware::simulator::{Plug, Simulated as _};
use terminal_api::interface::{Change, Consent, DeviceKind, DeviceState, JobState, PrinterState, Trouble};

use crate::terminal::{Bench, LOOPBACK, until};
use crate::{GOOD, plug};

#[tokio::test(flavor = "multi_thread")]
async fn sensors_are_told_lights_guide_and_the_heart_beats_through_every_fault() {
    let mut bench = Bench::new().await;
    let board = bench.plug_gpio(
        "door = { line = 27, active = \"low\" }\npresence = { line = 17 }\n\
         printer-light = { line = 5 }\ncard-light = { line = 6 }\nheartbeat = { line = 16 }\n",
    );
    board.set(27, Level::High);
    let reader = bench.plug_card_reader(LOOPBACK);
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::RowsPerSecond(1500)));
    bench.start().await;
    bench.until_device(DeviceKind::Gpio, DeviceState::Ready).await;
    let changes = |line| {
        board
            .state()
            .outputs
            .get(&line)
            .map_or(0, |output| output.changes)
    };
    until("a heartbeat", || changes(16) > 2);

    board.set(27, Level::Low);
    bench.until_device(DeviceKind::Gpio, DeviceState::Attention).await;
    assert_eq!(
        bench.device(DeviceKind::Gpio).await.trouble,
        Some(Trouble::DoorOpen)
    );
    board.set(27, Level::High);
    bench.until_device(DeviceKind::Gpio, DeviceState::Ready).await;
    let door = || -> Vec<bool> {
        let sensors = bench.events().into_iter().filter_map(|event| match event.change {
            Change::Sensor(sensor) => Some(sensor.is_active),
            _ => None,
        });
        sensors.collect()
    };
    // Events arrive on a connection of their own.
    until("the door's events", || door().len() == 2);
    assert_eq!(door(), [true, false]);

    bench.until_printer(PrinterState::Ready).await;
    assert_eq!((changes(5), changes(6)), (0, 0));
    let id = bench.print().await;
    until("the printer's light", || changes(5) > 1);
    bench.until_job(&id, Proven).await;
    let steps = bench.read_card(Consent::Given);
    until("the card reader's light", || changes(6) > 1);
    drop(steps);
    until("the card reader's light to go out", || {
        let before = changes(6);
        std::thread::sleep(Duration::from_millis(700));
        changes(6) == before
    });
    assert_eq!(reader.change(CardRequest::default()).reads, 0);

    board.line().set(plug(Plug::Out));
    bench.until_device(DeviceKind::Gpio, DeviceState::Away).await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    board.line().set(GOOD);
    bench.until_device(DeviceKind::Gpio, DeviceState::Ready).await;
    let beats = changes(16);
    until("the heart to beat again", || changes(16) > beats + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_without_gpio_is_normal_and_no_device_that_is_away() {
    let mut bench = Bench::new().await;
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    // Nothing names its chip, and it is no Raspberry Pi.
    bench.configure("[gpio]\nboard = \"raspberry-pi\"\nheartbeat = { line = 1 }\n");
    bench.start().await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    let devices = bench.status().await.devices;
    assert!(
        devices.iter().all(|device| device.kind != DeviceKind::Gpio),
        "{devices:?}"
    );
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(passed && text.contains("gpio        not configured"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chip_that_is_named_and_not_there_is_away() {
    let mut bench = Bench::new().await;
    bench.configure(
        "[gpio]\nboard = \"chip\"\nchip = \"/dev/gpiochip-of-another-board\"\nheartbeat = { line = 1 }\n",
    );
    bench.start().await;
    bench.until_device(DeviceKind::Gpio, DeviceState::Away).await;
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(!passed && text.contains("gpio        failed"), "{text}");
}
