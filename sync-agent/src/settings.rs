//! The configuration code that was shown to this terminal last, and what it changes in the configuration.
//!
//! The code itself is kept, not what it says: at every start its signature is checked again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::atomic;
use catalog::clock::Clock;
use catalog::settings::{Configuration, ConfigurationError, Settings};
use catalog::submission::PublicKey;
use terminal_api::config::Config;
use terminal_api::interface::{CodeVerdict, SettingsInForce};
use tracing::warn;

/// The code's file in the state folder.
const FILE: &str = "configuration-code";

/// What came of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It counts from the next start on.
    New,
    /// It is the one that counts already.
    Known,
}

/// Why a code was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It is none for this terminal.
    #[error(transparent)]
    Code(#[from] ConfigurationError),
    /// It cannot be kept.
    #[error(transparent)]
    Write(#[from] atomic::WriteError),
}

impl SettingsError {
    /// As it is told to the outside.
    #[must_use]
    pub const fn verdict(&self) -> CodeVerdict {
        match self {
            Self::Code(ConfigurationError::Forged) => CodeVerdict::Forged,
            Self::Code(ConfigurationError::Unreadable(_)) => CodeVerdict::Unreadable,
            Self::Code(ConfigurationError::Elsewhere { .. }) => CodeVerdict::Elsewhere,
            Self::Code(ConfigurationError::Expired { .. }) => CodeVerdict::Expired,
            Self::Code(ConfigurationError::Superseded { .. }) => CodeVerdict::Superseded,
            Self::Write(_) => CodeVerdict::NotKept,
        }
    }
}

/// Takes configuration codes and keeps the newest.
pub struct SettingsKeeper {
    state: PathBuf,
    key: PublicKey,
    division: String,
    clock: Arc<dyn Clock>,
}

impl SettingsKeeper {
    /// The keeper of a terminal whose configuration names the key for such codes.
    #[must_use]
    pub fn of(config: &Config, clock: Arc<dyn Clock>) -> Option<Self> {
        let key = config.scanner.as_ref()?.configuration_key?;
        Some(Self {
            state: config.release.state.clone(),
            key: PublicKey::from_bytes(key),
            division: config.place.division.clone(),
            clock,
        })
    }

    /// What counts. A file that cannot be used is named in the log and left out.
    #[must_use]
    pub fn in_force(&self) -> Option<Configuration> {
        let path = file(&self.state);
        let code = match std::fs::read_to_string(&path) {
            Ok(code) => code,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                warn!(path = %path.display(), %error, "the configuration code cannot be read");
                return None;
            }
        };
        Configuration::read(&code, &self.key)
            .inspect_err(
                |error| warn!(path = %path.display(), %error, "the configuration code does not count"),
            )
            .ok()
    }

    /// Judges a code and keeps it.
    pub fn take(&self, code: &str) -> Result<Taken, SettingsError> {
        let configuration = Configuration::read(code, &self.key)?;
        let held = self.in_force();
        configuration.judge(&self.division, held.as_ref(), self.clock.now())?;
        if held.as_ref() == Some(&configuration) {
            return Ok(Taken::Known);
        }
        atomic::write(&file(&self.state), code.as_bytes())?;
        Ok(Taken::New)
    }
}

fn file(state: &Path) -> PathBuf {
    state.join(FILE)
}

/// The configuration as the settings change it. What is for a device that is not there means nothing.
pub fn apply(settings: Settings, config: &mut Config) {
    if let Some(seconds) = settings.poll_seconds {
        config.release.poll_seconds = seconds.get();
    }
    if let Some(limit) = settings.kib_per_second {
        config.release.download.kib_per_second = Some(limit);
    }
    if let (Some(seconds), Some(hub)) = (settings.report_seconds, &mut config.hub) {
        hub.report_seconds = seconds.get();
    }
    let Some(printer) = &mut config.printer else {
        return;
    };
    if let Some(metres) = settings.roll_metres {
        printer.roll_metres = Some(metres.get());
    }
    if let Some(metres) = settings.low_metres {
        printer.low_metres = metres.get();
    }
    if let Some(seconds) = settings.retract_seconds
        && printer.profile.can_retract()
    {
        printer.retract_seconds = Some(seconds.get());
    }
}

