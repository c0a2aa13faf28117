//! The slip in the printer's bezel: taken, left, and taken back in.

use JobState::Proven;
use hardware::printer::simulator::{Bezel, Condition, Model, Pace};
use hardware::simulator::{Plug, Simulated as _};
use terminal_api::interface::{Change, JobState, PrinterState, SlotState};

use crate::terminal::{Bench, LOOPBACK, until};
use crate::{GOOD, plug};

/// What was told of the slot.
fn told(bench: &Bench) -> Vec<SlotState> {
    bench
        .events()
        .into_iter()
        .filter_map(|event| match event.change {
            Change::Slot(slot) => Some(slot),
            _ => None,
        })
        .collect()
}

fn model() -> Model {
    Model {
        bezel: Bezel::Holds,
        ..Model::with_pace(Pace::Instant)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_pointed_at_until_it_is_taken() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, model());
    // Longer than any test takes: here nothing goes back in by itself.
    bench.configure("profile = \"kiosk-80\"\nretract-seconds = 3600\n");
    let board = bench.plug_gpio("printer-light = { line = 5 }\n");
    bench.start().await;
    bench.until_slot(SlotState::Empty).await;

    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    until("the waiting slip", || {
        told(&bench).last() == Some(&SlotState::Waiting)
    });
    bench.until_slot(SlotState::Waiting).await;
    let changes = || board.state().outputs.get(&5).map_or(0, |output| output.changes);
    until("the slot's light", || changes() > 2);
    printer.clear(Condition::SlipWaiting);
    until("the slip to be taken", || {
        told(&bench).last() == Some(&SlotState::Empty)
    });
    assert_eq!(printer.state().retracted, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_that_nobody_takes_goes_back_in() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, model());
    bench.configure("profile = \"kiosk-80\"\nretract-seconds = 1\n");
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;

    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    until("the slip to go back in", || {
        told(&bench).last() == Some(&SlotState::Retracted)
    });
    assert_eq!(printer.state().retracted, 1);
    // It was printed all the same.
    assert_eq!(bench.job(&id).await.state, Proven);
    let (_, status) = bench.kioskctl(&["status"]);
    assert!(status.contains("slot       retracted"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_no_longer_said_to_wait_once_the_printer_is_gone() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, model());
    bench.configure("profile = \"kiosk-80\"\n");
    bench.start().await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    bench.until_slot(SlotState::Waiting).await;
    // Without paper it prints nothing, and still knows of the slip.
    printer.set(Condition::PaperOut);
    bench.until_printer(PrinterState::PaperOut).await;
    printer.clear(Condition::SlipWaiting);
    bench.until_slot(SlotState::Empty).await;
    printer.set(Condition::SlipWaiting);
    bench.until_slot(SlotState::Waiting).await;

    printer.line().set(plug(Plug::Out));
    until("the slot to be unknown", || {
        told(&bench).last() == Some(&SlotState::Unknown)
    });
    assert_eq!(bench.status().await.slot, None);
    printer.line().set(GOOD);
    bench.until_slot(SlotState::Waiting).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_cannot_tell_is_never_said_to_hold_a_slip() {
    let mut bench = Bench::new().await;
    // The profile has a bezel, this printer does not answer for one.
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.configure("profile = \"kiosk-80\"\nretract-seconds = 1\n");
    bench.start().await;
    for count in 1..=2 {
        let id = bench.print().await;
        bench.until_job(&id, Proven).await;
        assert_eq!(printer.state().slips.len(), count);
    }
    assert_eq!(told(&bench), []);
    assert_eq!(bench.status().await.slot, None);
    assert_eq!(printer.state().retracted, 0);
}
