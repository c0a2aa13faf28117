//! Devices and how they are connected.

use std::path::PathBuf;

use serde::Deserialize;

/// Where a device is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// `host:port`.
    Tcp(String),
    /// A serial line.
    Serial {
        /// The device file.
        path: PathBuf,
        /// Bits per second.
        baud: u32,
    },
    /// A file or device file that is only written to.
    File(PathBuf),
}

/// The slip printer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Printer {
    /// How it is connected.
    pub kind: PrinterKind,
    /// `host:port` for `tcp`, else a path.
    pub address: String,
    /// Bits per second of a serial line.
    #[serde(default = "default_baud")]
    pub baud: u32,
    /// What sort of printer it is.
    #[serde(default)]
    pub profile: PrinterProfile,
}

/// How a printer is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterKind {
    /// A raw TCP port, usually 9100.
    Tcp,
    /// A serial line, USB included.
    Serial,
    /// A file or device file that is only written to: prints can never be proven.
    File,
}

/// What sort of printer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterProfile {
    /// ESC/POS, paper 80 mm wide: 576 dots.
    #[default]
    #[serde(rename = "escpos-80mm")]
    Escpos80,
    /// ESC/POS, paper 58 mm wide: 384 dots.
    #[serde(rename = "escpos-58mm")]
    Escpos58,
}

impl Printer {
    /// Where the printer is found.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        match self.kind {
            PrinterKind::Tcp => Endpoint::Tcp(self.address.clone()),
            PrinterKind::Serial => Endpoint::Serial {
                path: self.address.clone().into(),
                baud: self.baud,
            },
            PrinterKind::File => Endpoint::File(self.address.clone().into()),
        }
    }
}

/// A device that is read from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Device {
    /// How it is connected.
    pub kind: DeviceKind,
    /// `host:port` for `tcp`, else a path.
    pub address: String,
    /// Bits per second of a serial line.
    #[serde(default = "default_baud")]
    pub baud: u32,
}

/// How a device is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A TCP port.
    Tcp,
    /// A serial line, USB included.
    Serial,
}

impl Device {
    /// Where the device is found.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        match self.kind {
            DeviceKind::Tcp => Endpoint::Tcp(self.address.clone()),
            DeviceKind::Serial => Endpoint::Serial {
                path: self.address.clone().into(),
                baud: self.baud,
            },
        }
    }
}

fn default_baud() -> u32 {
    115_200
}
