//! Lines that lag, lose, babble or hang, and plugs that are pulled.

use hardware::printer::simulator::{Condition, Pace, Simulator};
use hardware::printer::{Outcome, Printer, Proof, Status};
use hardware::simulator::{Bind, LineFaults, Plug, Simulated as _};
use hardware::slip::Paper;
use hardware::wire::Endpoint;

use crate::{LOOPBACK, eventually, profile, slip, start};

#[test]
fn a_printer_that_is_not_there_is_disconnected_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    let Endpoint::Tcp(address) = simulator.endpoint() else {
        panic!("a socket")
    };
    assert_eq!(printer.status(), Status::Ready);
    drop(simulator);
    eventually(|| printer.status() == Status::Disconnected);
    let again = Simulator::start(Bind::Tcp(address.parse().unwrap()), folder.path(), Pace::Instant).unwrap();
    assert_eq!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Proven { by: Proof::ProcessId }
    );
    drop(again);
}

#[test]
fn answers_that_come_one_query_late_are_not_taken_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    simulator.set(Condition::LaggingReplies);
    assert_eq!(printer.status(), Status::Ready);
    for (condition, status) in [
        (Condition::NearEnd, Status::NearEnd),
        (Condition::PaperOut, Status::PaperOut),
        (Condition::CoverOpen, Status::CoverOpen),
        (Condition::CutterError, Status::CutterError),
    ] {
        simulator.set(condition);
        assert_eq!(printer.status(), status);
        simulator.clear(condition);
    }
    assert!(matches!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Proven { .. }
    ));
    simulator.clear(Condition::LaggingReplies);
    assert_eq!(printer.status(), Status::Ready);
}

#[test]
fn a_hung_printer_is_off_line_and_a_babbling_one_never_proves_anything() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    let plug = |plug| {
        simulator.line().set(LineFaults {
            plug,
            ..LineFaults::default()
        });
    };
    plug(Plug::Hung);
    assert_eq!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::NotSent {
            status: Status::Offline
        }
    );
    plug(Plug::Babbling);
    for _ in 0..3 {
        let outcome = printer.print(&slip(Paper::Mm80), |_| {});
        assert!(!matches!(outcome, Outcome::Proven { .. }) || !simulator.state().slips.is_empty());
    }
    plug(Plug::In);
    eventually(|| printer.status() == Status::Ready);
}

#[test]
fn a_serial_printer_that_is_pulled_is_found_again_behind_its_link() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("usb-printer");
    let simulator = Simulator::start(Bind::PtyAt(link.clone()), folder.path(), Pace::Instant).unwrap();
    let mut printer = Printer::new(simulator.endpoint(), profile("generic-80"));
    assert_eq!(printer.status(), Status::Ready);
    let pulled = LineFaults {
        plug: Plug::Out,
        ..LineFaults::default()
    };
    simulator.line().set(pulled);
    eventually(|| printer.status() == Status::Disconnected && !link.exists());
    simulator.line().set(LineFaults::default());
    eventually(|| printer.status() == Status::Ready);
    assert!(matches!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Proven { .. }
    ));
}

#[test]
fn a_slow_noisy_line_loses_answers_and_never_a_slip() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    simulator.line().set(LineFaults {
        drop_every: 5,
        lag_ms: 20,
        ..LineFaults::default()
    });
    for count in 1..=2 {
        eventually(|| !matches!(printer.print(&slip(Paper::Mm80), |_| {}), Outcome::NotSent { .. }));
        eventually(|| simulator.state().slips.len() == count);
    }
}
