//! Every device and every fault, against the agent's own program over its socket: what it says, what it
//! does, and what the journal holds when the agent was killed and started again.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

#[path = "support/mod.rs"]
mod support;
#[path = "support/terminal.rs"]
mod terminal;

use std::time::Duration;

use hardware::card::example::Example;
use hardware::card::simulator::{LeftCard, Place as CardPlace, Request as CardRequest};
use hardware::gpio::Level;
use hardware::printer::simulator::{Condition, Model, Pace};
use hardware::simulator::{Bind, LineFaults, Plug};
use terminal::{Bench, LOOPBACK, until};
use terminal_api::client::CallError;
use terminal_api::interface::{
    CardKind, CardStage, Change, Consent, DeviceKind, DeviceState, Failure, JobState, PrinterState, Refusal,
    Trouble,
};

use JobState::{Failed, Proven, Queued, Sending, Sent, Uncertain};

/// A fault of the printer, and everything that must come of it.
struct Row {
    fault: Fault,
    job: &'static [JobState],
    failure: Option<Failure>,
    /// What the printer is said to be while the fault holds.
    state: PrinterState,
    device: (DeviceState, Option<Trouble>),
    /// The slips on paper once the fault is over.
    slips: usize,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    /// A condition that holds before the print.
    Before(Condition),
    /// One that sets in when so many rows are printed.
    During(u32, Condition),
    /// The line is bad before the print.
    Line(LineFaults),
    /// The line goes bad once everything is sent.
    LineWhenSent(LineFaults),
}

const GOOD: LineFaults = LineFaults {
    plug: Plug::In,
    lag_ms: 0,
    drop_every: 0,
    baud: 0,
};

const fn plug(plug: Plug) -> LineFaults {
    LineFaults { plug, ..GOOD }
}

const PRINTED: &[JobState] = &[Queued, Sending, Sent, Proven];
const NOT_SENT: &[JobState] = &[Queued, Failed];
const IN_DOUBT: &[JobState] = &[Queued, Sending, Sent, Uncertain];

const fn broken(trouble: Trouble) -> (DeviceState, Option<Trouble>) {
    (DeviceState::Broken, Some(trouble))
}

const fn away(trouble: Trouble) -> (DeviceState, Option<Trouble>) {
    (DeviceState::Away, Some(trouble))
}

/// A fault that keeps the printer from taking the job.
const fn before(condition: Condition, failure: Failure, state: PrinterState, trouble: Trouble) -> Row {
    Row {
        fault: Fault::Before(condition),
        job: NOT_SENT,
        failure: Some(failure),
        state,
        device: broken(trouble),
        slips: 0,
    }
}

/// A fault in the middle of a job, whose rest comes out afterwards.
const fn during(condition: Condition, state: PrinterState, trouble: Trouble) -> Row {
    Row {
        fault: Fault::During(300, condition),
        job: IN_DOUBT,
        failure: None,
        state,
        device: broken(trouble),
        slips: 1,
    }
}

const FAULTS_BEFORE: [Row; 7] = [
    before(
        Condition::PaperOut,
        Failure::PaperOut,
        PrinterState::PaperOut,
        Trouble::PaperOut,
    ),
    before(
        Condition::CoverOpen,
        Failure::CoverOpen,
        PrinterState::CoverOpen,
        Trouble::CoverOpen,
    ),
    before(
        Condition::CutterError,
        Failure::CutterError,
        PrinterState::CutterError,
        Trouble::CutterError,
    ),
    before(
        Condition::Recoverable,
        Failure::Recoverable,
        PrinterState::Recoverable,
        Trouble::Recoverable,
    ),
    before(
        Condition::Unrecoverable,
        Failure::Unrecoverable,
        PrinterState::Unrecoverable,
        Trouble::Unrecoverable,
    ),
    Row {
        device: away(Trouble::Silent),
        ..before(
            Condition::Offline,
            Failure::Offline,
            PrinterState::Offline,
            Trouble::Silent,
        )
    },
    Row {
        fault: Fault::Before(Condition::NearEnd),
        job: PRINTED,
        failure: None,
        state: PrinterState::NearEnd,
        device: (DeviceState::Attention, Some(Trouble::PaperLow)),
        slips: 1,
    },
];

