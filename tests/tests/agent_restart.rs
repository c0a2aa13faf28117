//! The agent may go away and come back while a resident uses the kiosk.

use anyhow::Result;
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
