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

/// Something that can be wrong: what the dock says, whose simulator is told, and what it is told when it sets
/// in and when it ends.
struct Fault {
    name: &'static str,
    device: Device,
    begin: &'static str,
    end: &'static str,
}

/// A simulated device.
#[derive(Clone, Copy)]
enum Device {
    Printer,
    Scanner,
    CardReader,
}

const fn printer(name: &'static str, begin: &'static str, end: &'static str) -> Fault {
    Fault {
        name,
        device: Device::Printer,
        begin,
        end,
    }
}

/// What a line is told when its device is plugged in again and well.
const WELL: &str = r#"{"line": {}}"#;

const FAULTS: [Fault; 11] = [
    printer(
        "没纸了 / paper out",
        r#"{"set": "paper-out"}"#,
        r#"{"clear": "paper-out"}"#,
    ),
    printer(
        "纸快没了 / near end",
        r#"{"set": "near-end"}"#,
        r#"{"clear": "near-end"}"#,
    ),
    printer(
        "盖子开着 / cover open",
        r#"{"set": "cover-open"}"#,
        r#"{"clear": "cover-open"}"#,
    ),
    printer(
        "打到一半开盖 / cover opens in a slip",
        r#"{"set": "cover-open", "after_rows": 300}"#,
        r#"{"clear": "cover-open"}"#,
    ),
    printer(
        "切刀卡住 / cutter jam",
        r#"{"set": "cutter-error"}"#,
        r#"{"clear": "cutter-error"}"#,
    ),
    printer(
        "离线 / off line",
        r#"{"set": "offline"}"#,
        r#"{"clear": "offline"}"#,
    ),
    printer(
        "打完不回话 / silent after the cut",
        r#"{"set": "silent-proof"}"#,
        r#"{"clear": "silent-proof"}"#,
    ),
    printer(
        "打印机拔掉 / printer unplugged",
        r#"{"line": {"plug": "out"}}"#,
        WELL,
    ),
    printer(
        "线路丢字节 / printer's line loses bytes",
        r#"{"line": {"drop-every": 5}}"#,
        WELL,
    ),
    Fault {
        name: "扫码器乱码 / scanner babbles",
        device: Device::Scanner,
        begin: r#"{"line": {"plug": "babbling"}}"#,
        end: WELL,
    },
    Fault {
        name: "读卡器不应答 / card reader hangs",
        device: Device::CardReader,
        begin: r#"{"line": {"plug": "hung"}}"#,
        end: WELL,
    },
];

/// Shows the dock until it or the kiosk is closed.
pub(crate) fn run(terminal: &Terminal, kiosk: &mut Child) -> Result<()> {
    let dock = Dock::new()?;
    dock.set_conditions(Rc::new(slint::VecModel::from_iter(FAULTS.map(|fault| fault.name.into()))).into());
    let active = Rc::new(slint::VecModel::from(vec![false; FAULTS.len()]));
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
    let sockets = [printer, scanner.clone(), card.clone()];
    dock.on_toggle(move |index| {
        use slint::Model as _;
        let index = index as usize;
        let on = !active.row_data(index).unwrap_or_default();
        active.set_row_data(index, on);
        let fault = &FAULTS[index];
        let command = if on { fault.begin } else { fault.end };
        let command: Value = serde_json::from_str(command).expect("the commands are JSON");
        said(&sockets[fault.device as usize], &command);
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
