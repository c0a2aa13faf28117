//! What a configuration code sets on terminals: a QR code that the hub signs and staff hold before the scanner.
//!
//! `MC-C-SIGNATURE-TEXT`: the text is a [`Configuration`] as JSON in one line, the signature Ed25519 over
//! `mingchuang configuration 1`, a zero byte and the text, as 128 hexadecimal digits.

use std::num::NonZeroU32;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::submission::{DeviceKey, PublicKey};

/// What every configuration code begins with.
const PREFIX: &str = "MC-C-";

/// Goes before the text into the signature, so that it is no signature of anything else.
const CONTEXT: &[u8] = b"mingchuang configuration 1\0";

/// What a code sets, for whom, and from when until when it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// When it was made. A terminal takes only what is newer than what it has.
    pub issued: Timestamp,
    /// Until when terminals take it. What they have taken stays.
    pub until: Timestamp,
    /// For terminals whose code of the administrative division begins so.
    #[serde(rename = "for")]
    pub division: String,
    /// What is set.
    pub set: Settings,
}

/// What a code can set; what it does not name is as the terminal's file has it. A setting for a device that a
/// terminal does not have means nothing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Seconds between two looks at the release address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll_seconds: Option<NonZeroU32>,
    /// The most that all downloads together may take, in KiB a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kib_per_second: Option<NonZeroU32>,
    /// Seconds between two reports to the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_seconds: Option<NonZeroU32>,
    /// The length of a new roll, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_metres: Option<NonZeroU32>,
    /// How many metres of paper are left when staff are warned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_metres: Option<NonZeroU32>,
    /// Seconds after which a slip that nobody takes is taken back in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retract_seconds: Option<NonZeroU32>,
}

impl Settings {
    /// What is set, each with its key in the terminal's configuration file.
    pub fn named(self) -> impl Iterator<Item = (&'static str, u32)> {
        [
            ("release.poll-seconds", self.poll_seconds),
            ("release.download.kib-per-second", self.kib_per_second),
            ("hub.report-seconds", self.report_seconds),
            ("printer.roll-metres", self.roll_metres),
            ("printer.low-metres", self.low_metres),
            ("printer.retract-seconds", self.retract_seconds),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?.get())))
    }
}

/// Why a terminal does not take a configuration code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// The hub did not sign it.
    #[error("the hub did not sign this configuration")]
    Forged,
    /// The hub signed it, and it says something that this terminal does not know.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(String),
    /// It is for terminals elsewhere.
    #[error("the configuration is for terminals of {division}")]
    Elsewhere {
        /// The division.
        division: String,
    },
    /// Its time is over.
    #[error("the configuration was to be shown until {until}")]
    Expired {
        /// When it ended.
        until: Timestamp,
    },
    /// The terminal has one that was made later.
    #[error("the configuration was replaced by one of {newer}")]
    Superseded {
        /// When the newer one was made.
        newer: Timestamp,
    },
}

/// Whether a scanned text gives itself out as a configuration code.
#[must_use]
pub fn is_code(text: &str) -> bool {
    text.starts_with(PREFIX)
}

impl Configuration {
    /// The code, signed with the hub's key for configurations.
    #[must_use]
    pub fn sign(&self, key: &DeviceKey) -> String {
        let text = serde_json::to_string(self).expect("a configuration is text and numbers");
        let signature = hex::encode(key.sign(&message(&text)));
        format!("{PREFIX}{signature}-{text}")
    }

    /// What a code says, if the hub whose key this is signed it.
    pub fn read(code: &str, key: &PublicKey) -> Result<Self, ConfigurationError> {
        let (signature, text) = code
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once('-'))
            .ok_or(ConfigurationError::Forged)?;
        let signature = hex::decode(signature).map_err(|_| ConfigurationError::Forged)?;
        key.verify(&message(text), &signature)
            .map_err(|_| ConfigurationError::Forged)?;
        serde_json::from_str(text).map_err(|error| ConfigurationError::Unreadable(error.to_string()))
    }

    /// Whether a terminal in this division that has `held` takes it now.
    pub fn judge(
        &self,
        division: &str,
        held: Option<&Self>,
        now: Timestamp,
    ) -> Result<(), ConfigurationError> {
        if !division.starts_with(&self.division) {
            return Err(ConfigurationError::Elsewhere {
                division: self.division.clone(),
            });
        }
        if now > self.until {
            return Err(ConfigurationError::Expired { until: self.until });
        }
        match held {
            Some(held) if held.issued >= self.issued && held != self => {
                Err(ConfigurationError::Superseded { newer: held.issued })
            }
            _ => Ok(()),
        }
    }
}

