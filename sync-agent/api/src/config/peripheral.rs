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
    /// A USB device: vendor, product and where two are alike the serial number, `04b8:0e15` or
    /// `04b8:0e15:A1`.
    Usb(String),
    /// The serial line that a USB device makes, wherever it is plugged in.
    Serial {
        /// As for [`Usb`](Self::Usb).
        id: String,
        /// Bits per second.
        baud: u32,
    },
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
    /// How slips reach the paper.
    pub mode: PrinterMode,
    /// The length of a new roll in metres; what the profile says where absent.
    pub roll_metres: Option<u32>,
    /// From how many metres on staff are warned that the roll ends.
    pub low_metres: u32,
    /// A picture at the head of every slip, a PNG.
    pub logo: Option<PathBuf>,
    /// After how many seconds a slip that nobody takes is taken back in; never where absent.
    pub retract_seconds: Option<u32>,
}

impl Printer {
    /// A printer with everything else at its default.
    #[must_use]
    pub fn new(endpoint: Endpoint, profile: PrinterProfile) -> Self {
        Self {
            endpoint,
            profile,
            mode: PrinterMode::Raster,
            roll_metres: None,
            low_metres: LOW_METRES,
            logo: None,
            retract_seconds: None,
        }
    }
}

/// Where the file names no limit: enough for the longest slip and the way to the store room.
const LOW_METRES: u32 = 5;

/// How slips reach the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterMode {
    /// As pictures: every character comes out.
    #[default]
    Raster,
    /// As GB18030 text in the printer's own type, for slow lines. A slip with characters that the printer
    /// lacks is printed as a picture.
    Text,
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
    /// Epson TM-T82 and its kin, 80 mm: reports its state by itself.
    #[serde(rename = "epson-tm-t82")]
    EpsonTmT82,
    /// A panel-mounted printer as Masung and SNBC build them, 80 mm: a bezel holds the slip.
    #[serde(rename = "kiosk-80")]
    Kiosk80,
}

impl PrinterProfile {
    /// The profile's name, here and among the drivers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generic80 => "generic-80",
            Self::Generic58 => "generic-58",
            Self::EpsonTmT82 => "epson-tm-t82",
            Self::Kiosk80 => "kiosk-80",
        }
    }

    /// Whether it takes a slip back in that nobody took.
    #[must_use]
    pub const fn can_retract(self) -> bool {
        matches!(self, Self::Kiosk80)
    }
}

/// A device that is read from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawDevice")]
pub struct Device {
    /// Where it is found.
    pub endpoint: Endpoint,
}

/// The code scanner.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawScanner")]
pub struct Scanner {
    /// Where it is found.
    pub source: ScannerSource,
    /// The public half of the key (Ed25519, 32 bytes) with which the hub signs configuration codes. Without
    /// it, such codes are unknown ones.
    pub configuration_key: Option<[u8; 32]>,
}

/// Where a scanner is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerSource {
    /// On a line.
    Line(Endpoint),
    /// It types like a keyboard: USB vendor, product and where two are alike the serial number.
    Hid(String),
}

/// A scanner as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawScanner {
    kind: ScannerKind,
    address: String,
    baud: Option<u32>,
    configuration_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ScannerKind {
    Tcp,
    Serial,
    Hid,
}

impl TryFrom<RawScanner> for Scanner {
    type Error = String;

    fn try_from(raw: RawScanner) -> Result<Self, String> {
        Ok(Self {
            source: match raw.kind {
                ScannerKind::Tcp => ScannerSource::Line(tcp(raw.address, raw.baud)?),
                ScannerKind::Serial => ScannerSource::Line(serial(raw.address, raw.baud)?),
                ScannerKind::Hid if raw.baud.is_some() => return Err(NO_BAUD.to_owned()),
                ScannerKind::Hid => ScannerSource::Hid(usb_id(raw.address)?),
            },
            configuration_key: raw.configuration_key.as_deref().map(key).transpose()?,
        })
    }
}

