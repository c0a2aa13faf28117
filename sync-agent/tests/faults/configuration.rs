//! Configuration codes: taken, refused, kept, and never at the expense of a print.

use std::num::NonZeroU32;

use JobState::{Proven, Sent};
use catalog::clock::{Clock as _, SystemClock};
use catalog::settings::{Configuration, Settings};
use catalog::submission::DeviceKey;
use hardware::printer::simulator::{Condition, Model, Pace, Simulator as Printer};
use hardware::scanner::simulator::Simulator as Scanner;
use jiff::SignedDuration;
use terminal_api::interface::{Change, CodeVerdict, DeviceKind, DeviceState, JobState, Language, TextSize};

use crate::terminal::{Bench, LOOPBACK, PATIENCE, until};

/// A terminal with a printer, and a scanner that takes the codes of a hub.
async fn start() -> (Bench, Printer, Scanner, DeviceKey) {
    let hub = DeviceKey::generate().unwrap();
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    let scanner = bench.plug_scanner(LOOPBACK);
    let key = hex::encode(hub.public().as_bytes());
    bench.configure(&format!("configuration-key = \"{key}\"\n"));
    bench.start().await;
    for kind in [DeviceKind::Printer, DeviceKind::Scanner] {
        bench.until_device(kind, DeviceState::Ready).await;
    }
    (bench, printer, scanner, hub)
}

/// The terminal stands in 320571.
fn configuration(low_metres: u32) -> Configuration {
    let now = SystemClock.now();
    Configuration {
        issued: now,
        until: now + SignedDuration::from_hours(24),
        division: "3205".to_owned(),
        set: Settings {
            low_metres: NonZeroU32::new(low_metres),
            ..Settings::default()
        },
    }
}

async fn until_set(bench: &Bench, setting: &str) {
    let start = std::time::Instant::now();
    // While the agent starts anew nobody answers.
    loop {
        let settings = match terminal_api::client::Connection::open(&bench.path("terminal.sock")).await {
            Ok(mut agent) => agent.status().await.ok().and_then(|status| status.settings),
            Err(_) => None,
        };
        if settings.is_some_and(|settings| settings.settings == [setting]) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{setting} is not set");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// What was told of codes.
fn verdicts(bench: &Bench) -> Vec<CodeVerdict> {
    let changes = bench.events().into_iter().map(|event| event.change);
    changes
        .filter_map(|change| match change {
            Change::Configuration(verdict) => Some(verdict),
            _ => None,
        })
        .collect()
}

fn show(scanner: &Scanner, code: &str) {
    until("the line", || scanner.scan(code.as_bytes()) == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_the_hub_signed_counts_from_then_on_and_costs_no_print() {
    let (mut bench, printer, scanner, hub) = start().await;
    assert!(!bench.status().await.paper.unwrap().is_low);
    // In the middle of the slip the printer has to cool down.
    printer.set_after(200, Condition::Recoverable);
    let id = bench.print_in(Language::Zh, TextSize::Large).await;
    bench.until_job(&id, Sent).await;
    until("the printer cools down", || {
        !printer.state().conditions.is_empty()
    });
    show(&scanner, &configuration(65).sign(&hub));
    until("the verdict", || verdicts(&bench) == [CodeVerdict::Taken]);
    printer.clear(Condition::Recoverable);
    until_set(&bench, "printer.low-metres = 65").await;
    // The print was brought to its end first.
    assert_eq!(bench.job(&id).await.state, Proven);
    assert_eq!(printer.state().slips.len(), 1);

    show(&scanner, &configuration(70).sign(&hub));
    until_set(&bench, "printer.low-metres = 70").await;
    assert!(bench.status().await.paper.unwrap().is_low);
    bench.restart().await;
    assert!(bench.status().await.paper.unwrap().is_low);
    let (_, status) = bench.kioskctl(&["status"]);
    assert!(status.contains("setting    printer.low-metres = 70"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_not_for_this_terminal_changes_nothing_and_says_why() {
    let (mut bench, _printer, scanner, hub) = start().await;
    let good = configuration(65);
    let newer = configuration(66);
    show(&scanner, &newer.sign(&hub));
    until_set(&bench, "printer.low-metres = 66").await;
    bench.restart().await;
    bench.until_device(DeviceKind::Scanner, DeviceState::Ready).await;

    let stranger = DeviceKey::generate().unwrap();
    let elsewhere = Configuration {
        division: "3101".to_owned(),
        ..configuration(65)
    };
    let expired = Configuration {
        until: SystemClock.now() - SignedDuration::from_hours(1),
        ..configuration(65)
    };
    let mut expected = Vec::new();
    for (code, verdict) in [
        (configuration(65).sign(&stranger), CodeVerdict::Forged),
        (elsewhere.sign(&hub), CodeVerdict::Elsewhere),
        (expired.sign(&hub), CodeVerdict::Expired),
        (good.sign(&hub), CodeVerdict::Superseded),
        (newer.sign(&hub), CodeVerdict::Known),
    ] {
        show(&scanner, &code);
        expected.push(verdict);
        until("the verdict", || verdicts(&bench) == expected);
    }
    let settings = bench.status().await.settings.unwrap();
    assert_eq!(settings.settings, ["printer.low-metres = 66"]);
}
