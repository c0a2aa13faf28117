//! Scanner and card reader, driver against simulator, over real sockets and terminals.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use hardware::card::simulator::Card;
use hardware::card::{ReadError, Reader};
use hardware::scanner::Scanner;
use hardware::simulator::{Bind, ask};
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
        let mut scanner = Scanner::open(simulator.endpoint()).unwrap();
        while ask(&socket, &json!({"scan": "mc:guide-006"})).unwrap()["listeners"] == json!(0) {}
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
        let mut reader = Reader::open(simulator.endpoint()).unwrap();
        assert!(matches!(reader.read(), Err(ReadError::NoCard)));
        simulator.place(Card::Laid);
        assert_eq!(reader.read().unwrap().masked_number(), "110•••••••••••002X");
        assert!(matches!(reader.read(), Err(ReadError::NoCard)));
        simulator.place(Card::Away);
        simulator.place(Card::Laid);
        assert!(reader.read().is_ok());
    }
}

#[test]
fn a_card_that_is_pulled_while_it_is_read_is_asked_for_again() {
    let simulator = card::simulator::Simulator::start(LOOPBACK).unwrap();
    let mut reader = Reader::open(simulator.endpoint()).unwrap();
    simulator.place(Card::Pulled);
    assert!(matches!(reader.read(), Err(ReadError::Interrupted)));
    simulator.place(Card::Laid);
    assert!(reader.read().is_ok());
}
