//! Where a device is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::usb::UsbId;

/// Where a device is: `tcp:printer.local:9100`, `usb:04b8:0e15`, `serial:1a86:7523@115200` or
/// `/dev/serial/by-id/…@115200`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Endpoint {
    /// A network printer, or a device behind a serial server.
    Tcp(String),
    /// A USB device that takes bytes on bulk endpoints: a printer (class 7), or an ID card reader's module.
    Usb(UsbId),
    /// The serial line that a USB device makes, wherever it is plugged in.
    Serial {
        /// The device.
        id: UsbId,
        /// As for [`Device`](Self::Device).
        baud: u32,
    },
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
#[error(
    "{0:?} is neither tcp:HOST:PORT, usb:VENDOR:PRODUCT[:SERIAL], serial:VENDOR:PRODUCT[:SERIAL][@BAUD] nor \
     /dev/PATH[@BAUD]"
)]
pub struct InvalidEndpoint(pub String);

impl Endpoint {
    /// Bits a second, where it is a line that has a speed.
    #[must_use]
    pub const fn baud(&self) -> Option<u32> {
        match self {
            Self::Serial { baud, .. } | Self::Device { baud, .. } => Some(*baud),
            Self::Tcp(_) | Self::Usb(_) => None,
        }
    }

    /// The same line at another speed.
    #[must_use]
    pub fn at(mut self, speed: u32) -> Self {
        if let Self::Serial { baud, .. } | Self::Device { baud, .. } = &mut self {
            *baud = speed;
        }
        self
    }
}

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
        // An `@` in a folder's name or in a serial number is no speed.
        let (place, baud) = match text.rsplit_once('@') {
            Some((place, baud)) if is_number(baud) => (place, baud.parse().map_err(|_| invalid())?),
            Some((_, rest)) if !rest.contains('/') && !text.starts_with("serial:") => return Err(invalid()),
            _ => (text, DEFAULT_BAUD),
        };
        if let Some(id) = place.strip_prefix("serial:") {
            let id = id.parse().map_err(|_| invalid())?;
            return Ok(Self::Serial { id, baud });
        }
        if !place.starts_with('/') {
            return Err(invalid());
        }
        Ok(Self::Device {
            path: place.into(),
            baud,
        })
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
            Self::Serial { id, baud } => write!(f, "serial:{id}@{baud}"),
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
            "usb:04b8:0e15:A1",
            "serial:1a86:7523@9600",
            "serial:1a86:7523:A1@115200",
            "/dev/ttyUSB0@9600",
            "/dev/usb/lp0@115200",
            "/dev/serial/by-path/soc@1e0/port0@9600",
            "serial:1a86:7523:A@1@9600",
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), text);
        }
        for (short, whole) in [
            ("/dev/ttyUSB0", "/dev/ttyUSB0@115200"),
            (
                "/dev/serial/by-path/soc@1e0/port0",
                "/dev/serial/by-path/soc@1e0/port0@115200",
            ),
            ("serial:1a86:7523:A@B", "serial:1a86:7523:A@B@115200"),
        ] {
            assert_eq!(short.parse::<Endpoint>().unwrap().to_string(), whole);
        }
        for bad in [
            "",
            "tcp:",
            "tcp:printer",
            "tcp::9100",
            "usb:04b8",
            "serial:1a86@9600",
            "ttyS0",
            "/dev/ttyS0@fast",
            "/dev/ttyS0@",
            "/dev/ttyS0@99999999999",
        ] {
            assert!(bad.parse::<Endpoint>().is_err(), "{bad}");
        }
    }
}
