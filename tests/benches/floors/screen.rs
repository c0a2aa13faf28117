//! The kiosk's start, memory and answer to a touch.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use catalog::clock::SystemClock;
use catalog::record::RecordId;
use kiosk::Setup;
use kiosk::navigation::Place;
use kiosk::testing::{Pace, Visitor};
use kiosk::words::Words;
use slint::LogicalPosition;
use slint::platform::{PointerEventButton, WindowEvent};
use terminal_api::config::Config;
use terminal_api::interface::Language;

use crate::Figure;
use crate::panel::Panel;

/// Starts a kiosk process several times; the middle figures.
pub(crate) fn measure(config: &Path) -> Result<Vec<Figure>> {
    let mut starts = Vec::new();
    let [mut resident, mut redraw, mut turn] = [const { String::new() }; 3];
    for _ in 0..7 {
        let start = Instant::now();
        let mut kiosk = Command::new(std::env::current_exe()?)
            .arg("--first-frame")
            .arg(config)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(kiosk.stdout.take().context("stdout is piped")?).lines();
        let mut line = || {
            lines
                .next()
                .context("the kiosk ended early")?
                .map_err(anyhow::Error::from)
        };
        line()?;
        starts.push(start.elapsed());
        resident = line()?;
        redraw = line()?;
        turn = line()?;
        kiosk.wait()?;
    }
    starts.sort_unstable();
    Ok(vec![
        Figure {
            what: "process start to first frame",
            measured: format!("{} ms", starts[starts.len() / 2].as_millis()),
            promised: "≤ 150 ms",
        },
        Figure {
            what: "resident after five pages",
            measured: resident,
            promised: "≤ 60 MB",
        },
        Figure {
            what: "press to redrawn, p50 / max",
            measured: redraw,
            promised: "≤ 16 ms",
        },
        Figure {
            what: "release to the next page, p50 / max",
            measured: turn,
            promised: "",
        },
    ])
}

/// The measured process: draws the attract screen, then goes through some pages as a finger does.
pub(crate) fn first_frame(config: &Path) -> Result<()> {
    let panel = Panel::plug_in()?;
    let setup = Setup::from(Config::load(config)?);
    let words = Words::new(Language::Zh);
    let visitor = Visitor::stand_before(setup, Arc::new(SystemClock), Pace::Real)?;
    panel.refresh();
    ensure!(panel.colours() > 1, "the first frame is blank");
    println!("first frame");
    let (mut presses, mut turns) = (Vec::new(), Vec::new());
    for key in [
        "attract-start",
        "home-guides",
        "bar-home",
        "home-areas",
        "bar-home",
        "home-documents",
    ] {
        let (press, turn) = touch(&visitor, &panel, &words.get(key))?;
        presses.push(press);
        turns.push(turn);
    }
    visitor
        .app()
        .open(Place::record(RecordId::try_from("guide-006")?));
    panel.refresh();
    println!("{:.1} MB", resident_memory()?);
    for mut times in [presses, turns] {
        times.sort_unstable();
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{:.1} / {:.1} ms",
            millis(times[times.len() / 2]),
            millis(times[times.len() - 1])
        );
    }
    Ok(())
}

/// Touches the control whose name contains `label`. From the finger's landing to the drawn answer, and from its leaving to
/// the drawn page.
fn touch(visitor: &Visitor, panel: &Panel, label: &str) -> Result<(Duration, Duration)> {
    let seen = visitor
        .seen()
        .into_iter()
        .find(|seen| seen.is_control() && seen.label.contains(label));
    let [x, y, width, height] = seen.with_context(|| format!("no {label:?} on the screen"))?.place;
    let position = LogicalPosition::new(x + width / 2.0, y + height / 2.0);
    let button = PointerEventButton::Left;
    let window = slint::ComponentHandle::window(visitor.app().window());
    window.dispatch_event(WindowEvent::PointerMoved { position });
    panel.refresh();
    let timed = |event| {
        let start = Instant::now();
        window.dispatch_event(event);
        let answered = panel.refresh();
        (start.elapsed(), answered)
    };
    let (press, answered) = timed(WindowEvent::PointerPressed { position, button });
    ensure!(answered, "{label:?} shows no press");
    let (turn, answered) = timed(WindowEvent::PointerReleased { position, button });
    ensure!(answered, "{label:?} does nothing");
    Ok((press, turn))
}

/// `VmRSS` of this process, in MB of 1,000,000 bytes.
fn resident_memory() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("the kernel tells VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}
