//! `demo`: publishes the sample, puts up a whole terminal and lets somebody use it.
//!
//! With a display, that is you: the kiosk in one window, a dock for the simulated devices in another.
//! Without one, a scripted resident goes through the terminal and leaves numbered pictures and slips.

mod dock;
mod visit;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use system_tests::programs;
use system_tests::resident::Resident;
use system_tests::terminal::{PublicAddress, Terminal};
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

#[derive(Parser)]
#[command(
    name = "cargo xtask demo",
    about = "A whole terminal on this machine, with the sample content"
)]
struct Options {
    /// The panel stands upright (the default)
    #[arg(long, conflicts_with = "landscape")]
    portrait: bool,
    /// The panel lies
    #[arg(long)]
    landscape: bool,
    /// The language that the visit starts with: zh or en
    #[arg(long, default_value = "zh", value_parser = language)]
    lang: Language,
    /// Let the scripted resident come even though there is a display
    #[arg(long)]
    scripted: bool,
    /// Physical pixels for a pixel of the design in the kiosk's window
    #[arg(long, default_value_t = 0.5)]
    scale: f32,
    /// Where everything is put; emptied first
    #[arg(long, default_value = "target/demo")]
    folder: PathBuf,
}

fn language(tag: &str) -> Result<Language> {
    match tag {
        "zh" | "zh-CN" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => bail!("zh or en"),
    }
}

fn main() -> Result<()> {
    let options = Options::parse();
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    let mut terminal = put_up(&options.folder)?;
    if has_display && !options.scripted {
        by_hand(&mut terminal, &options)
    } else {
        scripted(&mut terminal, &options)
    }
}

/// Keys, release, hub, devices and agent; says what it does.
fn put_up(folder: &Path) -> Result<Terminal> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    println!("Making keys and publishing the sample …");
    let mut terminal = Terminal::publish(&folder)?;
    terminal.serve()?;
    println!("The hub serves the release at {}", terminal.url());
    terminal.plug_in()?;
    let config = terminal.configure(PublicAddress::Hub)?;
    println!("Pulling it, as a terminal would …");
    print!("{}", terminal.pull()?);
    println!("Preparing Chinese input …");
    terminal.prepare_input()?;
    terminal.start_agent()?;
    println!("The terminal is up; its configuration is {}", config.display());
    Ok(terminal)
}

fn scripted(terminal: &mut Terminal, options: &Options) -> Result<()> {
    println!("No display: a scripted resident comes and takes pictures.");
    let orientation = if options.landscape {
        Orientation::Landscape
    } else {
        Orientation::Portrait
    };
    let pictures = terminal.path("pictures");
    let resident =
        Resident::arrive(&terminal.path("terminal.toml"), orientation, options.lang)?.with_album(&pictures);
    visit::visit(&resident, terminal)?;
    for slip in terminal.slips()? {
        println!("  {}", slip.display());
    }
    println!(
        "Done: pictures in {}, slips in {}",
        pictures.display(),
        terminal.path("slips").display()
    );
    Ok(())
}

fn by_hand(terminal: &mut Terminal, options: &Options) -> Result<()> {
    println!("Close the kiosk's window to end the demo.");
    let mut kiosk = Command::new(programs::path("kiosk"));
    kiosk
        .arg("--config")
        .arg(terminal.path("terminal.toml"))
        .stdin(Stdio::null());
    kiosk.arg(if options.landscape {
        "--landscape"
    } else {
        "--portrait"
    });
    kiosk.args([
        "--lang",
        if options.lang == Language::En {
            "en"
        } else {
            "zh-CN"
        },
    ]);
    kiosk.args(["--scale", &options.scale.to_string()]);
    let mut kiosk = kiosk.spawn().context("cannot start the kiosk")?;
    dock::run(terminal, &mut kiosk)?;
    kiosk.kill().ok();
    kiosk.wait()?;
    Ok(())
}
