//! What the scripted resident does: everything a first visitor would.

use anyhow::Result;
use system_tests::resident::Resident;
use system_tests::terminal::Terminal;

/// Goes through the terminal and takes a picture of each thing.
pub(crate) fn visit(resident: &Resident, _terminal: &Terminal) -> Result<()> {
    resident.picture("attract")?;
    resident.press_word("attract-start");
    resident.picture("home")?;
    Ok(())
}
