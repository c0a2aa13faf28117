//! From a published catalogue to a printed slip, with the real programs on every side.

use anyhow::Result;
use system_tests::phone;
use system_tests::programs::{self, eventually};
use system_tests::resident::Resident;
use system_tests::terminal::{PublicAddress, Terminal};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

#[test]
fn a_published_guide_is_found_printed_and_its_code_opens_on_a_phone() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, config) = Terminal::at_work(folder.path(), PublicAddress::Hub)?;

    let found = programs::run(
        "catalog",
        &["search", &text(&terminal, "state/current"), "居住证", "--json"],
    )?;
    assert!(found.contains("\"guide-006\""), "{found}");

    let resident = Resident::arrive(&config, Orientation::Portrait, Language::Zh)?;
    resident.press_word("attract-start");
    resident.press_search_field()?;
    resident.type_keys("jzz");
    resident.wait_for("居住证申领")?;
    resident.press_part("居住证申领")?;
    resident.wait_for("本人居民身份证")?;
    resident.wait_until("the printer to be known", |visitor| {
        visitor
            .seen()
            .iter()
            .any(|seen| seen.label.contains(&resident.word("action-print")) && seen.enabled)
    })?;
    resident.press_part(&resident.word("action-print"))?;
    resident.wait_for(&resident.word("print-take"))?;

    let slips = terminal.slips()?;
    assert_eq!(slips.len(), 1, "one press, one slip: {slips:?}");
    let codes = phone::read_codes(&slips[0])?;
    let address = format!("{}i/guide-006", terminal.url());
    assert_eq!(codes, [address.as_str()]);

    let page = phone::open(&address, &folder.path().join("phone.png"))?;
    assert!(
        page.contains("居住证申领") && page.contains("本人居民身份证"),
        "{page}"
    );
    Ok(())
}

#[test]
fn without_a_public_address_the_code_carries_the_text_itself() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (terminal, _) = Terminal::at_work(folder.path(), PublicAddress::None)?;
    let socket = text(&terminal, "agent.sock");
    programs::run("kioskctl", &["--socket", &socket, "print", "guide-006"])?;
    let slip = eventually("a slip", || terminal.slips().ok()?.pop())?;
    let codes = phone::read_codes(&slip)?;
    assert_eq!(codes.len(), 1);
    assert!(
        codes[0].contains("居住证申领") && !codes[0].contains("http"),
        "{}",
        codes[0]
    );
    Ok(())
}

fn text(terminal: &Terminal, name: &str) -> String {
    terminal
        .path(name)
        .to_str()
        .expect("the folder's name is UTF-8")
        .to_owned()
}
