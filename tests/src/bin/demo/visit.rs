//! What the scripted resident does: everything a first visitor would.

use anyhow::{Context as _, Result};
use catalog::record::RecordId;
use kiosk::navigation::Place;
use system_tests::resident::Resident;
use system_tests::terminal::Terminal;

/// Goes through the terminal and takes a picture of each thing.
pub(crate) fn visit(resident: &Resident, terminal: &Terminal) -> Result<()> {
    resident.picture("attract")?;
    resident.press_word("attract-start");
    resident.picture("home")?;
    find_a_guide(resident)?;
    take_it_along(resident)?;
    print_it(resident)?;
    read_the_law(resident)?;
    look_around(resident)?;
    see_it_differently(resident)?;
    run_out_of_paper(resident, terminal)?;
    resident.press_word("bar-finish");
    if resident.visitor().sees(&resident.word("end-confirm")) {
        resident.press_word("end-confirm");
    }
    Ok(())
}

/// Initials on the pinyin keyboard, then the first hit.
fn find_a_guide(resident: &Resident) -> Result<()> {
    resident.press_search_field()?;
    resident.type_keys("jzz");
    resident.wait_for("居住证申领")?;
    resident.picture("search")?;
    resident.press_word("keyboard-search");
    resident.wait_for("居住证申领")?;
    resident.picture("results")?;
    resident.press_part("居住证申领")?;
    resident.wait_for(&resident.word("fact-limit"))?;
    resident.picture("guide")
}

fn take_it_along(resident: &Resident) -> Result<()> {
    resident.press_part(&resident.word("action-phone"))?;
    resident.wait_for(&resident.word("phone-safe"))?;
    resident.picture("phone")?;
    resident.press_word("sheet-close");
    Ok(())
}

fn print_it(resident: &Resident) -> Result<()> {
    let print = resident.word("action-print");
    resident.wait_until("the printer to be ready", |visitor| {
        visitor
            .seen()
            .iter()
            .any(|seen| seen.label.contains(&print) && seen.enabled)
    })?;
    resident.press_part(&print)?;
    resident.wait_for(&resident.word("print-take"))?;
    resident.picture("print-take")?;
    resident.press_word("print-done");
    Ok(())
}

/// From the guide's legal basis to the cited article.
fn read_the_law(resident: &Resident) -> Result<()> {
    resident
        .visitor()
        .app()
        .open(Place::record(RecordId::try_from("law-2818")?));
    resident.picture("document")?;
    resident.press_word("bar-back");
    Ok(())
}

fn look_around(resident: &Resident) -> Result<()> {
    let app = resident.visitor().app();
    resident.press_word("bar-home");
    resident.press_word("home-areas");
    resident.picture("areas")?;
    for (name, id) in [
        ("entry", "cat-hb-001"),
        ("dataset", "od-gen-5"),
        ("interpretation", "int-01"),
        ("form", "form-yszgk"),
        ("plan", "sz-2017-288-annex"),
    ] {
        let id = RecordId::try_from(id)?;
        app.content()
            .record(&id)
            .with_context(|| format!("the sample has {id}"))?;
        app.open(Place::record(id));
        resident.picture(name)?;
    }
    Ok(())
}

/// Large text, high contrast, low reach, the other language; each switch keeps the page.
fn see_it_differently(resident: &Resident) -> Result<()> {
    resident
        .visitor()
        .app()
        .open(Place::record(RecordId::try_from("guide-006")?));
    resident.press_word("bar-size");
    resident.picture("guide-large")?;
    resident.press_word("bar-size");
    resident.picture("guide-contrast")?;
    resident.press_word("bar-size");
    resident.press_word("bar-home");
    resident.press_word("bar-reach");
    resident.picture("home-low-reach")?;
    resident.press_word("bar-reach");
    Ok(())
}

/// The printer's paper ends; everything else goes on.
fn run_out_of_paper(resident: &Resident, terminal: &Terminal) -> Result<()> {
    let printer = terminal.printer.as_ref().context("the printer is plugged in")?;
    printer.set("paper-out")?;
    resident
        .visitor()
        .app()
        .open(Place::record(RecordId::try_from("guide-006")?));
    resident.wait_for(&resident.word("trouble-paper-chip"))?;
    resident.picture("guide-without-printer")?;
    printer.clear("paper-out")?;
    Ok(())
}
