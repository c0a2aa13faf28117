//! `hub configuration`: codes that staff show to the scanners of terminals.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use catalog::atomic;
use catalog::clock::{Clock as _, SystemClock};
use catalog::settings::{Configuration, Settings};
use catalog::submission::DeviceKey;
use clap::{Args, Subcommand};
use fast_qr::convert::{Builder as _, Shape, svg::SvgBuilder};
use fast_qr::{ECL, QRBuilder};

use super::days;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make the key that signs configuration codes, and print the line for every terminal's file
    Key {
        /// The new file; it belongs offline
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Make a code that changes settings of terminals; what it does not name is again as in their files
    Code(Code),
}

#[derive(Args)]
pub(crate) struct Code {
    /// The key that signs it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// For terminals whose division code begins so
    #[arg(long = "for", value_name = "DIGITS")]
    division: String,
    /// For how many days terminals take it; what they have taken stays
    #[arg(long, default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// A picture of the code, to be shown to the scanner
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Seconds between two looks at the release address
    #[arg(long, value_name = "SECONDS")]
    poll_seconds: Option<NonZeroU32>,
    /// The most that all downloads together may take, in KiB a second
    #[arg(long, value_name = "KIB")]
    kib_per_second: Option<NonZeroU32>,
    /// Seconds between two reports to the hub
    #[arg(long, value_name = "SECONDS")]
    report_seconds: Option<NonZeroU32>,
    /// The length of a new roll
    #[arg(long, value_name = "METRES")]
    roll_metres: Option<NonZeroU32>,
    /// How much paper is left when staff are warned
    #[arg(long, value_name = "METRES")]
    low_metres: Option<NonZeroU32>,
    /// After how long a slip that nobody takes is taken back in
    #[arg(long, value_name = "SECONDS")]
    retract_seconds: Option<NonZeroU32>,
}

pub(crate) fn run(command: Command) -> Result<()> {
    match command {
        Command::Key { file } => {
            println!("configuration-key = \"{}\"", make_key(&file)?);
            Ok(())
        }
        Command::Code(code) => code.make(),
    }
}

/// Makes a key in a new file and returns its public half, in hexadecimal digits.
fn make_key(file: &Path) -> Result<String> {
    ensure!(
        !file.exists(),
        "{} exists: a key is never overwritten",
        file.display()
    );
    let key = DeviceKey::generate()?;
    atomic::write(file, key.pkcs8())?;
    Ok(hex::encode(key.public().as_bytes()))
}

impl Code {
    fn make(self) -> Result<()> {
        let is_division =
            self.division.len() <= 12 && self.division.bytes().all(|byte| byte.is_ascii_digit());
        ensure!(
            is_division && !self.division.is_empty(),
            "--for takes the first digits of a division code, such as 3205, not {:?}",
            self.division
        );
        let bytes = std::fs::read(&self.key).with_context(|| self.key.display().to_string())?;
        let key = DeviceKey::from_pkcs8(&bytes).with_context(|| self.key.display().to_string())?;
        let issued = SystemClock.now();
        let code = Configuration {
            issued,
            until: issued + days(self.days),
            division: self.division,
            set: Settings {
                poll_seconds: self.poll_seconds,
                kib_per_second: self.kib_per_second,
                report_seconds: self.report_seconds,
                roll_metres: self.roll_metres,
                low_metres: self.low_metres,
                retract_seconds: self.retract_seconds,
            },
        }
        .sign(&key);
        if let Some(path) = &self.svg {
            atomic::write(path, picture(&code)?.as_bytes())?;
        }
        println!("{code}");
        Ok(())
    }
}

/// The code as an SVG, with its quiet zone.
fn picture(code: &str) -> Result<String> {
    let qr = QRBuilder::new(code)
        .ecl(ECL::M)
        .build()
        .map_err(|error| anyhow::anyhow!("the code does not fit a QR code: {error}"))?;
    Ok(SvgBuilder::default().margin(4).shape(Shape::Square).to_str(&qr))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_overwritten_and_its_public_half_is_the_line_for_terminals() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("configuration.key");
        let line = make_key(&file).unwrap();
        let key = DeviceKey::from_pkcs8(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(line, hex::encode(key.public().as_bytes()));
        assert!(make_key(&file).unwrap_err().to_string().contains("exists"));
    }

    #[test]
    fn the_longest_code_fits_a_picture() {
        let most = NonZeroU32::MAX;
        let configuration = Configuration {
            issued: "2026-11-26T08:00:00.123456789Z".parse().unwrap(),
            until: "2036-11-26T08:00:00.123456789Z".parse().unwrap(),
            division: "320571001002".to_owned(),
            set: Settings {
                poll_seconds: Some(most),
                kib_per_second: Some(most),
                report_seconds: Some(most),
                roll_metres: Some(most),
                low_metres: Some(most),
                retract_seconds: Some(most),
            },
        };
        let code = configuration.sign(&DeviceKey::generate().unwrap());
        assert!(picture(&code).unwrap().starts_with("<svg"));
    }
}
