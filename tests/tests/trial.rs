//! A new generation stays because the screen says that it draws it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::Result;
use sync_agent::release::trial::Generations;
use system_tests::resident::Resident;
use system_tests::terminal::{PublicAddress, Terminal, sample};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

#[test]
fn a_new_generation_stays_once_the_kiosk_has_drawn_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut terminal = Terminal::publish(folder.path())?;
    terminal.serve()?;
    let config = terminal.configure(PublicAddress::Hub)?;
    // So long that nothing but the screen's own word ends the trial.
    let patient = fs::read_to_string(&config)? + "\n[release.download]\nframe-seconds = 3600\n";
    catalog::atomic::write(&config, patient.as_bytes())?;
    terminal.pull()?;
    terminal.prepare_input()?;
    terminal.start_agent()?;
    let resident = Resident::arrive(&config, Orientation::Portrait, Language::Zh)?;
    resident.press_word("attract-start");

    let next = tempfile::tempdir()?;
    changed_sample(next.path())?;
    terminal.publish_again(next.path())?;
    resident.wait_until("the next generation on the screen", |visitor| {
        visitor.app().content().generation() == Some(2)
    })?;
    let memory = Generations::open(&terminal.path("state"))?;
    resident.wait_until("the trial to end", |_| matches!(memory.trial(), Ok(None)))?;
    assert_eq!(memory.why_bad(2)?, None);
    Ok(())
}

/// The content set with one word more for what a terminal does not have.
fn changed_sample(folder: &Path) -> Result<()> {
    const CHANGED: &str = "elsewhere.json";
    for entry in fs::read_dir(sample())? {
        let path = entry?.path().canonicalize()?;
        let name = path.file_name().expect("an entry of a folder has a name");
        if name != CHANGED {
            symlink(&path, folder.join(name))?;
        }
    }
    let mut words: Vec<String> = serde_json::from_slice(&fs::read(sample().join(CHANGED))?)?;
    words.push("火星天气".to_owned());
    catalog::atomic::write(&folder.join(CHANGED), &serde_json::to_vec(&words)?)?;
    Ok(())
}
