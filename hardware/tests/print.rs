//! A job from the driver to the paper, over a real socket or terminal, with the simulator at the other end.

use std::fs::File;
use std::io::BufReader;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use hardware::printer::simulator::{Condition, Pace, Simulator};
use hardware::printer::{Doubt, Outcome, Printer, Profile, Proof, Status};
use hardware::simulator::{Bind, ask};
use hardware::slip::{Bitmap, Element, Fonts, Layout, Paper, Size, TextStyle, render};
use hardware::wire::Endpoint;
use serde_json::json;

const LOOPBACK: Bind = Bind::Tcp(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0));

fn slip(paper: Paper) -> Vec<Bitmap> {
    let words = "到其他城市居住半年以上，有合法稳定就业、合法稳定住所、连续就读之一。".repeat(4);
    let layout = Layout {
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
    };
    render(&layout, paper, &Fonts::system().expect("fonts"))
        .expect("a slip")
        .sheets
}

fn profile(name: &str) -> Profile {
    Profile::by_name(name).expect("a profile").clone()
}

fn start(folder: &Path, bind: Bind) -> (Simulator, Printer) {
    let simulator = Simulator::start(bind, folder, Pace::Instant).expect("a port");
    let printer = Printer::new(simulator.endpoint().clone(), profile("generic-80"));
    (simulator, printer)
}

/// The dots of a PNG; `true` is black.
fn dots(path: &Path) -> Vec<Vec<bool>> {
    let file = BufReader::new(File::open(path).expect("a slip"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("a picture");
    bytes
        .chunks(info.line_size)
        .map(|row| {
            (0..info.width as usize)
                .map(|x| row[x / 8] & (0x80 >> (x % 8)) == 0)
                .collect()
        })
        .collect()
}

#[test]
fn what_comes_out_is_dot_for_dot_what_was_rendered() {
    for bind in [LOOPBACK, Bind::Pty] {
        for (name, paper) in [("generic-58", Paper::Mm58), ("generic-80", Paper::Mm80)] {
            let folder = tempfile::tempdir().unwrap();
            let simulator = Simulator::start(bind, folder.path(), Pace::Instant).unwrap();
            let mut printer = Printer::new(simulator.endpoint().clone(), profile(name));
            let sheets = slip(paper);
            let mut told = Vec::new();
            let outcome = printer.print(&sheets, |percent| told.push(percent));
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
    let (simulator, mut printer) = start(folder.path(), LOOPBACK);
    for (condition, status) in [
        (Condition::PaperOut, Status::PaperOut),
        (Condition::CoverOpen, Status::CoverOpen),
        (Condition::CutterError, Status::CutterError),
        (Condition::Offline, Status::Offline),
    ] {
        simulator.set(condition);
        assert_eq!(
            printer.print(&slip(Paper::Mm80), |_| {}),
            Outcome::NotSent { status }
        );
        simulator.clear(condition);
    }
    assert_eq!(printer.status(), Status::Ready);
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
            let mut printer = Printer::new(simulator.endpoint().clone(), profile(name));
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
        let mut printer = Printer::new(simulator.endpoint().clone(), profile(name));
        let sheets = slip(profile(name).paper);
        simulator.set_after(20, Condition::PaperOut);
        assert!(matches!(printer.print(&sheets, |_| {}), Outcome::Uncertain(_)));
        // With a new roll the printer finishes the first job, answers for it, and the roll ends again
        // 40 rows into the second.
        simulator.set_after(sheets[0].height() - 20 + 40, Condition::PaperOut);
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
    let Endpoint::Tcp(address) = simulator.endpoint().clone() else {
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
    assert_eq!(state, json!({"conditions": ["near-end"], "slips": []}));
    let mut printer = Printer::new(simulator.endpoint().clone(), profile("generic-80"));
    assert_eq!(printer.status(), Status::NearEnd);
    assert_eq!(
        ask(&socket, &json!({"clear": "near-end"})).unwrap()["conditions"],
        json!([])
    );
    assert!(ask(&socket, &json!({"set": "on-fire"})).unwrap()["error"].is_string());
}