const FAULTS_DURING: [Row; 5] = [
    during(Condition::PaperOut, PrinterState::PaperOut, Trouble::PaperOut),
    during(Condition::CoverOpen, PrinterState::CoverOpen, Trouble::CoverOpen),
    during(
        Condition::CutterError,
        PrinterState::CutterError,
        Trouble::CutterError,
    ),
    during(
        Condition::Unrecoverable,
        PrinterState::Unrecoverable,
        Trouble::Unrecoverable,
    ),
    Row {
        fault: Fault::Before(Condition::SilentProof),
        job: IN_DOUBT,
        failure: None,
        state: PrinterState::Ready,
        device: (DeviceState::Ready, None),
        slips: 1,
    },
];

const FAULTS_OF_THE_LINE: [Row; 8] = [
    Row {
        fault: Fault::Before(Condition::LaggingReplies),
        job: PRINTED,
        failure: None,
        state: PrinterState::Ready,
        device: (DeviceState::Ready, None),
        slips: 1,
    },
    Row {
        fault: Fault::Line(LineFaults { lag_ms: 100, ..GOOD }),
        job: PRINTED,
        failure: None,
        state: PrinterState::Ready,
        device: (DeviceState::Ready, None),
        slips: 1,
    },
    Row {
        fault: Fault::Line(LineFaults { baud: 9600, ..GOOD }),
        job: NOT_SENT,
        failure: Some(Failure::Offline),
        state: PrinterState::Offline,
        device: away(Trouble::Silent),
        slips: 0,
    },
    Row {
        fault: Fault::Line(plug(Plug::Hung)),
        job: NOT_SENT,
        failure: Some(Failure::Offline),
        state: PrinterState::Offline,
        device: away(Trouble::Silent),
        slips: 0,
    },
    Row {
        fault: Fault::Line(plug(Plug::Babbling)),
        job: NOT_SENT,
        failure: Some(Failure::Offline),
        state: PrinterState::Offline,
        device: away(Trouble::Silent),
        slips: 0,
    },
    Row {
        fault: Fault::Line(plug(Plug::Out)),
        job: NOT_SENT,
        failure: Some(Failure::Disconnected),
        state: PrinterState::Disconnected,
        device: away(Trouble::Disconnected),
        slips: 0,
    },
    Row {
        fault: Fault::LineWhenSent(LineFaults {
            drop_every: 1,
            ..GOOD
        }),
        job: IN_DOUBT,
        failure: None,
        state: PrinterState::Offline,
        device: away(Trouble::Silent),
        slips: 1,
    },
    Row {
        fault: Fault::LineWhenSent(plug(Plug::Out)),
        job: IN_DOUBT,
        failure: None,
        state: PrinterState::Disconnected,
        device: away(Trouble::Disconnected),
        slips: 1,
    },
];

