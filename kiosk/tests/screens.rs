//! Every page in every way of seeing it, over the whole sample.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

mod support;

use std::collections::HashSet;

use catalog::record::{Kind, RecordId};
use kiosk::navigation::{List, Place};
use kiosk::service::Service;
use kiosk::testing::{Seen, Visitor};
use kiosk::words::Words;
use slint::{Rgba8Pixel, SharedPixelBuffer};
use support::{Sight, Way};
use terminal_api::interface::{NetworkState, PrinterState, ReleaseState, SlotState};

/// The pages with a name for their picture and a word that must be on them.
fn pages(visitor: &Visitor) -> Vec<(&'static str, Place)> {
    let content = visitor.app().content();
    let first = |kind: Kind| Place::record(content.of_kind(kind)[0].id.clone());
    let area = |id: &str| Place::Area {
        id: RecordId::try_from(id).unwrap(),
        kind: None,
    };
    vec![
        ("02-home", Place::Home),
        ("08-areas", Place::Areas),
        ("08-area", area("area-hj")),
        ("list-events", Place::List(List::Events)),
        ("list-audiences", Place::List(List::Audiences)),
        ("list-guide-areas", Place::List(List::GuideAreas)),
        ("list-guides", Place::List(List::Guides)),
        ("list-service-items", Place::List(List::ServiceItems)),
        ("list-documents", Place::List(List::Documents(None))),
        ("list-entries", Place::List(List::Entries)),
        ("list-interpretations", Place::List(List::Interpretations)),
        ("list-datasets", Place::List(List::Datasets)),
        ("my-list", Place::MyList),
        ("suggestions", Place::Suggestions),
        ("guide", first(Kind::Guide)),
        ("entry", first(Kind::Entry)),
        ("document", first(Kind::Document)),
        ("interpretation", first(Kind::Interpretation)),
        ("dataset", first(Kind::Dataset)),
        ("service-item", first(Kind::ServiceItem)),
        ("plan", first(Kind::Plan)),
        ("form", first(Kind::Form)),
        ("gone", Place::record(RecordId::try_from("guide-gone").unwrap())),
    ]
}

#[test]
fn every_page_comes_up_in_every_way_of_seeing_it() {
    let state = support::state_with_sample();
    drop(support::arrive(state.path(), Way::USUAL));
    let mut faults = Vec::new();
    for way in Way::all() {
        let visitor = support::arrive_again(state.path(), way);
        let words = Words::new(way.language);
        for (name, place) in pages(&visitor) {
            visitor.app().home();
            visitor.app().open(place);
            photograph(&visitor, way, name);
            let found = faults_of(&visitor.seen(), way, &words);
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{}/{name}: {fault}", way.name())),
            );
        }
        visitor.app().end_visit();
        photograph(&visitor, way, "01-attract");
        assert!(visitor.sees(&words.get("attract-start")), "{way:?}");
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn what_does_not_work_is_told_in_every_way_of_seeing_it() {
    let state = support::state_with_sample();
    drop(support::arrive(state.path(), Way::USUAL));
    let there = |printer, network, release, slot| Service::There {
        printer,
        network,
        release,
        slot,
    };
    let (ready, reachable, current) = (
        PrinterState::Ready,
        NetworkState::Reachable,
        ReleaseState::Current,
    );
    let troubles = [
        ("15-agent", "trouble-agent", Service::Away),
        (
            "15-paper",
            "trouble-paper",
            there(PrinterState::PaperOut, reachable, current, None),
        ),
        (
            "15-slip",
            "trouble-slip",
            there(ready, reachable, current, Some(SlotState::Left)),
        ),
        (
            "15-offline",
            "trouble-offline",
            there(ready, NetworkState::Unreachable, current, None),
        ),
    ];
    for way in Way::all() {
        let visitor = support::arrive_again(state.path(), way);
        let words = Words::new(way.language);
        for (name, key, service) in &troubles {
            visitor.app().set_service(service.clone());
            visitor.app().home();
            photograph(&visitor, way, name);
            // In low reach the chip in the bar tells it alone.
            let key = if way.sight == Sight::Low {
                format!("{key}-chip")
            } else {
                (*key).to_owned()
            };
            assert!(visitor.reads(&words.get(&key)), "{key} {way:?}");
            let faults = faults_of(&visitor.seen(), way, &words);
            assert!(faults.is_empty(), "{name} {way:?}: {faults:#?}");
        }
    }
}

/// Writes the picture of a page, which must not be blank.
fn photograph(visitor: &Visitor, way: Way, name: &str) {
    let path = support::pictures().join(way.name()).join(format!("{name}.png"));
    let picture = visitor.save_picture(&path).unwrap();
    assert!(is_a_picture(&picture), "{} is blank", path.display());
}

/// What is wrong with a page between the bars.
fn faults_of(seen: &[Seen], way: Way, words: &Words) -> Vec<String> {
    let mut faults = Vec::new();
    for key in ["bar-home", "bar-size", "bar-speak", "bar-finish"] {
        let word = words.get(key);
        if !seen.iter().any(|seen| seen.label == word) {
            faults.push(format!("{word:?} is missing in the bar"));
        }
    }
    for seen in seen {
        let [_, y, width, height] = seen.place;
        if is_a_key(&seen.label) {
            faults.push(format!("a word is missing: {seen:?}"));
        }
        if seen.is_control() && (width < 72.0 || height < 72.0) {
            faults.push(format!("too small for a finger: {seen:?}"));
        }
        if seen.is_control() && seen.enabled && way.sight == Sight::Low && y + 0.5 < 960.0 {
            faults.push(format!("out of low reach: {seen:?}"));
        }
    }
    faults
}

/// Words that look like a key of the translations: `home-question`.
fn is_a_key(label: &str) -> bool {
    label.contains('-')
        && label.starts_with(|first: char| first.is_ascii_lowercase())
        && label
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether the picture has more than a few colours.
fn is_a_picture(picture: &SharedPixelBuffer<Rgba8Pixel>) -> bool {
    let mut colours = HashSet::new();
    picture.as_slice().iter().any(|pixel| {
        colours.insert((pixel.r, pixel.g, pixel.b));
        colours.len() > 16
    })
}
