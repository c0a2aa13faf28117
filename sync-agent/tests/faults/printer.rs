//! The printer: what a fault before, during and after a print leads to.

use JobState::{Failed, Proven, Queued, Sending, Sent, Uncertain};
use hardware::printer::simulator::{Condition, Memory, Model, Pace};
use hardware::simulator::{Bind, LineFaults, Plug, Simulated as _};
use terminal_api::interface::{DeviceKind, DeviceState, Failure, JobState, PrinterState, Trouble};

use crate::terminal::{Bench, LOOPBACK, until};
use crate::{GOOD, plug};

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
    /// One that sets in in the middle of a slip of which the printer then takes no more.
    MidSlip(Condition),
    /// The line is bad before the print.
    Line(LineFaults),
    /// The line goes bad once everything is sent.
    LineWhenSent(LineFaults),
}

const PRINTED: &[JobState] = &[Queued, Sending, Sent, Proven];
const NOT_SENT: &[JobState] = &[Queued, Failed];
const IN_DOUBT: &[JobState] = &[Queued, Sending, Sent, Uncertain];

const CUT_SHORT: &[JobState] = &[Queued, Sending, Uncertain];

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

const FAULTS_DURING: [Row; 6] = [
    Row {
        fault: Fault::MidSlip(Condition::PaperOut),
        job: CUT_SHORT,
        ..during(Condition::PaperOut, PrinterState::PaperOut, Trouble::PaperOut)
    },
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

const FAULTS_OF_THE_LINE: [Row; 9] = [
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
    // This one proves by single bytes, of which noise makes every one.
    Row {
        fault: Fault::LineWhenSent(plug(Plug::Babbling)),
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
        Fault::MidSlip(_) => Model {
            memory: Memory::Bytes(16 * 1024),
            ..Model::with_pace(Pace::Instant)
        },
        _ => Model::with_pace(Pace::Instant),
    };
    let bind = match fault {
        Fault::Line(_) | Fault::MidSlip(_) => Bind::PtyAt(bench.path("by-id-printer")),
        _ => LOOPBACK,
    };
    let printer = bench.plug_printer(bind, model);
    match fault {
        Fault::MidSlip(_) => bench.configure("profile = \"epson-tm-t82\"\n"),
        Fault::LineWhenSent(LineFaults {
            plug: Plug::Babbling, ..
        }) => bench.configure("profile = \"generic-58\"\n"),
        _ => {}
    }
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    match fault {
        Fault::Before(condition) => printer.set(condition),
        Fault::During(rows, condition) => printer.set_after(rows, condition),
        Fault::MidSlip(condition) => printer.set_after(300, condition),
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
        Fault::Before(condition) | Fault::During(_, condition) | Fault::MidSlip(condition) => {
            printer.clear(condition);
        }
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
