//! Every page, in every way of seeing it, over a real store.

mod support;

use std::collections::BTreeSet;

use kiosk::navigation::Place;
use support::{Way, stand};

#[test]
fn every_page_comes_up_in_every_way_of_seeing_it() {
    let folder = support::store();
    let visitor = stand(folder.path(), Way::ALL[0]);
    drop(visitor);
    for way in Way::ALL {
        let visitor = support::stand_again(folder.path(), *way);
        support::set(&visitor, *way);
        for (name, place) in support::places() {
            visitor.app().home();
            visitor.app().open(place.clone());
            if place == Place::Attract {
                visitor.app().end_visit();
            }
            let path = support::pictures().join(way.name()).join(format!("{name}.png"));
            visitor.save_picture(&path).unwrap();
            support::looks_alive(&visitor, &path);
        }
        drop(visitor);
    }
    let _: BTreeSet<()> = BTreeSet::new();
}