async fn check_row(row: &Row) {
    let fault = row.fault;
    let mut bench = Bench::new().await;
    // Slow enough that something can happen between the last byte and the last row.
    let model = match fault {
        Fault::LineWhenSent(_) => Model::with_pace(Pace::RowsPerSecond(1500)),
        _ => Model::with_pace(Pace::Instant),
    };
    let bind = match fault {
        Fault::Line(_) => Bind::PtyAt(bench.path("by-id-printer")),
        _ => LOOPBACK,
    };
    let printer = bench.plug_printer(bind, model);
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    match fault {
        Fault::Before(condition) => printer.set(condition),
        Fault::During(rows, condition) => printer.set_after(rows, condition),
        Fault::Line(faults) => printer.line().set(faults),
        Fault::LineWhenSent(_) => {}
    }

    let id = bench.print().await;
    let mut states = Vec::new();
    let last = loop {
        let job = bench.next_state_of(&id, &mut states).await;
        if let (Fault::LineWhenSent(faults), Sent) = (fault, job.state) {
            printer.line().set(faults);
        }
        if !job.state.is_running() {
            break job;
        }
    };
    assert_eq!(states, row.job, "{fault:?}");
    assert_eq!(last.failure, row.failure, "{fault:?}");
    bench.until_printer(row.state).await;
    let device = bench.device(DeviceKind::Printer).await;
    assert_eq!((device.state, device.trouble), row.device, "{fault:?}");
    assert_eq!(bench.states_of_printer().last(), Some(&row.state), "{fault:?}");

    // The fault passes; what the printer had in its memory comes out.
    match fault {
        Fault::Before(condition) | Fault::During(_, condition) => printer.clear(condition),
        Fault::Line(_) | Fault::LineWhenSent(_) => printer.line().set(GOOD),
    }
    bench.until_printer(PrinterState::Ready).await;
    until("the slips", || printer.state().slips.len() == row.slips);

    // Killed and started again, the agent neither prints it again nor forgets it.
    bench.restart().await;
    assert_eq!(bench.job(&id).await.state, last.state, "{fault:?}");
    let next = bench.print().await;
    let mut states = Vec::new();
    while bench.next_state_of(&next, &mut states).await.state.is_running() {}
    assert_eq!(states, PRINTED, "after {fault:?}");
    assert_eq!(printer.state().slips.len(), row.slips + 1, "{fault:?}");
    assert_eq!(bench.job(&id).await.state, last.state, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_before_a_print_is_told_and_nothing_is_sent() {
    for row in &FAULTS_BEFORE {
        check_row(row).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_during_a_print_leaves_it_uncertain_and_never_repeated() {
    for row in &FAULTS_DURING {
        check_row(row).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_to_the_printer_loses_no_slip_and_prints_none_twice() {
    for row in &FAULTS_OF_THE_LINE {
        check_row(row).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_survives_a_restart_and_ends_with_the_session() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::RowsPerSecond(1500)));
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let first = bench.print().await;
    while bench.job(&first).await.state == Queued {}
    let [second, third] = [bench.print().await, bench.print().await];
    let page = bench.connection().await.test_page().await.unwrap().id;
    assert_eq!(bench.connection().await.end_session().await.unwrap().cancelled, 2);
    for id in [&second, &third] {
        assert_eq!(bench.job(id).await.state, JobState::Cancelled);
    }
    let fourth = bench.print().await;
    bench.restart().await;
    assert_eq!(bench.job(&first).await.state, Uncertain);
    for id in [&page, &fourth] {
        bench.until_job(id, Proven).await;
    }
    assert_eq!(printer.state().slips.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_was_never_there_is_away_and_found_once_it_comes() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(
        Bind::PtyAt(bench.path("by-id-printer")),
        Model::with_pace(Pace::Instant),
    );
    printer.line().set(plug(Plug::Out));
    until("the link to go", || !bench.path("by-id-printer").exists());
    bench.start().await;
    bench.until_device(DeviceKind::Printer, DeviceState::Away).await;
    printer.line().set(GOOD);
    bench.until_device(DeviceKind::Printer, DeviceState::Ready).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_line_slips_go_out_as_text_that_reads_the_same() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.configure("mode = \"text\"\nprofile = \"kiosk-80\"\n");
    bench.start().await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    let slip = printer.state().slips[0].with_extension("txt");
    let text = std::fs::read_to_string(slip).unwrap();
    for words in ["居住证申领", "要带的材料", "□本人居民身份证"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_is_counted_over_restarts_and_a_new_roll_counts_anew() {
    let mut bench = Bench::new().await;
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let left = async |bench: &Bench| bench.status().await.paper.unwrap().left_cm;
    let new = left(&bench).await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    let used = left(&bench).await;
    assert!(used < new - 20, "{used} of {new}");
    bench.restart().await;
    assert_eq!(left(&bench).await, used);
    assert_eq!(bench.connection().await.new_roll().await.unwrap().left_cm, new);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_read_at_the_residents_wish_and_never_otherwise() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(LOOPBACK);
    reader.place(CardPlace::Laid);
    bench.start().await;
    bench
        .until_device(DeviceKind::CardReader, DeviceState::Ready)
        .await;

    let refused = bench.read_card(Consent::Withheld).next().await;
    assert!(
        matches!(refused, Some(Err(CallError::Refused(Refusal::NoConsent)))),
        "{refused:?}"
    );
    assert_eq!(reader.change(CardRequest::default()).reads, 0);

    for (example, kind) in [
        (Example::Resident, CardKind::Resident),
        (Example::ResidencePermit, CardKind::ResidencePermit),
        (Example::Foreign2017, CardKind::ForeignPermanentResident),
        (Example::Foreign2023, CardKind::ForeignPermanentResident),
    ] {
        // Lifted for long enough that the next one is another card.
        reader.place(CardPlace::Away);
        let mut steps = bench.read_card(Consent::Given);
        assert_eq!(steps.stage().await, CardStage::Waiting);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        reader.change(CardRequest {
            card: Some(CardPlace::Laid),
            kind: Some(example),
            ..CardRequest::default()
        });
        assert_eq!(steps.stage().await, CardStage::Reading);
        let record = steps.record().await;
        assert_eq!(record.kind, kind);
    }
    // Not a word of it went to those who only watch.
    let events = format!("{:?}", bench.events());
    assert!(!events.contains("1949") && !events.contains("张三"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_pulled_left_or_expired_is_told_and_read_once_it_is_right() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(LOOPBACK);
    reader.change(CardRequest {
        left_card: Some(LeftCard::FoundAgain),
        ..CardRequest::default()
    });
    bench.start().await;
    let mut steps = bench.read_card(Consent::Given);
    assert_eq!(steps.stage().await, CardStage::Waiting);
    let busy = bench.read_card(Consent::Given).next().await;
    assert!(
        matches!(busy, Some(Err(CallError::Refused(Refusal::CardReaderBusy)))),
        "{busy:?}"
    );

    reader.place(CardPlace::Pulled);
    assert_eq!(steps.stage().await, CardStage::Reading);
    assert_eq!(steps.stage().await, CardStage::Interrupted);
    reader.place(CardPlace::Laid);
    assert_eq!(steps.until_last().await.last(), Some(&CardStage::Read));

    // Left in place, it is not read for the next one.
    let mut steps = bench.read_card(Consent::Given);
    assert_eq!(steps.stage().await, CardStage::LiftFirst);
    reader.place(CardPlace::Away);
    tokio::time::sleep(Duration::from_millis(2500)).await;
    reader.change(CardRequest {
        card: Some(CardPlace::Laid),
        kind: Some(Example::Expired),
        ..CardRequest::default()
    });
    assert_eq!(steps.stage().await, CardStage::Reading);
    assert_eq!(steps.stage().await, CardStage::Expired);
    let reads = reader.change(CardRequest::default()).reads;
    assert_eq!(reads, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_to_the_card_reader_is_told_and_touches_nobody_else() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(Bind::PtyAt(bench.path("by-id-card")));
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench
        .until_device(DeviceKind::CardReader, DeviceState::Ready)
        .await;
    bench.until_printer(PrinterState::Ready).await;
    for (faults, end) in [
        (plug(Plug::Out), CardStage::Unavailable),
        (plug(Plug::Hung), CardStage::Unavailable),
        (LineFaults { baud: 9600, ..GOOD }, CardStage::Read),
    ] {
        reader.line().set(faults);
        if faults.plug == Plug::Out {
            until("the link to go", || !bench.path("by-id-card").exists());
        }
        reader.place(CardPlace::Laid);
        let stages = bench.read_card(Consent::Given).until_last().await;
        assert_eq!(stages.last(), Some(&end), "{faults:?}: {stages:?}");
        let id = bench.print().await;
        bench.until_job(&id, Proven).await;
        reader.line().set(GOOD);
        reader.place(CardPlace::Away);
        bench
            .until_device(DeviceKind::CardReader, DeviceState::Ready)
            .await;
    }
}

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
async fn the_self_test_names_what_fails_and_passes_when_all_is_well() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(passed, "{text}");
    assert!(text.contains("card reader not configured"), "{text}");
    printer.set(Condition::CoverOpen);
    bench.until_printer(PrinterState::CoverOpen).await;
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(!passed && text.contains("cover open since"), "{text}");
    let (_, status) = bench.kioskctl(&["status"]);
    assert!(status.contains("printer broken (cover open) since"), "{status}");
    assert!(status.contains("m left"), "{status}");
}

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
    let door: Vec<bool> = bench
        .events()
        .into_iter()
        .filter_map(|event| match event.change {
            Change::Sensor(sensor) => Some(sensor.is_active),
            _ => None,
        })
        .collect();
    assert_eq!(door, [true, false]);

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
