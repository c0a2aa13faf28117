//! Where a device is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::usb::UsbId;

/// Where a device is: `tcp:printer.local:9100`, `usb:04b8:0e15` or `/dev/serial/by-id/…@115200`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Endpoint {
    /// A network printer, or a device behind a serial server.
    Tcp(String),
    /// A USB device that takes bytes on bulk endpoints: a printer (class 7), or an ID card reader's module.
    Usb(UsbId),
    /// A serial port, `/dev/usb/lp0`, or a pseudo-terminal.
    Device {
        /// The file.
        path: PathBuf,
        /// Bits a second on a serial line; 8 data bits, no parity, one stop bit.
        baud: u32,
    },
}

/// A text that is no [`Endpoint`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither tcp:HOST:PORT, usb:VENDOR:PRODUCT nor /dev/PATH[@BAUD]")]
pub struct InvalidEndpoint(pub String);

/// The speed when an endpoint names none.
const DEFAULT_BAUD: u32 = 115_200;

impl FromStr for Endpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, InvalidEndpoint> {
        let invalid = || InvalidEndpoint(text.to_owned());
        if let Some(address) = text.strip_prefix("tcp:") {
            let (host, port) = address.rsplit_once(':').ok_or_else(invalid)?;
            let is_valid = !host.is_empty() && port.parse::<u16>().is_ok();
            return if is_valid {
                Ok(Self::Tcp(address.to_owned()))
            } else {
                Err(invalid())
            };
        }
        if let Some(id) = text.strip_prefix("usb:") {
            return id.parse().map(Self::Usb).map_err(|_| invalid());
        }
        if !text.starts_with('/') {
            return Err(invalid());
        }
        match text.rsplit_once('@') {
            None => Ok(Self::Device {
                path: text.into(),
                baud: DEFAULT_BAUD,
            }),
            Some((path, baud)) => {
                let baud = baud.parse().map_err(|_| invalid())?;
                Ok(Self::Device {
                    path: path.into(),
                    baud,
                })
            }
        }
    }
}

impl TryFrom<String> for Endpoint {
    type Error = InvalidEndpoint;

    fn try_from(text: String) -> Result<Self, InvalidEndpoint> {
        text.parse()
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.to_string()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Usb(id) => write!(f, "usb:{id}"),
            Self::Device { path, baud } => write!(f, "{}@{baud}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_reads_back_from_its_text() {
        for text in [
            "tcp:127.0.0.1:9100",
            "tcp:[::1]:9100",
            "tcp:printer.local:9100",
            "usb:04b8:0e15",
            "/dev/ttyUSB0@9600",
            "/dev/usb/lp0@115200",
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "tcp:",
            "tcp:printer",
            "tcp::9100",
            "usb:04b8",
            "ttyS0",
            "/dev/ttyS0@fast",
        ] {
            assert!(bad.parse::<Endpoint>().is_err(), "{bad}");
        }
    }
}
