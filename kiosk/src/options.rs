//! What the kiosk is told when it starts: a configuration file, or a few switches for a desk.

use std::path::PathBuf;

use clap::Parser;
use terminal_api::config::{Config, ConfigError, DEFAULT_PATH, Orientation, PlaceName};
use terminal_api::interface::Language;

/// The dots per inch for which the interface gives its sizes.
const DESIGN_DPI: f32 = 102.0;

/// The command line.
#[derive(Debug, Clone, Parser)]
#[command(name = "kiosk", version, about = "The touch screen of the terminal")]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// What to do instead of showing the screen.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The terminal's configuration file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["state", "socket"])]
    config: Option<PathBuf>,
    /// Show the content in this state folder, without a configuration file.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// The agent's socket; without it the kiosk shows content only.
    #[arg(long, value_name = "SOCKET", requires = "state")]
    socket: Option<PathBuf>,
    /// The panel stands upright.
    #[arg(long, conflicts_with = "landscape")]
    portrait: bool,
    /// The panel lies.
    #[arg(long)]
    landscape: bool,
    /// The language that a visit starts with.
    #[arg(long, value_name = "TAG", value_parser = language)]
    lang: Option<Language>,
    /// Physical pixels for a pixel of the design, such as 0.5 on a small screen.
    #[arg(long, value_name = "FACTOR", value_parser = scale)]
    scale: Option<f32>,
}

/// What the program does besides showing the screen.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Command {
    /// Make the data of the Chinese input method, once at installation and when names change.
    PrepareInput {
        /// The folder to make or replace: `kiosk.input_method` of the configuration, or STATE/input on a desk.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Add the names of the content in this state folder.
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
    },
}

/// All that [`App`](crate::App) needs to know.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the place is called.
    pub place: PlaceName,
    /// The state folder; the content is at `current` in it.
    pub state: PathBuf,
    /// The agent's socket; `None` shows content only.
    pub socket: Option<PathBuf>,
    /// How the panel is mounted.
    pub orientation: Orientation,
    /// The languages to offer; the first is the one a visit starts with.
    pub languages: Vec<Language>,
    /// Physical pixels for a pixel of the design.
    pub scale: f32,
    /// Seconds without a touch until the countdown starts.
    pub idle_seconds: u32,
    /// The folder with the data of the Chinese input method.
    pub input_method: PathBuf,
}

impl Arguments {
    /// Reads the configuration file, if one is to be read, and lets the switches have the last word.
    pub fn setup(self) -> Result<Setup, ConfigError> {
        let mut setup = match self.state {
            Some(state) => Setup::desk(state, self.socket),
            None => Setup::from(Config::load(&self.config.unwrap_or_else(|| DEFAULT_PATH.into()))?),
        };
        if self.portrait {
            setup.orientation = Orientation::Portrait;
        }
        if self.landscape {
            setup.orientation = Orientation::Landscape;
        }
        if let Some(language) = self.lang {
            setup.languages.retain(|other| *other != language);
            setup.languages.insert(0, language);
        }
        if let Some(scale) = self.scale {
            setup.scale = scale;
        }
        Ok(setup)
    }
}

impl Setup {
    /// A terminal without a configuration file.
    #[must_use]
    pub fn desk(state: PathBuf, socket: Option<PathBuf>) -> Self {
        let kiosk = terminal_api::config::Kiosk::default();
        Self {
            place: PlaceName {
                zh: "政务公开服务终端".to_owned(),
                en: Some("Open Government Terminal".to_owned()),
            },
            input_method: state.join("input"),
            state,
            socket,
            orientation: kiosk.orientation,
            languages: kiosk.languages,
            scale: 1.0,
            idle_seconds: kiosk.idle_seconds,
        }
    }
}

impl From<Config> for Setup {
    fn from(config: Config) -> Self {
        Self {
            place: config.place.name,
            state: config.release.state,
            socket: Some(config.agent.socket),
            orientation: config.kiosk.orientation,
            languages: config.kiosk.languages,
            scale: config.kiosk.dpi / DESIGN_DPI,
            idle_seconds: config.kiosk.idle_seconds,
            input_method: config.kiosk.input_method,
        }
    }
}

fn language(tag: &str) -> Result<Language, String> {
    [Language::Zh, Language::En]
        .into_iter()
        .find(|language| language.tag() == tag)
        .ok_or_else(|| "the languages are zh-CN and en".to_owned())
}

fn scale(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(factor) if (0.2..=4.0).contains(&factor) => Ok(factor),
        _ => Err("a number between 0.2 and 4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(arguments: &[&str]) -> Setup {
        Arguments::try_parse_from([&["kiosk"], arguments].concat())
            .unwrap()
            .setup()
            .unwrap()
    }

    #[test]
    fn the_switches_have_the_last_word() {
        let setup = setup(&[
            "--state",
            "/state",
            "--landscape",
            "--lang",
            "en",
            "--scale",
            "0.5",
        ]);
        assert_eq!(setup.orientation, Orientation::Landscape);
        assert_eq!(setup.languages, [Language::En, Language::Zh]);
        assert!((setup.scale - 0.5).abs() < f32::EPSILON);
    }

    #[test]
    fn wrong_values_are_refused_with_what_would_be_right() {
        for (arguments, expected) in [
            (["--lang", "fr"], "zh-CN and en"),
            (["--scale", "9"], "between 0.2 and 4"),
            (["--scale", "NaN"], "between 0.2 and 4"),
        ] {
            let error = Arguments::try_parse_from([&["kiosk"][..], &arguments].concat()).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
