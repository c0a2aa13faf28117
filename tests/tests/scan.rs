//! A code that is shown to the scanner opens its page on the screen.

use anyhow::{Context as _, Result};
use serde_json::json;
use system_tests::resident::Resident;
use system_tests::terminal::{PublicAddress, Terminal};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

#[test]
fn a_slip_shown_to_the_scanner_opens_its_page_and_a_strangers_code_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, config) = Terminal::at_work(folder.path(), PublicAddress::Hub)?;
    let resident = Resident::arrive(&config, Orientation::Portrait, Language::Zh)?;
    resident.wait_until("the attract screen", |visitor| {
        visitor.sees(&resident.word("attract-start"))
    })?;

    let scanner = terminal.scanner.as_ref().context("the scanner is plugged in")?;
    let show = |text: &str| hardware::simulator::ask(scanner.control(), &json!({ "scan": text }));
    let own = format!("{}i/guide-006", terminal.url());
    resident.wait_until("the page of the slip", |visitor| {
        // The agent may still be opening the scanner.
        visitor.reads("本人居民身份证") || show(&own).is_err()
    })?;

    show("https://elsewhere.example/i/guide-041")?;
    show("law-2818")?;
    resident.wait_for("优化营商环境条例")?;
    resident.press_word("bar-back");
    resident.wait_for("本人居民身份证")?;
    // The receipt of something that was handed in: nobody waits for a page that does not come.
    show("MC-R-01JDXYZ7K2")?;
    resident.wait_for(&resident.word("toast-scan-receipt"))?;
    resident.press_word("bar-back");
    assert!(
        resident.visitor().sees(&resident.word("home-areas")),
        "home lies behind the first page, and nothing of the stranger's code"
    );
    Ok(())
}
