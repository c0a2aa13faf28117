//! The self-test over everything.

use hardware::printer::simulator::{Condition, Model, Pace};
use terminal_api::interface::PrinterState;

use crate::terminal::{Bench, LOOPBACK};

#[tokio::test(flavor = "multi_thread")]
async fn the_self_test_names_what_fails_and_passes_when_all_is_well() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(passed, "{text}");
    assert!(text.contains("card reader not configured"), "{text}");
    printer.set(Condition::CoverOpen);
    bench.until_printer(PrinterState::CoverOpen).await;
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(!passed && text.contains("cover open since"), "{text}");
    let (_, status) = bench.kioskctl(&["status"]);
    assert!(status.contains("printer broken (cover open) since"), "{status}");
    assert!(status.contains("m left"), "{status}");
}
