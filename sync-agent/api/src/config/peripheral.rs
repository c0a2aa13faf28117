//! Devices and how they are connected.

use std::path::PathBuf;

use serde::Deserialize;

/// Bits per second where the file names none.
const DEFAULT_BAUD: u32 = 115_200;

/// Where a device is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A raw TCP port, `host:port`.
    Tcp(String),
    /// A device file: a serial line, or another that takes bytes.
    Device {
        /// The file.
        path: PathBuf,
        /// Bits per second of a serial line.
        baud: u32,
    },
}

/// The slip printer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawPrinter")]
pub struct Printer {
    /// Where it is found.
    pub endpoint: Endpoint,
    /// What sort of printer it is.
    pub profile: PrinterProfile,
}

/// What sort of printer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum PrinterProfile {
    /// ESC/POS, paper 80 mm wide: 576 dots.
    #[default]
    #[serde(rename = "generic-80")]
    Generic80,
    /// ESC/POS, paper 58 mm wide: 384 dots.
    #[serde(rename = "generic-58")]
    Generic58,
}

impl PrinterProfile {
    /// The profile's name, here and among the drivers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generic80 => "generic-80",
            Self::Generic58 => "generic-58",
        }
    }
}

/// A device that is read from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawDevice")]
pub struct Device {
    /// Where it is found.
    pub endpoint: Endpoint,
}

/// A printer as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawPrinter {
    kind: PrinterKind,
    address: String,
    baud: Option<u32>,
    #[serde(default)]
    profile: PrinterProfile,
}

/// Another device as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawDevice {
    kind: DeviceKind,
    address: String,
    baud: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PrinterKind {
    Tcp,
    Serial,
    File,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DeviceKind {
    Tcp,
    Serial,
}

impl TryFrom<RawPrinter> for Printer {
    type Error = String;

    fn try_from(raw: RawPrinter) -> Result<Self, String> {
        Ok(Self {
            endpoint: match raw.kind {
                PrinterKind::Tcp => tcp(raw.address, raw.baud)?,
                PrinterKind::Serial => serial(raw.address, raw.baud),
                PrinterKind::File if raw.baud.is_some() => return Err(NO_BAUD.to_owned()),
                PrinterKind::File => serial(raw.address, None),
            },
            profile: raw.profile,
        })
    }
}

impl TryFrom<RawDevice> for Device {
    type Error = String;

    fn try_from(raw: RawDevice) -> Result<Self, String> {
        Ok(Self {
            endpoint: match raw.kind {
                DeviceKind::Tcp => tcp(raw.address, raw.baud)?,
                DeviceKind::Serial => serial(raw.address, raw.baud),
            },
        })
    }
}

/// A speed where there is no serial line would do nothing.
const NO_BAUD: &str = "`baud` is for kind \"serial\" only";

fn tcp(address: String, baud: Option<u32>) -> Result<Endpoint, String> {
    if baud.is_some() {
        return Err(NO_BAUD.to_owned());
    }
    let is_address = address.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if !is_address {
        return Err(format!(
            "`address` of kind \"tcp\" is a host and a port, such as \"192.168.1.20:9100\", not {address:?}"
        ));
    }
    Ok(Endpoint::Tcp(address))
}

fn serial(address: String, baud: Option<u32>) -> Endpoint {
    Endpoint::Device {
        path: address.into(),
        baud: baud.unwrap_or(DEFAULT_BAUD),
    }
}
