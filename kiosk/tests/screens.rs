//! Every page in every way of seeing it, over the whole sample.

mod support;

use catalog::record::{Kind, RecordId};
use kiosk::navigation::{List, Place};
use kiosk::testing::{Seen, Visitor};
use slint::{Rgba8Pixel, SharedPixelBuffer};
use support::{Sight, Way};

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
    for way in Way::all() {
        let visitor = support::arrive_again(state.path(), way);
        for (name, place) in pages(&visitor) {
            visitor.app().home();
            visitor.app().open(place);
            let name = format!("{}/{name}", way.name());
            visitor
                .save_picture(&support::pictures().join(format!("{name}.png")))
                .unwrap();
            check(&visitor, way, &name);
        }
        visitor.app().end_visit();
        let name = format!("{}/01-attract", way.name());
        visitor
            .save_picture(&support::pictures().join(format!("{name}.png")))
            .unwrap();
        assert!(visitor.sees(&support::word(way, "attract-start")), "{name}");
        assert!(is_a_picture(&visitor.picture().unwrap()), "{name} is blank");
    }
}

/// What holds for every page between the bars.
fn check(visitor: &Visitor, way: Way, name: &str) {
    let seen = visitor.seen();
    for key in ["bar-home", "bar-size", "bar-speak", "bar-finish"] {
        assert!(visitor.sees(&support::word(way, key)), "{name}: the bar is whole");
    }
    assert!(is_a_picture(&visitor.picture().unwrap()), "{name} is blank");
    let keys: Vec<&Seen> = seen.iter().filter(|seen| is_a_key(&seen.label)).collect();
    assert!(keys.is_empty(), "{name}: unresolved words {keys:#?}");
    for control in seen.iter().filter(|seen| seen.is_control() && seen.enabled) {
        let [_, y, width, height] = control.place;
        assert!(
            width >= 72.0 && height >= 72.0,
            "{name}: too small for a finger: {control:?}"
        );
        if way.sight == Sight::Low {
            assert!(y + 0.5 >= 960.0, "{name}: out of low reach: {control:?}");
        }
    }
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
    let mut colours: Vec<_> = picture
        .as_slice()
        .iter()
        .map(|pixel| (pixel.r, pixel.g, pixel.b))
        .collect();
    colours.sort_unstable();
    colours.dedup();
    colours.len() > 16
}
