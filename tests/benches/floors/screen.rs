//! The kiosk's start, memory and answer to a touch.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use kiosk::testing::Visitor;
use slint::LogicalPosition;
use slint::platform::{PointerEventButton, WindowEvent};
use system_tests::resident::Resident;
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

use crate::Figure;

/// Starts a kiosk process several times; the middle figures.
pub(crate) fn measure(config: &Path) -> Result<Vec<Figure>> {
    let mut starts = Vec::new();
    let (mut resident, mut redraw) = (String::new(), String::new());
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
    ])
}

/// The measured process: draws the attract screen, then goes through some pages.
pub(crate) fn first_frame(config: &Path) -> Result<()> {
    let resident = Resident::arrive(config, Orientation::Portrait, Language::Zh)?;
    let visitor = resident.visitor();
    visitor.picture()?;
    println!("first frame");
    let mut answers = Vec::new();
    resident.press_word("attract-start");
    for key in [
        "home-guides",
        "bar-home",
        "home-areas",
        "bar-home",
        "home-documents",
    ] {
        answers.push(press(visitor, &resident.word(key))?);
        visitor.wait(Duration::from_millis(20));
    }
    println!("{:.1} MB", resident_memory()?);
    answers.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{:.1} / {:.1} ms",
        millis(answers[answers.len() / 2]),
        millis(answers[answers.len() - 1])
    );
    Ok(())
}

/// From the finger's landing to a whole redrawn picture of the pressed control.
fn press(visitor: &Visitor, label: &str) -> Result<Duration> {
    let seen = visitor
        .seen()
        .into_iter()
        .find(|seen| seen.is_control() && seen.label.contains(label));
    let [x, y, width, height] = seen.with_context(|| format!("no {label:?} on the screen"))?.place;
    let position = LogicalPosition::new(x + width / 2.0, y + height / 2.0);
    let (window, button) = (visitor.app().window(), PointerEventButton::Left);
    let window = slint::ComponentHandle::window(window);
    window.dispatch_event(WindowEvent::PointerMoved { position });
    let start = Instant::now();
    window.dispatch_event(WindowEvent::PointerPressed { position, button });
    std::hint::black_box(visitor.picture()?);
    let answer = start.elapsed();
    window.dispatch_event(WindowEvent::PointerReleased { position, button });
    Ok(answer)
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
