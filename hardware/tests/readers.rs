//! Scanner and card reader, driver against simulator, over real sockets and terminals.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use hardware::card::codec::frame;
use hardware::card::example::Example;
use hardware::card::simulator::{Answers, LeftCard, Place, Request};
use hardware::card::{Kind, Look, Presence, ReadError, Reader};
use hardware::scanner::{Scanner, Source};
use hardware::simulator::{Bind, LineFaults, Plug, Simulated as _, ask};
use hardware::{card, scanner};
use serde_json::json;

const LOOPBACK: Bind = Bind::Tcp(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));

fn soon() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

#[test]
fn what_is_scanned_arrives_as_text() {
    for bind in [LOOPBACK, Bind::Pty] {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("control");
        let simulator = scanner::simulator::Simulator::start(bind)
            .unwrap()
            .with_control(&socket)
            .unwrap();
        let mut scanner = Scanner::open(&Source::Line(simulator.endpoint())).unwrap();
        let deadline = soon();
        while ask(&socket, &json!({"scan": "mc:guide-006"})).unwrap()["listeners"] == json!(0) {
            assert!(Instant::now() < deadline, "nobody listens");
        }
        assert_eq!(scanner.next(soon()).unwrap().as_deref(), Some("mc:guide-006"));
        let (gb, _, _) = encoding_rs::GB18030.encode("居住证");
        simulator.scan(&gb);
        assert_eq!(scanner.next(soon()).unwrap().as_deref(), Some("居住证"));
        assert_eq!(scanner.next(Instant::now()).unwrap(), None);
    }
}

#[test]
fn a_card_is_read_once_and_again_after_it_was_lifted() {
    for bind in [LOOPBACK, Bind::Pty] {
        let simulator = card::simulator::Simulator::start(bind).unwrap();
        let mut reader = Reader::open(&simulator.endpoint()).unwrap();
        assert!(matches!(reader.read(), Err(ReadError::NoCard)));
        simulator.place(Place::Laid);
        assert_eq!(reader.read().unwrap().masked_number(), "110•••••••••••002X");
        assert!(matches!(reader.read(), Err(ReadError::NoCard)));
        simulator.place(Place::Away);
        simulator.place(Place::Laid);
        assert!(reader.read().is_ok());
    }
}

#[test]
fn a_card_that_is_pulled_while_it_is_read_is_asked_for_again() {
    let simulator = card::simulator::Simulator::start(LOOPBACK).unwrap();
    let mut reader = Reader::open(&simulator.endpoint()).unwrap();
    simulator.place(Place::Pulled);
    assert!(matches!(reader.read(), Err(ReadError::Interrupted)));
    simulator.place(Place::Laid);
    assert!(reader.read().is_ok());
}

#[test]
fn a_late_answer_is_not_taken_for_that_to_the_next_command() {
    let simulator = card::simulator::Simulator::start(LOOPBACK).unwrap();
    let mut reader = Reader::open(&simulator.endpoint()).unwrap();
    let answers = |answers| Request {
        answers: Some(answers),
        ..Request::default()
    };
    simulator.place(Place::Laid);
    simulator.change(answers(Answers::OneLate));
    assert!(matches!(reader.find(), Err(ReadError::Silent)));
    // What is owed says that a card lies there; it was lifted since.
    simulator.place(Place::Away);
    for _ in 0..3 {
        let found = reader.find();
        assert!(matches!(found, Err(_) | Ok(false)), "{found:?}");
    }
    simulator.change(answers(Answers::InTurn));
    assert!(!reader.find().unwrap());
    simulator.place(Place::Laid);
    assert!(reader.read().is_ok());
}

#[test]
fn every_sort_of_card_is_read() {
    let simulator = card::simulator::Simulator::start(LOOPBACK).unwrap();
    let mut reader = Reader::open(&simulator.endpoint()).unwrap();
    for (example, kind) in [
        (Example::Resident, Kind::Resident),
        (Example::Expired, Kind::Resident),
        (Example::ResidencePermit, Kind::ResidencePermit),
        (Example::Foreign2017, Kind::Foreign2017),
        (Example::Foreign2023, Kind::Foreign2023),
    ] {
        simulator.change(Request {
            card: Some(Place::Laid),
            kind: Some(example),
            ..Request::default()
        });
        assert_eq!(reader.read().unwrap().kind, kind);
    }
}

#[test]
fn a_card_left_in_place_is_not_read_again_whatever_the_module_says_of_it() {
    for left_card in [LeftCard::Hidden, LeftCard::FoundAgain] {
        let simulator = card::simulator::Simulator::start(LOOPBACK).unwrap();
        simulator.change(Request {
            card: Some(Place::Laid),
            left_card: Some(left_card),
            ..Request::default()
        });
        let mut reader = Reader::open(&simulator.endpoint()).unwrap();
        let mut presence = Presence::default();
        assert_eq!(presence.look(reader.find().unwrap()), Look::New);
        reader.read_found().unwrap();
        presence.was_read();
        for _ in 0..10 {
            assert_ne!(presence.look(reader.find().unwrap()), Look::New);
        }
        simulator.place(Place::Away);
        for _ in 0..3 {
            assert_eq!(presence.look(reader.find().unwrap()), Look::Nothing);
        }
        simulator.place(Place::Laid);
        assert_eq!(presence.look(reader.find().unwrap()), Look::New);
    }
}

#[test]
fn an_answer_in_the_same_breath_as_noise_is_heard() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp:{}", listener.local_addr().unwrap());
    let module = std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let mut question = [0; 256];
        while line.read(&mut question).is_ok_and(|count| count > 0) {
            let mut noise = frame(&[0, 0, 0x90]).to_vec();
            *noise.last_mut().unwrap() ^= 1;
            line.write_all(&[noise, frame(&[0, 0, 0x90]).to_vec()].concat())
                .unwrap();
        }
    });
    let mut reader = Reader::open(&endpoint.parse().unwrap()).unwrap();
    reader.check().unwrap();
    drop(reader);
    module.join().unwrap();
}

#[test]
fn a_module_at_another_speed_is_found_by_asking() {
    let simulator = card::simulator::Simulator::start(Bind::Pty).unwrap();
    simulator.line().set(LineFaults {
        baud: 9600,
        ..LineFaults::default()
    });
    simulator.place(Place::Laid);
    let mut reader = Reader::open(&simulator.endpoint()).unwrap();
    assert!(reader.read().is_ok());
}

#[test]
fn a_hung_babbling_or_lossy_reader_gives_an_error_in_time_and_works_again_afterwards() {
    let simulator = card::simulator::Simulator::start(LOOPBACK).unwrap();
    let mut reader = Reader::open(&simulator.endpoint()).unwrap();
    simulator.place(Place::Laid);
    for faults in [
        LineFaults {
            plug: Plug::Hung,
            ..LineFaults::default()
        },
        LineFaults {
            plug: Plug::Babbling,
            ..LineFaults::default()
        },
        LineFaults {
            drop_every: 3,
            ..LineFaults::default()
        },
    ] {
        simulator.line().set(faults);
        if faults.plug != Plug::Babbling {
            assert!(reader.read().is_err(), "{faults:?}");
        } else if let Ok(card) = reader.read() {
            // The answer may be found among the noise; then it is whole.
            assert_eq!(card.masked_number(), "110•••••••••••002X");
        }
        simulator.line().set(LineFaults::default());
        simulator.place(Place::Laid);
        let recovered = (0..20).any(|_| reader.read().is_ok());
        assert!(recovered, "{faults:?}");
    }
}
