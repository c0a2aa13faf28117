//! A small fleet through a short day: everything that a large one is for must hold.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;
use fleet::day::{self, Plan};
use fleet::terminal::LineKind;
use fleet::traffic::Kind;
use fleet::{picture, report};

/// Whether the test can run. Where nginx is missing it says so, and fails where everything must be there.
fn is_installed() -> bool {
    let found = Command::new("nginx")
        .arg("-v")
        .stderr(Stdio::null())
        .status()
        .is_ok();
    let missing = "nginx is not installed: `cargo xtask setup` installs it";
    assert!(found || std::env::var_os("CI").is_none(), "{missing}");
    if !found {
        eprintln!("skipped: {missing}");
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_fleet_hands_everything_in_once_and_all_of_it_switches() -> Result<()> {
    if !is_installed() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let plan = Plan {
        terminals: 30,
        length: Duration::from_hours(2),
        switched_on: Duration::from_mins(10),
        poll: Duration::from_mins(5),
        report: Duration::from_mins(5),
        submissions: 96.0,
        dropping: 50,
        seed: 1,
    };
    let day = day::live(plan, folder.path()).await?;
    let table = report::table(&day);
    println!("{table}");
    day::judge(&day)?;

    assert!(day.accepted > 0);
    assert_eq!(day.traffic.new, day.accepted as u64, "new to the hub once each");
    assert!(day.cuts > 0, "no line dropped");
    assert!(
        day.traffic.known > 0,
        "no answer was lost after the hub had taken something"
    );
    assert!(day.traffic.refused > 0, "nobody met the hub while it was away");
    for kind in Kind::ALL {
        assert!(day.traffic.of(kind).requests > 0, "{kind:?}");
    }
    assert!(day.traffic.unchanged > 0);
    for line in [LineKind::Sound, LineKind::Dropping] {
        assert_eq!(day.converged.iter().filter(|(kind, _)| *kind == line).count(), 15);
    }
    for row in ["all", "p99", "busiest minute", "duplicates", "lost"] {
        assert!(table.contains(row), "{row}");
    }
    let drawing = folder.path().join("fleet.svg");
    picture::draw(&day, &drawing)?;
    assert!(std::fs::read_to_string(drawing)?.contains("requests a minute"));
    Ok(())
}
