//! The one configuration file of a terminal, read by the kiosk and by the agent.
//!
//! `sync-agent/terminal.toml` is a documented sample. Unknown keys are errors; every error names the
//! file, line, column and key. Relative paths start at the folder of the file.

mod error;
mod gpio;
mod hub;
mod peripheral;
mod release;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use url::Url;

pub use crate::interface::Language;
pub use error::ConfigError;
pub use gpio::{ActiveLevel, Gpio, GpioBoard, GpioLine};
pub use hub::Hub;
pub use peripheral::{Device, Endpoint, Printer, PrinterMode, PrinterProfile, Scanner, ScannerSource};
pub use release::{Download, Hours, Release};

/// Where the file is looked for when no other place is given.
pub const DEFAULT_PATH: &str = "/etc/mingchuang/terminal.toml";

/// The configuration of a terminal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Where the terminal stands.
    pub place: Place,
    /// Where content comes from and where it is kept.
    pub release: Release,
    /// The public address of the phone pages; without it QR codes carry text.
    pub public: Option<Public>,
    /// The hub that takes in what residents hand in; without it nothing can be handed in.
    pub hub: Option<Hub>,
    /// The agent itself.
    #[serde(default)]
    pub agent: Agent,
    /// The slip printer, if there is one.
    pub printer: Option<Printer>,
    /// The code scanner, if there is one.
    pub scanner: Option<Scanner>,
    /// The ID card reader, if there is one.
    pub card_reader: Option<Device>,
    /// Sensors and lights on the board's own pins, if there are any.
    pub gpio: Option<Gpio>,
    /// The touch screen.
    #[serde(default)]
    pub kiosk: Kiosk,
}

/// Where the terminal stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Place {
    /// Its name, shown on every page and slip.
    pub name: PlaceName,
    /// The code of the administrative division: 6, 9 or 12 digits (GB/T 2260, GB/T 10114).
    #[serde(deserialize_with = "division")]
    pub division: String,
}

/// A place's name in the terminal's languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlaceName {
    /// Chinese.
    pub zh: String,
    /// English; the Chinese name where absent.
    pub en: Option<String>,
}

impl PlaceName {
    /// The name in `language`.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => self.en.as_deref().unwrap_or(&self.zh),
        }
    }
}

/// The public side of the place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Public {
    /// The address under which phones reach the release's pages.
    #[serde(deserialize_with = "public_url")]
    pub url: Url,
}

/// The agent itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Agent {
    /// The Unix socket between kiosk and agent.
    pub socket: PathBuf,
    /// User ids that may call besides root and the agent's own.
    pub allow_uids: Vec<u32>,
}

impl Default for Agent {
    fn default() -> Self {
        Self {
            socket: "/run/mingchuang/terminal.sock".into(),
            allow_uids: Vec::new(),
        }
    }
}

/// The touch screen.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Kiosk {
    /// How the panel is mounted.
    pub orientation: Orientation,
    /// The panel's dots per inch: sizes on the screen are physical.
    #[serde(deserialize_with = "dpi")]
    pub dpi: f32,
    /// The languages to offer; the first is the one a visit starts with.
    #[serde(deserialize_with = "languages")]
    pub languages: Vec<Language>,
    /// Seconds without a touch until the countdown back to the attract screen starts.
    #[serde(deserialize_with = "positive")]
    pub idle_seconds: u32,
    /// The folder with the prebuilt data of the Chinese input method.
    pub input_method: PathBuf,
}

impl Default for Kiosk {
    fn default() -> Self {
        Self {
            orientation: Orientation::Portrait,
            dpi: 102.0,
            languages: vec![Language::Zh, Language::En],
            idle_seconds: 90,
            input_method: "/usr/share/mingchuang/rime".into(),
        }
    }
}

/// How the panel is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Orientation {
    /// Upright, 1080 × 1920.
    Portrait,
    /// Lying, 1920 × 1080.
    Landscape,
}

impl Config {
    /// Reads the file at `path`.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Reads `text`; `path` is named in errors and is where relative paths start.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = error::locate(text, path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for relative in [
            &mut config.release.root,
            &mut config.release.state,
            &mut config.agent.socket,
            &mut config.kiosk.input_method,
        ] {
            *relative = folder.join(&*relative);
        }
        if let Some(logo) = config.printer.as_mut().and_then(|printer| printer.logo.as_mut()) {
            *logo = folder.join(&*logo);
        }
        if let Some(hub) = &mut config.hub {
            hub.keys = folder.join(&hub.keys);
            hub.certificate_authority = hub.certificate_authority.take().map(|path| folder.join(path));
        }
        if let Some(sticks) = &mut config.release.sticks {
            *sticks = folder.join(&*sticks);
        }
        Ok(config)
    }
}

fn division<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text)
    } else {
        Err(serde::de::Error::custom(format!(
            "a division code has 6, 9 or 12 digits, not {text:?}"
        )))
    }
}

fn public_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    folder_url(deserializer, &["http", "https"])
}

/// A URL of a folder: its path ends in `/`, so that joining a name does not drop the last part.
fn folder_url<'de, D: Deserializer<'de>>(deserializer: D, schemes: &[&str]) -> Result<Url, D::Error> {
    use serde::de::Error;
    let text = String::deserialize(deserializer)?;
    let mut url = Url::parse(&text).map_err(|error| Error::custom(format!("{text:?}: {error}")))?;
    if !schemes.contains(&url.scheme()) {
        return Err(Error::custom(format!(
            "{text:?} must start with one of {}",
            schemes.join(", ")
        )));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        0 => Err(serde::de::Error::custom("must be at least 1")),
        number => Ok(number),
    }
}

fn dpi<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let number = f32::deserialize(deserializer)?;
    if (40.0..=400.0).contains(&number) {
        Ok(number)
    } else {
        Err(serde::de::Error::custom("must lie between 40 and 400"))
    }
}

fn languages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Language>, D::Error> {
    let languages = Vec::<Language>::deserialize(deserializer)?;
    if languages.is_empty() {
        return Err(serde::de::Error::custom("name at least one language"));
    }
    Ok(languages)
}

#[cfg(test)]
mod tests;
