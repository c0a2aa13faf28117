//! Slips in the printer's own type.

use hardware::printer::simulator::{Model, Pace, Simulator};
use hardware::printer::{Outcome, Printer, Sheets};
use hardware::simulator::{Simulated as _, read_traffic};
use hardware::slip::{Layout, Paper, Size, set_text};

use crate::support::dots;
use crate::{LOOPBACK, layout, profile, slip};

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
            let mut layout: Layout = serde_json::from_str(include_str!("../residence-permit.json")).unwrap();
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
