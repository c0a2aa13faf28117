//! Lines that lag, lose, babble or hang, and plugs that are pulled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use hardware::printer::simulator::{Condition, Pace, Simulator};
use hardware::printer::{Doubt, Outcome, Printer, Proof, Sheets, Status};
use hardware::simulator::{Bind, LineFaults, Plug, Port, Simulated as _, Sink};
use hardware::slip::Paper;
use hardware::wire::Endpoint;

use crate::{LOOPBACK, eventually, pictures, profile, slip, start};

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
    // What would pass for a proof now is noise.
    simulator.set(Condition::SilentProof);
    plug(Plug::Babbling);
    for name in ["generic-80", "kiosk-80"] {
        let mut printer = Printer::new(simulator.endpoint(), profile(name));
        for print in [Printer::print, Printer::send] {
            let outcome = print(&mut printer, &slip(Paper::Mm80), |_| {});
            assert!(!matches!(outcome, Outcome::Proven { .. }), "{name}: {outcome:?}");
        }
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

/// What a printer without paper says by itself (`GS a`).
const PAPER_IS_OUT: [u8; 4] = [0x18, 0x00, 0x0f, 0x00];

#[test]
fn a_printer_that_takes_no_more_is_believed_what_it_said_before() {
    for (said, doubt) in [
        (&PAPER_IS_OUT[..], Doubt::Fault(Status::PaperOut)),
        (&[], Doubt::Stalled),
    ] {
        let (taken, is_over) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)));
        let until_over = Arc::clone(&is_over);
        let port = Port::open(Bind::Pty, move |_, sink, bytes| {
            // It takes what its buffer holds, says what is wrong, and nothing more.
            if taken.fetch_add(bytes.len(), Ordering::Relaxed) + bytes.len() > 8 * 1024 {
                sink.lock().unwrap().write_all(said).unwrap();
                while !until_over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        })
        .unwrap();
        let mut printer = Printer::new(port.endpoint(), profile("epson-tm-t82"));
        let long = Sheets::Raster([pictures(Paper::Mm80), pictures(Paper::Mm80)].concat());
        let outcome = printer.send(&long, |_| {});
        assert_eq!(outcome, Outcome::Uncertain(doubt));
        assert!(printer.has_part_of_a_job());
        // Nor does it take a question.
        let status = match doubt {
            Doubt::Fault(status) => status,
            _ => Status::Offline,
        };
        assert_eq!(printer.status(), status);
        assert!(printer.has_part_of_a_job());
        is_over.store(true, Ordering::Relaxed);
    }
}

/// How a printer is that answers only when it is asked.
#[derive(Default)]
struct Asked {
    /// It reads nothing.
    is_stuck: AtomicBool,
    is_out_of_paper: AtomicBool,
    taken: AtomicUsize,
}

impl Asked {
    fn hear(&self, sink: &Sink, bytes: &[u8]) {
        self.taken.fetch_add(bytes.len(), Ordering::Relaxed);
        while self.is_stuck.load(Ordering::Relaxed) && self.taken.load(Ordering::Relaxed) > 8 * 1024 {
            std::thread::sleep(Duration::from_millis(10));
        }
        // On line or not, no cause but the paper's end, no error, the paper sensors.
        let answer = match (bytes, self.is_out_of_paper.load(Ordering::Relaxed)) {
            ([.., 0x10, 0x04, 1], true) => 0x1a,
            ([.., 0x10, 0x04, 2], true) => 0x32,
            ([.., 0x10, 0x04, 4], true) => 0x7e,
            ([.., 0x10, 0x04, _], _) => 0x12,
            _ => return,
        };
        let mut sink = sink.lock().expect("no panic while it is held");
        sink.write_all(&[answer]).expect("the driver listens");
    }
}

#[test]
fn a_printer_that_waits_for_paper_in_the_middle_of_a_job_is_asked_why_and_not_filled_up() {
    let asked = Arc::new(Asked::default());
    asked.is_stuck.store(true, Ordering::Relaxed);
    asked.is_out_of_paper.store(true, Ordering::Relaxed);
    let hears = Arc::clone(&asked);
    let port = Port::open(Bind::Pty, move |_, sink, bytes| hears.hear(sink, bytes)).unwrap();
    let mut printer = Printer::new(port.endpoint(), profile("generic-80"));
    let long = Sheets::Raster([pictures(Paper::Mm80), pictures(Paper::Mm80)].concat());
    let outcome = printer.send(&long, |_| {});
    assert_eq!(outcome, Outcome::Uncertain(Doubt::Stalled));
    // It takes questions again, and still has no paper.
    asked.is_stuck.store(false, Ordering::Relaxed);
    eventually(|| printer.status() == Status::PaperOut);
    let taken = asked.taken.load(Ordering::Relaxed);
    assert_eq!(printer.status(), Status::PaperOut);
    assert!(printer.has_part_of_a_job());
    assert!(asked.taken.load(Ordering::Relaxed) <= taken + 12);
    asked.is_out_of_paper.store(false, Ordering::Relaxed);
    assert_eq!(printer.status(), Status::Ready);
    assert!(!printer.has_part_of_a_job());
    assert!(asked.taken.load(Ordering::Relaxed) > taken + 9000);
}

#[test]
fn a_network_printer_that_reads_no_more_is_asked_on_a_connection_of_its_own() {
    let asked = Arc::new(Asked::default());
    asked.is_out_of_paper.store(true, Ordering::Relaxed);
    let first = AtomicU64::new(0);
    let port = Port::open(LOOPBACK, move |peer, sink, bytes| {
        let first = first.compare_exchange(0, peer, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_err_and(|first| first != peer) {
            asked.hear(sink, bytes);
        }
    })
    .unwrap();
    let mut printer = Printer::new(port.endpoint(), profile("generic-80"));
    // The kernel takes all of it.
    let outcome = printer.send(&slip(Paper::Mm80), |_| {});
    assert_eq!(outcome, Outcome::Uncertain(Doubt::NoProof));
    assert_eq!(printer.status(), Status::PaperOut);
}