/// As it is told to the outside.
#[must_use]
pub fn told(configuration: &Configuration) -> SettingsInForce {
    let settings = configuration.set.named();
    SettingsInForce {
        issued_at: configuration.issued.into(),
        settings: settings.map(|(key, value)| format!("{key} = {value}")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::clock::FixedClock;
    use catalog::submission::DeviceKey;
    use std::num::NonZeroU32;

    fn configuration(issued: &str, set: Settings) -> Configuration {
        Configuration {
            issued: issued.parse().unwrap(),
            until: "2026-12-26T08:00:00Z".parse().unwrap(),
            division: "32".to_owned(),
            set,
        }
    }

    fn low(metres: u32) -> Settings {
        Settings {
            low_metres: NonZeroU32::new(metres),
            ..Settings::default()
        }
    }

    #[test]
    fn the_newest_code_is_kept_over_restarts_and_a_damaged_file_counts_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let hub = DeviceKey::generate().unwrap();
        let keeper = SettingsKeeper {
            state: folder.path().to_owned(),
            key: hub.public(),
            division: "320571".to_owned(),
            clock: Arc::new(FixedClock("2026-11-26T09:00:00Z".parse().unwrap())),
        };
        assert_eq!(keeper.in_force(), None);
        let [old, new] = [("2026-11-26T07:00:00Z", 8), ("2026-11-26T08:00:00Z", 9)]
            .map(|(issued, metres)| configuration(issued, low(metres)));
        for (code, taken) in [
            (&old, Taken::New),
            (&old, Taken::Known),
            (&new, Taken::New),
            (&new, Taken::Known),
        ] {
            assert_eq!(keeper.take(&code.sign(&hub)).unwrap(), taken);
        }
        let error = keeper.take(&old.sign(&hub)).unwrap_err();
        assert_eq!(error.verdict(), CodeVerdict::Superseded);
        assert_eq!(keeper.in_force(), Some(new.clone()));

        let damaged = new.sign(&hub).replace(":9}", ":7}");
        atomic::write(&file(folder.path()), damaged.as_bytes()).unwrap();
        assert_eq!(keeper.in_force(), None);
    }

    #[test]
    fn what_cannot_be_kept_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let hub = DeviceKey::generate().unwrap();
        let keeper = SettingsKeeper {
            state: folder.path().join("missing"),
            key: hub.public(),
            division: "320571".to_owned(),
            clock: Arc::new(FixedClock("2026-11-26T09:00:00Z".parse().unwrap())),
        };
        let code = configuration("2026-11-26T07:00:00Z", low(8)).sign(&hub);
        assert_eq!(keeper.take(&code).unwrap_err().verdict(), CodeVerdict::NotKept);
    }

    #[test]
    fn every_setting_reaches_its_place_and_only_devices_that_are_there() {
        let text = |printer: &str| {
            let text = format!(
                "[place]\nname = {{ zh = \"斜塘街道\" }}\ndivision = \"320571\"\n\
                 [release]\nurl = \"https://release.example.gov.cn/\"\nroot = \"root.json\"\n{printer}"
            );
            Config::parse(&text, Path::new("/etc/terminal.toml")).unwrap()
        };
        let set = |number| NonZeroU32::new(number);
        let settings = Settings {
            poll_seconds: set(60),
            kib_per_second: set(512),
            report_seconds: set(90),
            roll_metres: set(80),
            low_metres: set(8),
            retract_seconds: set(30),
        };
        let mut config = text(
            "[hub]\nurl = \"https://hub.example.gov.cn/\"\nkeys = \"hub.json\"\n\
             [printer]\nkind = \"tcp\"\naddress = \"printer:9100\"\nprofile = \"kiosk-80\"\n",
        );
        apply(settings, &mut config);
        let printer = config.printer.unwrap();
        assert_eq!(
            (
                config.release.poll_seconds,
                config.release.download.kib_per_second,
                config.hub.unwrap().report_seconds
            ),
            (60, set(512), 90)
        );
        assert_eq!(
            (printer.roll_metres, printer.low_metres, printer.retract_seconds),
            (Some(80), 8, Some(30))
        );

        let plain = "[printer]\nkind = \"tcp\"\naddress = \"printer:9100\"\n";
        let mut config = text(plain);
        apply(settings, &mut config);
        assert_eq!(config.printer.unwrap().retract_seconds, None);
        let mut config = text("");
        apply(settings, &mut config);
        assert!(config.printer.is_none() && config.hub.is_none());
    }
}
