//! What counts as a proof, and what stays in doubt.

use std::time::{Duration, Instant};

use hardware::printer::simulator::{Condition, Pace, Simulator};
use hardware::printer::{Doubt, Outcome, PROFILES, Printer, Sheets, Status};
use hardware::simulator::{Bind, LineFaults, Port, Simulated as _, Sink};
use hardware::slip::{Bitmap, Paper};
use hardware::wire::Wire;

use crate::support::dots;
use crate::{LOOPBACK, pictures, profile, slip, start};

/// A printer that is well, never answers `GS r`, and says stray bytes when a job ends.
fn stray(noise: Vec<u8>) -> Port {
    let answer = move |_, sink: &Sink, bytes: &[u8]| {
        let said = match bytes {
            [0x10, 0x04, _] => &[0x12][..],
            _ if bytes.ends_with(b"\x1dr\x01") => &noise,
            _ => return,
        };
        let mut sink = sink.lock().expect("no panic while it is held");
        sink.write_all(said).expect("the driver listens");
    };
    Port::open(LOOPBACK, answer).expect("a port")
}

#[test]
fn what_comes_out_is_dot_for_dot_what_was_rendered() {
    for bind in [LOOPBACK, Bind::Pty] {
        for (name, paper) in [("generic-58", Paper::Mm58), ("generic-80", Paper::Mm80)] {
            let folder = tempfile::tempdir().unwrap();
            let simulator = Simulator::start(bind.clone(), folder.path(), Pace::Instant).unwrap();
            let mut printer = Printer::new(simulator.endpoint(), profile(name));
            let sheets = pictures(paper);
            let mut told = Vec::new();
            let outcome = printer.print(&Sheets::Raster(sheets.clone()), |percent| told.push(percent));
            assert_eq!(
                outcome,
                Outcome::Proven {
                    by: profile(name).proof
                }
            );
            assert_eq!(told.last(), Some(&100));
            let paper = dots(&simulator.state().slips[0]);
            assert_eq!(paper.len(), sheets[0].height() as usize);
            for (y, row) in paper.iter().enumerate() {
                for (x, black) in row.iter().enumerate() {
                    assert_eq!(
                        *black,
                        sheets[0].is_black(x as u32, y as u32),
                        "{name} {bind:?} {x},{y}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_printer_that_cannot_print_is_sent_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, _) = start(folder.path(), LOOPBACK);
    for profile in &PROFILES {
        let mut printer = Printer::new(simulator.endpoint(), profile.clone());
        for (condition, status) in [
            (Condition::PaperOut, Status::PaperOut),
            (Condition::CoverOpen, Status::CoverOpen),
            (Condition::CutterError, Status::CutterError),
            (Condition::Recoverable, Status::Recoverable),
            (Condition::Unrecoverable, Status::Unrecoverable),
            (Condition::Offline, Status::Offline),
        ] {
            simulator.set(condition);
            assert_eq!(
                printer.print(&slip(Paper::Mm80), |_| {}),
                Outcome::NotSent { status },
                "{}",
                profile.name
            );
            simulator.clear(condition);
        }
        assert_eq!(printer.status(), Status::Ready);
    }
    assert!(simulator.state().slips.is_empty());
}

#[test]
fn a_roll_that_ends_in_the_middle_is_never_a_proven_print() {
    for name in ["generic-58", "generic-80"] {
        for (rows, condition, status) in [
            (1, Condition::PaperOut, Status::PaperOut),
            (150, Condition::PaperOut, Status::PaperOut),
            (150, Condition::CoverOpen, Status::CoverOpen),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let simulator = Simulator::start(LOOPBACK, folder.path(), Pace::Instant).unwrap();
            let mut printer = Printer::new(simulator.endpoint(), profile(name));
            simulator.set_after(rows, condition);
            let outcome = printer.print(&slip(profile(name).paper), |_| {});
            assert_eq!(
                outcome,
                Outcome::Uncertain(Doubt::Fault(status)),
                "{name} after {rows} rows"
            );
            assert!(simulator.state().slips.is_empty());
        }
    }
}

#[test]
fn the_late_proof_of_an_earlier_job_does_not_prove_the_next() {
    for name in ["generic-58", "generic-80"] {
        let folder = tempfile::tempdir().unwrap();
        let simulator = Simulator::start(LOOPBACK, folder.path(), Pace::Instant).unwrap();
        let mut printer = Printer::new(simulator.endpoint(), profile(name));
        let sheets = slip(profile(name).paper);
        let height = sheets.rows();
        simulator.set_after(20, Condition::PaperOut);
        assert!(matches!(printer.print(&sheets, |_| {}), Outcome::Uncertain(_)));
        // With a new roll the printer finishes the first job, answers for it, and the roll ends again
        // 40 rows into the second.
        simulator.set_after(height - 20 + 40, Condition::PaperOut);
        simulator.clear(Condition::PaperOut);
        assert!(
            matches!(printer.print(&sheets, |_| {}), Outcome::Uncertain(_)),
            "{name}"
        );
        assert_eq!(simulator.state().slips.len(), 1, "{name}");
    }
}

#[test]
fn a_printer_that_never_answers_leaves_the_end_open() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    simulator.set(Condition::SilentProof);
    assert_eq!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Uncertain(Doubt::NoProof)
    );
    assert_eq!(simulator.state().slips.len(), 1);
}

#[test]
fn stray_bytes_on_the_line_prove_no_print_be_they_few_or_many() {
    let sheets = slip(Paper::Mm58);
    std::thread::scope(|scope| {
        for noise in [
            vec![0x00],
            vec![0x03],
            vec![0x41],
            // Two that look like answers, and no answers to two questions in a row.
            vec![0x00, 0x41, 0x00],
            // A burst, of which many do.
            vec![0x00; 200],
            (0..=u8::MAX).rev().cycle().take(1000).collect(),
        ] {
            let sheets = &sheets;
            scope.spawn(move || {
                let port = stray(noise.clone());
                let mut printer = Printer::new(port.endpoint(), profile("generic-58"));
                assert_eq!(printer.status(), Status::Ready);
                let outcome = printer.send(sheets, |_| {});
                assert_eq!(outcome, Outcome::Uncertain(Doubt::NoProof), "{noise:02x?}");
            });
        }
    });
}

/// The header of a band of 128 rows, and three of them.
fn begin_a_job(simulator: &Simulator) {
    let mut begun = b"\x1b@\x1dv0\x00\x48\x00\x80\x00".to_vec();
    begun.extend([0xff; 3 * 72]);
    let mut wire = Wire::open(&simulator.endpoint()).expect("a line");
    wire.write_all(&begun, Instant::now() + Duration::from_secs(10))
        .expect("the printer takes it");
}

#[test]
fn nothing_of_a_job_that_was_cut_short_gets_into_the_next_slip() {
    let looked_at_first = |printer: &mut Printer, sheets: &Sheets| printer.print(sheets, |_| {});
    let sent_at_once = |printer: &mut Printer, sheets: &Sheets| printer.send(sheets, |_| {});
    for (name, print) in [
        (
            "generic-80",
            looked_at_first as fn(&mut Printer, &Sheets) -> Outcome,
        ),
        ("kiosk-80", looked_at_first),
        ("generic-80", sent_at_once),
        ("kiosk-80", sent_at_once),
    ] {
        let folder = tempfile::tempdir().unwrap();
        // A terminal's printer does not notice that the process at its other end is another one.
        let (simulator, _) = start(folder.path(), Bind::Pty);
        begin_a_job(&simulator);
        let mut printer = Printer::new(simulator.endpoint(), profile(name));
        printer.expect_part_of_a_job();
        let sheets = pictures(Paper::Mm80);
        let outcome = print(&mut printer, &Sheets::Raster(sheets.clone()));
        assert!(matches!(outcome, Outcome::Proven { .. }), "{name}: {outcome:?}");
        assert!(!printer.has_part_of_a_job());
        let slips = simulator.state().slips;
        assert_eq!(slips.len(), 2, "{name}");
        let rest = dots(&slips[0]);
        assert_eq!(rest.len(), 128);
        assert!(rest[..3].iter().flatten().all(|black| *black));
        // Of a printer that takes it for a picture, the question makes a few dots.
        let question = 3 * 8;
        assert!(rest[3][question..].iter().all(|black| !black));
        assert!(rest[4..].iter().flatten().all(|black| !black));
        let slip = dots(&slips[1]);
        assert_eq!(slip.len(), sheets[0].height() as usize, "{name}");
        let black = |row: usize, column: usize| sheets[0].is_black(column as u32, row as u32);
        assert!(slip.iter().enumerate().all(|(row, dots)| {
            dots.iter()
                .enumerate()
                .all(|(column, dot)| *dot == black(row, column))
        }));
    }
}

#[test]
fn a_slow_line_is_given_the_time_that_its_bytes_take() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, _) = start(folder.path(), Bind::Pty);
    simulator.line().set(LineFaults {
        baud: 4800,
        ..LineFaults::default()
    });
    let mut printer = Printer::new(simulator.endpoint().at(4800), profile("generic-58"));
    assert_eq!(printer.status(), Status::Ready);
    // All of it is in the buffers of the line at once, and on the paper a quarter of a minute later.
    let sheets = Sheets::Raster(vec![Bitmap::new(384, 150)]);
    let outcome = printer.print(&sheets, |_| {});
    assert!(matches!(outcome, Outcome::Proven { .. }), "{outcome:?}");
}
