//! A job from the driver to the paper, over a real socket or terminal, with the simulator at the other end.

mod support;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use hardware::printer::simulator::{Bezel, Condition, Model, Pace, Simulator};
use hardware::printer::{Doubt, Outcome, PROFILES, Printer, Profile, Proof, Sheets, Slot, Status};
use hardware::simulator::{Bind, LineFaults, Plug, Replay, Simulated as _, ask, read_traffic};
use hardware::slip::{Bitmap, Element, Fonts, Layout, Paper, Size, TextStyle, render, set_text};
use hardware::wire::Endpoint;
use serde_json::json;
use support::dots;

const LOOPBACK: Bind = Bind::Tcp(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0));

fn layout() -> Layout {
    let words = "到其他城市居住半年以上，有合法稳定就业、合法稳定住所、连续就读之一。".repeat(4);
    Layout {
        size: Size::Normal,
        elements: vec![
            Element::Title {
                text: "居住证申领".into(),
            },
            Element::Paragraph {
                text: words,
                style: TextStyle::Body,
            },
        ],
    }
}

fn pictures(paper: Paper) -> Vec<Bitmap> {
    render(&layout(), paper, &Fonts::system().expect("fonts"))
        .expect("a slip")
        .sheets
}

fn slip(paper: Paper) -> Sheets {
    Sheets::Raster(pictures(paper))
}

/// Waits until something holds.
fn eventually(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_mins(1), "waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn profile(name: &str) -> Profile {
    Profile::by_name(name).expect("a profile").clone()
}

fn start(folder: &Path, bind: Bind) -> (Simulator, Printer) {
    let simulator = Simulator::start(bind, folder, Pace::Instant).expect("a port");
    let printer = Printer::new(simulator.endpoint(), profile("generic-80"));
    (simulator, printer)
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
fn a_printer_that_is_not_there_is_disconnected_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    let Endpoint::Tcp(address) = simulator.endpoint() else {
        panic!("a socket")
    };
    assert_eq!(printer.status(), Status::Ready);
    drop(simulator);
    while printer.status() != Status::Disconnected {}
    let again = Simulator::start(Bind::Tcp(address.parse().unwrap()), folder.path(), Pace::Instant).unwrap();
    assert_eq!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Proven { by: Proof::ProcessId }
    );
    drop(again);
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
fn text_mode_decodes_back_to_the_same_chinese() {
    for (name, paper) in [("generic-58", Paper::Mm58), ("kiosk-80", Paper::Mm80)] {
        for size in [Size::Normal, Size::Large] {
            let folder = tempfile::tempdir().unwrap();
            let model = Model {
                paper,
                ..Model::with_pace(Pace::Instant)
            };
            let simulator = Simulator::start_model(LOOPBACK, folder.path(), model).unwrap();
            let mut printer = Printer::new(simulator.endpoint(), profile(name));
            let mut layout: Layout = serde_json::from_str(include_str!("residence-permit.json")).unwrap();
            layout.size = size;
            let sheets = set_text(&layout, profile(name).columns(), profile(name).characters).unwrap();
            let expected: String = sheets[0]
                .elements()
                .iter()
                .filter_map(|element| match element {
                    hardware::slip::TextElement::Line { text, .. } => Some(format!("{text}\n")),
                    _ => None,
                })
                .collect();
            let outcome = printer.print(&Sheets::Text(sheets), |_| {});
            assert!(matches!(outcome, Outcome::Proven { .. }), "{outcome:?}");
            let path = &simulator.state().slips[0];
            assert_eq!(
                std::fs::read_to_string(path.with_extension("txt")).unwrap(),
                expected
            );
            let width = dots(path)[0].len();
            assert_eq!(width, paper.dots() as usize);
        }
    }
}

#[test]
fn a_text_slip_is_a_fraction_of_its_raster_on_the_wire() {
    let folder = tempfile::tempdir().unwrap();
    let bytes_on_the_wire = |sheets: Sheets| {
        let simulator = Simulator::start(LOOPBACK, folder.path(), Pace::Instant).unwrap();
        let traffic = folder.path().join("traffic.jsonl");
        simulator.record(&traffic).unwrap();
        let mut printer = Printer::new(simulator.endpoint(), profile("generic-80"));
        assert!(matches!(printer.print(&sheets, |_| {}), Outcome::Proven { .. }));
        let exchanges = read_traffic(&traffic).unwrap();
        exchanges
            .iter()
            .map(|exchange| exchange.bytes.len())
            .sum::<usize>()
    };
    let text = set_text(&layout(), 48, profile("generic-80").characters).unwrap();
    let text = bytes_on_the_wire(Sheets::Text(text));
    let raster = bytes_on_the_wire(slip(Paper::Mm80));
    assert!(text * 10 < raster, "{text} and {raster}");
}

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
    simulator.set_after(100, Condition::CoverOpen);
    assert_eq!(
        printer.print(&slip(Paper::Mm80), |_| {}),
        Outcome::Uncertain(Doubt::Fault(Status::CoverOpen))
    );
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
