//! Two pulls and the switch between them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use catalog::record::Record;
use catalog::store::Store;

use crate::mount::Mounted;
use crate::support::{Place, area};

fn content(first: &str) -> Vec<Record> {
    let mut records = vec![area("area-0", first)];
    records.extend((1..60).map(|number| area(&format!("area-{number}"), &format!("领域{}", number * 7919))));
    records
}

/// A pull in a process of its own, into a state folder.
fn pull(place: &Place, state: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_sync-agent"))
        .args(["pull", "--from"])
        .arg(place.repository())
        .arg("--root")
        .arg(place.root())
        .arg("--state")
        .arg(state)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The generation that is shown, whole; 0 without content.
fn shown(place: &Place) -> u64 {
    let current = place.state().join("current");
    if fs::symlink_metadata(&current).is_err() {
        return 0;
    }
    let store = Store::open(&current).unwrap();
    store.quick_check().unwrap();
    let (generation, name) = place.shown();
    assert!(
        [(1, "旧名"), (2, "新名")].contains(&(generation, name.as_str())),
        "{generation} {name}"
    );
    generation
}

#[tokio::test(flavor = "multi_thread")]
async fn at_every_write_barrier_of_a_pull_a_generation_is_whole_and_the_next_pull_goes_through() {
    let place = Place::new().await;
    let recorded = place.path("recorded");
    let Some(mounted) = Mounted::new(&recorded) else {
        return;
    };
    let mut promised = Vec::new();
    for name in ["旧名", "新名"] {
        place.publish(&content(name)).await;
        pull(&place, &recorded);
        promised.push(mounted.moment());
    }
    let disk = mounted.unmount();
    let cuts = disk.power_cuts();
    for (moment, unsynced) in &cuts {
        disk.after_power_cut(*moment, *unsynced, &place.state()).unwrap();
        let least = promised.iter().filter(|promised| *promised <= moment).count();
        let after = shown(&place);
        assert!(
            after >= least as u64,
            "cut at {moment}, {unsynced:?}: {after}, though {least} was in use"
        );
        pull(&place, &place.state());
        assert_eq!(shown(&place), 2, "after a cut at {moment}, {unsynced:?}");
    }
    println!("{:>6}  cuts at the write barriers of two pulls", cuts.len());
}
