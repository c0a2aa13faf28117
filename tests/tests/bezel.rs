//! A printer that holds slips: the screen notices when one is taken, and when one is left behind.

use anyhow::{Context as _, Result};
use serde_json::json;
use system_tests::resident::Resident;
use system_tests::terminal::{PrinterModel, PublicAddress, Terminal};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

#[test]
fn a_slip_that_is_taken_needs_no_answer_and_one_that_is_left_is_spoken_of() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, config) = Terminal::at_work_with(folder.path(), PublicAddress::Hub, PrinterModel::Kiosk)?;
    let printer = terminal.printer.as_ref().context("the printer is plugged in")?;
    let scanner = terminal.scanner.as_ref().context("the scanner is plugged in")?;
    let resident = Resident::arrive(&config, Orientation::Portrait, Language::Zh)?;
    let guide = format!("{}i/guide-006", terminal.url());
    resident.wait_until("the page of the guide", |visitor| {
        // The agent may still be opening the scanner.
        visitor.reads("本人居民身份证")
            || hardware::simulator::ask(scanner.control(), &json!({ "scan": guide })).is_err()
    })?;
    let print = || {
        let key = resident.word("action-print");
        resident.wait_until("the printer to be known", |visitor| {
            let mut seen = visitor.seen().into_iter();
            seen.any(|seen| seen.label.contains(&key) && seen.enabled)
        })?;
        resident.press_part(&key)?;
        resident.wait_for(&resident.word("print-take"))
    };

    print()?;
    printer.clear("slip-waiting")?;
    resident.wait_until("the sheet to close", |visitor| {
        !visitor.reads(&resident.word("print-take"))
    })?;

    print()?;
    resident.press_word("print-done");
    resident.press_word("bar-home");
    resident.wait_for(&resident.word("trouble-slip"))?;
    printer.clear("slip-waiting")?;
    resident.wait_until("the slip to be taken", |visitor| {
        !visitor.reads(&resident.word("trouble-slip"))
    })?;
    Ok(())
}
