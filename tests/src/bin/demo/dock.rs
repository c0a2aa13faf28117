//! The dock: what happens to the simulated devices, by hand.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use dock_ui::Dock;
use serde_json::{Value, json};
use slint::{ComponentHandle as _, Timer, TimerMode};
use system_tests::terminal::{Simulator, Terminal};

/// What can be wrong with the printer: what the dock says and what the simulator is told.
const CONDITIONS: [(&str, &str); 6] = [
    ("没纸了 / paper out", "paper-out"),
    ("纸快没了 / near end", "near-end"),
    ("盖子开着 / cover open", "cover-open"),
    ("切刀卡住 / cutter jam", "cutter-error"),
    ("离线 / off line", "offline"),
    ("打完不回话 / silent after the cut", "silent-proof"),
];

/// Shows the dock until it or the kiosk is closed.
pub(crate) fn run(terminal: &Terminal, kiosk: &mut Child) -> Result<()> {
    let dock = Dock::new()?;
    dock.set_conditions(
        Rc::new(slint::VecModel::from_iter(
            CONDITIONS.map(|(name, _)| name.into()),
        ))
        .into(),
    );
    let active = Rc::new(slint::VecModel::from(vec![false; CONDITIONS.len()]));
    dock.set_active(Rc::clone(&active).into());
    let control = |simulator: &Option<Simulator>| -> Result<PathBuf> {
        Ok(simulator
            .as_ref()
            .context("the device is plugged in")?
            .control()
            .to_owned())
    };
    let (printer, scanner, card) = (
        control(&terminal.printer)?,
        control(&terminal.scanner)?,
        control(&terminal.card_reader)?,
    );

    let weak = dock.as_weak();
    let tell = move |socket: &Path, command: &Value| {
        let answer = hardware::simulator::ask(socket, command);
        if let Some(dock) = weak.upgrade() {
            dock.set_said(
                answer
                    .map_or_else(|error| error.to_string(), |answer| answer.to_string())
                    .into(),
            );
        }
    };
    let said = tell.clone();
    dock.on_toggle(move |index| {
        use slint::Model as _;
        let index = index as usize;
        let on = !active.row_data(index).unwrap_or_default();
        active.set_row_data(index, on);
        said(
            &printer,
            &json!({ if on { "set" } else { "clear" }: CONDITIONS[index].1 }),
        );
    });
    let said = tell.clone();
    dock.on_scan(move |text| said(&scanner, &json!({ "scan": text.as_str() })));
    dock.on_card(move |place| tell(&card, &json!({ "card": place.as_str() })));

    let (weak, slips) = (dock.as_weak(), terminal.path("slips"));
    let looks = Timer::default();
    let id = kiosk.id();
    looks.start(TimerMode::Repeated, Duration::from_millis(500), move || {
        let Some(dock) = weak.upgrade() else { return };
        if !Path::new("/proc").join(id.to_string()).join("exe").exists() {
            slint::quit_event_loop().ok();
        }
        if let Some(newest) = newest_picture(&slips) {
            let name = newest
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if dock.get_slip_name() != name.as_str()
                && let Ok(picture) = slint::Image::load_from_path(&newest)
            {
                dock.set_slip(picture);
                dock.set_slip_name(name.into());
            }
        }
    });
    dock.run()?;
    Ok(())
}

fn newest_picture(folder: &Path) -> Option<PathBuf> {
    let mut pictures: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    pictures.sort();
    pictures.pop()
}