fn message(text: &str) -> Vec<u8> {
    [CONTEXT, text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(issued: &str) -> Configuration {
        Configuration {
            issued: issued.parse().unwrap(),
            until: "2026-12-26T08:00:00Z".parse().unwrap(),
            division: "320571".to_owned(),
            set: Settings {
                poll_seconds: NonZeroU32::new(60),
                ..Settings::default()
            },
        }
    }

    #[test]
    fn a_configuration_counts_only_with_the_hubs_signature() {
        let [hub, other] = [(); 2].map(|()| DeviceKey::generate().unwrap());
        let configuration = configuration("2026-11-26T08:00:00Z");
        let code = configuration.sign(&hub);
        assert!(is_code(&code) && !code.contains('\n'), "{code}");
        assert_eq!(
            Configuration::read(&code, &hub.public()),
            Ok(configuration.clone())
        );
        for forged in [
            code.replace("60", "61"),
            code.replace("MC-C-", "MC-C-00"),
            configuration.sign(&other),
            "MC-C-".to_owned(),
            "MC-C-zz-{}".to_owned(),
            "MC-R-01JDXYZ7K2".to_owned(),
        ] {
            let read = Configuration::read(&forged, &hub.public());
            assert_eq!(read, Err(ConfigurationError::Forged), "{forged}");
        }
    }

    #[test]
    fn what_a_terminal_does_not_know_it_does_not_take_in_part() {
        let hub = DeviceKey::generate().unwrap();
        let text = serde_json::to_string(&configuration("2026-11-26T08:00:00Z")).unwrap();
        for unknown in [
            text.replace("poll-seconds", "colour"),
            text.replace("60", "0"),
            text.replace("\"for\"", "\"by\""),
        ] {
            let signature = hex::encode(hub.sign(&message(&unknown)));
            let read = Configuration::read(&format!("{PREFIX}{signature}-{unknown}"), &hub.public());
            assert!(
                matches!(read, Err(ConfigurationError::Unreadable(_))),
                "{unknown}: {read:?}"
            );
        }
    }

    #[test]
    fn a_terminal_takes_what_is_for_it_in_time_and_newer_than_what_it_has() {
        let now = "2026-12-01T08:00:00Z".parse().unwrap();
        let [old, new] = ["2026-11-26T08:00:00Z", "2026-11-27T08:00:00Z"].map(configuration);
        assert_eq!(new.judge("320571001", None, now), Ok(()));
        assert_eq!(new.judge("320571", Some(&old), now), Ok(()));
        assert_eq!(new.judge("320571", Some(&new), now), Ok(()));
        assert_eq!(
            old.judge("320571", Some(&new), now),
            Err(ConfigurationError::Superseded { newer: new.issued })
        );
        let other = Configuration {
            set: Settings::default(),
            ..new.clone()
        };
        assert!(other.judge("320571", Some(&new), now).is_err());
        assert!(matches!(
            new.judge("3205", None, now),
            Err(ConfigurationError::Elsewhere { .. })
        ));
        assert!(matches!(
            new.judge("320571", None, "2026-12-27T08:00:00Z".parse().unwrap()),
            Err(ConfigurationError::Expired { .. })
        ));
    }

    #[test]
    fn what_is_set_is_named_as_in_the_file() {
        let settings = Settings {
            low_metres: NonZeroU32::new(8),
            ..configuration("2026-11-26T08:00:00Z").set
        };
        let named: Vec<_> = settings.named().collect();
        assert_eq!(named, [("release.poll-seconds", 60), ("printer.low-metres", 8)]);
    }
}
