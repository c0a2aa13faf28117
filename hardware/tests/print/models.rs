//! What models differ in, and what a simulator can be told.

use hardware::printer::simulator::{Bezel, Condition, Model, Pace, Simulator};
use hardware::printer::{Doubt, Outcome, Printer, Slot, Status};
use hardware::simulator::{LineFaults, Plug, Replay, Simulated as _, ask, read_traffic};
use hardware::slip::Paper;
use serde_json::json;

use crate::{LOOPBACK, eventually, profile, slip, start};

#[test]
fn a_printer_that_reports_by_itself_is_known_as_well_as_one_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(LOOPBACK, folder.path(), Pace::Instant).unwrap();
    let mut printer = Printer::new(simulator.endpoint(), profile("epson-tm-t82"));
    assert_eq!(printer.status(), Status::Ready);
    for (condition, status) in [
        (Condition::NearEnd, Status::NearEnd),
        (Condition::PaperOut, Status::PaperOut),
        (Condition::CutterError, Status::CutterError),
    ] {
        simulator.set(condition);
        eventually(|| printer.status() == status);
        simulator.clear(condition);
        eventually(|| printer.status() == Status::Ready);
    }
    // A job begins with `ESC @`, which ends what was asked for before.
    let outcome = printer.print(&slip(Paper::Mm80), |_| {});
    assert!(matches!(outcome, Outcome::Proven { .. }), "{outcome:?}");
    simulator.set(Condition::NearEnd);
    eventually(|| printer.status() == Status::NearEnd);
    simulator.clear(Condition::NearEnd);
    eventually(|| printer.status() == Status::Ready);
    simulator.set_after(100, Condition::CoverOpen);
    assert_eq!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Uncertain(Doubt::Fault(Status::CoverOpen))
    );
}

#[test]
fn a_printer_that_was_switched_off_is_asked_anew_to_report_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(LOOPBACK, folder.path(), Pace::Instant).unwrap();
    let mut printer = Printer::new(simulator.endpoint(), profile("epson-tm-t82"));
    assert_eq!(printer.status(), Status::Ready);
    // What stood on the roll when it fell silent says nothing of the roll that it comes back with.
    simulator.set(Condition::NearEnd);
    eventually(|| printer.status() == Status::NearEnd);
    let line = |plug| {
        simulator.line().set(LineFaults {
            plug,
            ..LineFaults::default()
        });
    };
    line(Plug::Hung);
    assert_eq!(printer.status(), Status::Offline);
    simulator.clear(Condition::NearEnd);
    line(Plug::In);
    eventually(|| printer.status() == Status::Ready);
}

#[test]
fn a_bezel_tells_whether_the_slip_was_taken() {
    let folder = tempfile::tempdir().unwrap();
    let model = Model {
        bezel: Bezel::Holds,
        ..Model::with_pace(Pace::Instant)
    };
    let simulator = Simulator::start_model(LOOPBACK, folder.path(), model).unwrap();
    let mut printer = Printer::new(simulator.endpoint(), profile("kiosk-80"));
    assert_eq!(printer.slot(), Slot::Empty);
    printer.print(&slip(Paper::Mm80), |_| {});
    assert_eq!(printer.slot(), Slot::Waiting);
    simulator.clear(Condition::SlipWaiting);
    assert_eq!(printer.slot(), Slot::Empty);

    printer.print(&slip(Paper::Mm80), |_| {});
    assert_eq!(printer.slot(), Slot::Waiting);
    printer.retract().unwrap();
    eventually(|| printer.slot() == Slot::Empty);
    assert_eq!(simulator.state().retracted, 1);
}

#[test]
fn a_printer_without_a_bezel_knows_nothing_of_a_slot_and_takes_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    assert_eq!(printer.slot(), Slot::Unknown);
    let error = printer.retract().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::Unsupported);
    // A model that should have one, and does not answer.
    let mut printer = Printer::new(simulator.endpoint(), profile("kiosk-80"));
    assert_eq!(printer.slot(), Slot::Unknown);
}

#[test]
fn the_control_socket_sets_and_tells() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("control");
    let simulator = Simulator::start(LOOPBACK, folder.path(), Pace::Instant).unwrap();
    let simulator = simulator.with_control(&socket).unwrap();
    let state = ask(&socket, &json!({"set": "near-end"})).unwrap();
    assert_eq!(
        state,
        json!({"conditions": ["near-end"], "slips": [], "retracted": 0})
    );
    let mut printer = Printer::new(simulator.endpoint(), profile("generic-80"));
    assert_eq!(printer.status(), Status::NearEnd);
    assert_eq!(
        ask(&socket, &json!({"clear": "near-end"})).unwrap()["conditions"],
        json!([])
    );
    assert!(ask(&socket, &json!({"set": "on-fire"})).unwrap()["error"].is_string());
}

#[test]
fn recorded_traffic_is_answered_again_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let traffic = folder.path().join("traffic.jsonl");
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    simulator.record(&traffic).unwrap();
    assert_eq!(printer.status(), Status::Ready);
    simulator.set(Condition::CoverOpen);
    assert_eq!(printer.status(), Status::CoverOpen);
    drop(printer);

    let replay = Replay::start(LOOPBACK, read_traffic(&traffic).unwrap()).unwrap();
    let mut printer = Printer::new(replay.endpoint(), profile("generic-80"));
    assert_eq!(printer.status(), Status::Ready);
    assert_eq!(printer.status(), Status::CoverOpen);
    assert_eq!(replay.differing(), 0);
}
