//! Devices that are plugged in while the agent runs.

use hardware::card::simulator::Place;
use hardware::printer::simulator::{Model, Pace};
use hardware::simulator::{Bind, Plug, Simulated as _};
use terminal_api::interface::{CardStage, Consent, DeviceKind, DeviceState, JobState};

use crate::terminal::{Bench, until};
use crate::{GOOD, plug};

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_was_never_there_is_away_and_found_once_it_comes() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(
        Bind::PtyAt(bench.path("by-id-printer")),
        Model::with_pace(Pace::Instant),
    );
    printer.line().set(plug(Plug::Out));
    until("the link to go", || !bench.path("by-id-printer").exists());
    bench.start().await;
    bench.until_device(DeviceKind::Printer, DeviceState::Away).await;
    printer.line().set(GOOD);
    bench.until_device(DeviceKind::Printer, DeviceState::Ready).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_were_pulled_together_each_come_back_behind_their_own_link() {
    let mut bench = Bench::new().await;
    let by_id = |name: &str| bench.path("by-id").join(name);
    let [printer, scanner, reader] = ["printer", "scanner", "reader"].map(by_id);
    std::fs::create_dir(bench.path("by-id")).unwrap();
    let files = [printer.clone(), scanner.clone(), reader.clone()];
    let printer = bench.plug_printer(Bind::PtyAt(printer), Model::with_pace(Pace::Instant));
    let scanner = bench.plug_scanner(Bind::PtyAt(scanner));
    let reader = bench.plug_card_reader(Bind::PtyAt(reader));
    let kinds = [DeviceKind::Printer, DeviceKind::Scanner, DeviceKind::CardReader];
    let wires = [printer.line(), scanner.line(), reader.line()];
    bench.start().await;
    for kind in kinds {
        bench.until_device(kind, DeviceState::Ready).await;
    }
    for line in wires {
        line.set(plug(Plug::Out));
    }
    for (kind, link) in kinds.into_iter().zip(&files) {
        until("the link to go", || !link.exists());
        bench.until_device(kind, DeviceState::Away).await;
    }
    for (kind, line) in kinds.into_iter().zip(wires) {
        line.set(GOOD);
        bench.until_device(kind, DeviceState::Ready).await;
    }
    let id = bench.print().await;
    bench.until_job(&id, JobState::Proven).await;
    scanner.scan(b"guide-006");
    bench.until_scans(1).await;
    reader.place(Place::Laid);
    assert_eq!(
        bench.read_card(Consent::Given).until_last().await.last(),
        Some(&CardStage::Read)
    );
}
