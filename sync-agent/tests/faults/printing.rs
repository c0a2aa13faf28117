//! The queue and the roll over restarts and sessions, and what heads every slip.

use JobState::{Proven, Sending, Sent, Uncertain};
use hardware::printer::simulator::{Condition, Model, Pace, Simulator as Printer};
use hardware::simulator::{Bind, LineFaults, Simulated as _};
use hardware::slip::Bitmap;
use terminal_api::interface::{JobState, PrinterState};

use crate::GOOD;
use crate::terminal::{Bench, LOOPBACK, height, until};

/// A terminal with a printer that is ready.
async fn ready() -> (Bench, Printer) {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    (bench, printer)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_survives_a_restart_and_ends_with_the_session() {
    let (mut bench, printer) = ready().await;
    // The first print is with the printer, and its proof does not come.
    printer.set(Condition::SilentProof);
    let first = bench.print().await;
    bench.until_job(&first, Sent).await;
    let [second, third] = [bench.print().await, bench.print().await];
    let page = bench.connection().await.test_page().await.unwrap().id;
    assert_eq!(bench.connection().await.end_session().await.unwrap().cancelled, 2);
    for id in [&second, &third] {
        assert_eq!(bench.job(id).await.state, JobState::Cancelled);
    }
    let fourth = bench.print().await;
    printer.clear(Condition::SilentProof);
    bench.restart().await;
    assert_eq!(bench.job(&first).await.state, Uncertain);
    for id in [&page, &fourth] {
        bench.until_job(id, Proven).await;
    }
    assert_eq!(printer.state().slips.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_whose_printing_has_not_begun_is_not_printed_for_the_next_resident() {
    let (bench, printer) = ready().await;
    // The head is hot: the job is in hand and waits for it to cool.
    printer.set(Condition::Recoverable);
    let job = bench.print().await;
    assert_eq!(bench.connection().await.end_session().await.unwrap().cancelled, 1);
    assert_eq!(bench.job(&job).await.state, JobState::Cancelled);
    printer.clear(Condition::Recoverable);
    let next = bench.print().await;
    bench.until_job(&next, Proven).await;
    assert_eq!(printer.state().slips.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_print_gives_its_place_in_the_queue_back() {
    let (bench, printer) = ready().await;
    printer.set(Condition::SilentProof);
    let first = bench.print().await;
    bench.until_job(&first, Sent).await;
    for _ in 0..20 {
        let id = bench.print().await;
        bench.connection().await.cancel(&id).await.unwrap();
    }
    let last = bench.print().await;
    printer.clear(Condition::SilentProof);
    bench.until_job(&last, Proven).await;
    assert_eq!(printer.state().slips.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_told_to_end_brings_the_slip_in_hand_to_its_end() {
    let (mut bench, printer) = ready().await;
    // In the middle of the slip the printer has to cool down.
    printer.set_after(200, Condition::Recoverable);
    let id = bench.print().await;
    bench.until_job(&id, Sent).await;
    until("the printer cools down", || {
        !printer.state().conditions.is_empty()
    });
    bench.tell_to_end();
    printer.clear(Condition::Recoverable);
    assert!(bench.until_ended().success());
    assert_eq!(printer.state().slips.len(), 1);
    bench.restart().await;
    assert_eq!(bench.job(&id).await.state, Proven);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cut_short_is_brought_to_its_end_once_and_not_at_every_start() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(
        Bind::PtyAt(bench.path("by-id-printer")),
        Model::with_pace(Pace::Instant),
    );
    bench.configure("baud = 9600\n");
    // The slip is on the line for minutes.
    printer.line().set(LineFaults { baud: 9600, ..GOOD });
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let id = bench.print().await;
    // So much that the printer has begun to print it: what the line holds back is a few kilobytes.
    bench.until_sent(&id, 5).await;
    assert_eq!(bench.job(&id).await.state, Sending);
    bench.restart().await;
    printer.line().set(GOOD);
    bench.until_printer(PrinterState::Ready).await;
    assert_eq!(bench.job(&id).await.state, Uncertain);
    until("the rest of the job", || printer.state().slips.len() == 1);

    bench.restart().await;
    let next = bench.print().await;
    bench.until_job(&next, Proven).await;
    assert_eq!(printer.state().slips.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_is_counted_over_restarts_and_a_new_roll_counts_anew() {
    let mut bench = Bench::new().await;
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let left = async |bench: &Bench| bench.status().await.paper.unwrap().left_cm;
    let new = left(&bench).await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    let used = left(&bench).await;
    assert!(used < new - 20, "{used} of {new}");
    bench.restart().await;
    assert_eq!(left(&bench).await, used);
    assert_eq!(bench.connection().await.new_roll().await.unwrap().left_cm, new);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_heads_every_slip_and_the_test_page_and_a_broken_one_is_named_and_left_out() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.configure("logo = \"logo.png\"\n");
    catalog::atomic::write(&bench.path("logo.png"), b"no picture").unwrap();
    bench.start().await;
    bench.until_printer(PrinterState::Ready).await;
    let print = async |bench: &Bench| {
        let page = bench.connection().await.test_page().await.unwrap().id;
        for id in [bench.print().await, page] {
            bench.until_job(&id, Proven).await;
        }
    };
    print(&bench).await;
    let (passed, text) = bench.kioskctl(&["self-test"]);
    assert!(passed && text.contains("logo.png cannot be used"), "{text}");

    let mut logo = Bitmap::new(200, 100);
    logo.fill(0, 0, 200, 100);
    let file = std::fs::File::create(bench.path("logo.png")).unwrap();
    logo.write_png(file).unwrap();
    bench.restart().await;
    bench.until_printer(PrinterState::Ready).await;
    print(&bench).await;
    let (_, text) = bench.kioskctl(&["self-test"]);
    assert!(text.contains("logo        passed"), "{text}");
    let heights: Vec<u32> = printer.state().slips.iter().map(|slip| height(slip)).collect();
    // The logo and the white under it; the slips come in either order.
    let more: Vec<u32> = (0..2).map(|at| heights[at + 2] - heights[at]).collect();
    assert_eq!(more, [110, 110], "{heights:?}");
}
