//! The agent may go away and come back while a resident uses the kiosk.

use anyhow::{Context as _, Result};
use serde_json::Value;
use system_tests::programs;
use system_tests::resident::Resident;
use system_tests::terminal::{PublicAddress, Terminal};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

#[test]
fn with_the_agent_killed_residents_read_on_and_after_its_return_they_print() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut terminal, config) = Terminal::at_work(folder.path(), PublicAddress::Hub)?;

    let resident = Resident::arrive(&config, Orientation::Portrait, Language::Zh)?;
    resident.press_word("attract-start");
    let chip = resident.word("trouble-agent-chip");
    resident.wait_until("the agent to be known", |visitor| !visitor.reads(&chip))?;

    terminal.agent = None;
    resident.wait_for(&chip)?;
    resident.press_search_field()?;
    resident.type_keys("jzz");
    resident.wait_for("居住证申领")?;
    resident.press_part("居住证申领")?;
    resident.wait_for("本人居民身份证")?;
    let print = resident.word("action-print");
    let can_print = |visitor: &kiosk::testing::Visitor| {
        visitor
            .seen()
            .iter()
            .any(|seen| seen.is_control() && seen.label.contains(&print) && seen.enabled)
    };
    assert!(
        !can_print(resident.visitor()),
        "nothing can print without the agent"
    );

    terminal.start_agent()?;
    resident.wait_until("printing to be offered again", can_print)?;
    assert!(!resident.visitor().reads(&chip));
    resident.press_part(&print)?;
    resident.wait_for(&resident.word("print-take"))?;
    assert_eq!(terminal.slips()?.len(), 1);

    Ok(())
}

#[test]
fn a_slip_of_a_visit_that_ended_while_the_agent_was_away_is_not_printed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut terminal, config) = Terminal::at_work(folder.path(), PublicAddress::Hub)?;
    let resident = Resident::arrive(&config, Orientation::Portrait, Language::Zh)?;
    let app = resident.visitor().app();
    let chip = resident.word("trouble-agent-chip");
    resident.wait_until("the printer to be known", |_| app.service().can_print())?;
    resident.press_word("attract-start");

    // The head is hot: the slip waits for it to cool.
    let printer = terminal.printer.as_ref().context("the printer is plugged in")?;
    printer.set("recoverable")?;
    let socket = terminal.path("agent.sock").display().to_string();
    let ask = |arguments: &[&str]| -> Result<Value> {
        let said = programs::run(
            "kioskctl",
            &[&["--socket", &socket, "--json"], arguments].concat(),
        )?;
        Ok(serde_json::from_str(&said)?)
    };
    let job = ask(&["print", "guide-006"])?;
    let id = job["id"].as_str().context("a job has an id")?;

    terminal.agent = None;
    resident.wait_for(&chip)?;
    app.end_visit();
    terminal.start_agent()?;
    resident.wait_until("the slip to be cancelled", |_| {
        ask(&["job", id]).is_ok_and(|job| job["state"] == "cancelled")
    })?;
    assert_eq!(terminal.slips()?.len(), 0);
    Ok(())
}