/// Vendor, product and perhaps serial number of a USB device, as udev knows them.
fn usb_id(address: String) -> Result<String, String> {
    let is_number = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match *address.splitn(3, ':').collect::<Vec<_>>() {
        [vendor, product] | [vendor, product, _] if !(is_number(vendor) && is_number(product)) => {}
        [_, _] => return Ok(address),
        [_, _, serial] if !serial.is_empty() => return Ok(address),
        _ => {}
    }
    Err(format!(
        "`address` of a USB device is its vendor and product, such as \"0c2e:0b61\", or these and its serial \
         number, such as \"0c2e:0b61:A1B2\"; not {address:?}"
    ))
}

/// 32 bytes in hexadecimal digits.
fn key(digits: &str) -> Result<[u8; 32], String> {
    let invalid = || "`configuration-key` is 64 hexadecimal digits".to_owned();
    if digits.len() != 64 || !digits.is_ascii() {
        return Err(invalid());
    }
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).map_err(|_| invalid())?;
    }
    Ok(key)
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
    #[serde(default)]
    mode: PrinterMode,
    roll_metres: Option<u32>,
    low_metres: Option<u32>,
    logo: Option<PathBuf>,
    retract_seconds: Option<u32>,
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
    Usb,
    Serial,
    File,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DeviceKind {
    Tcp,
    Usb,
    Serial,
}

impl TryFrom<RawPrinter> for Printer {
    type Error = String;

    fn try_from(raw: RawPrinter) -> Result<Self, String> {
        Ok(Self {
            endpoint: match raw.kind {
                PrinterKind::Tcp => tcp(raw.address, raw.baud)?,
                PrinterKind::Usb => usb(raw.address, raw.baud)?,
                PrinterKind::Serial => serial(raw.address, raw.baud)?,
                PrinterKind::File if raw.baud.is_some() => return Err(NO_BAUD.to_owned()),
                PrinterKind::File => file(raw.address, DEFAULT_BAUD),
            },
            profile: raw.profile,
            mode: raw.mode,
            roll_metres: match raw.roll_metres {
                Some(0) => return Err("`roll-metres` must be at least 1".to_owned()),
                metres => metres,
            },
            low_metres: raw.low_metres.unwrap_or(LOW_METRES),
            logo: raw.logo,
            retract_seconds: match raw.retract_seconds {
                Some(0) => return Err("`retract-seconds` must be at least 1".to_owned()),
                Some(_) if !raw.profile.can_retract() => {
                    return Err(format!(
                        "`retract-seconds`: a printer of profile {:?} takes nothing back in",
                        raw.profile.name()
                    ));
                }
                seconds => seconds,
            },
        })
    }
}

impl TryFrom<RawDevice> for Device {
    type Error = String;

    fn try_from(raw: RawDevice) -> Result<Self, String> {
        Ok(Self {
            endpoint: match raw.kind {
                DeviceKind::Tcp => tcp(raw.address, raw.baud)?,
                DeviceKind::Usb => usb(raw.address, raw.baud)?,
                DeviceKind::Serial => serial(raw.address, raw.baud)?,
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

fn usb(address: String, baud: Option<u32>) -> Result<Endpoint, String> {
    if baud.is_some() {
        return Err(NO_BAUD.to_owned());
    }
    usb_id(address).map(Endpoint::Usb)
}

/// A line by its file, or by the USB device that makes it.
fn serial(address: String, baud: Option<u32>) -> Result<Endpoint, String> {
    let baud = baud.unwrap_or(DEFAULT_BAUD);
    if address.contains(':') && !address.contains('/') {
        return Ok(Endpoint::Serial {
            id: usb_id(address)?,
            baud,
        });
    }
    Ok(file(address, baud))
}

fn file(address: String, baud: u32) -> Endpoint {
    Endpoint::Device {
        path: address.into(),
        baud,
    }
}
