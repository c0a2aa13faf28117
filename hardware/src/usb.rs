//! What identifies a USB device.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Vendor and product of a USB device, and where two are alike its serial number: `0c2e:0b61` or
/// `0c2e:0b61:A1B2`, as udev knows them (`ID_VENDOR_ID`, `ID_MODEL_ID`, `ID_SERIAL_SHORT`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsbId {
    /// Who made it.
    pub vendor: u16,
    /// What it is.
    pub product: u16,
    /// Which one it is; any of them where absent.
    pub serial: Option<String>,
}

/// A text that is no [`UsbId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no vendor and product of four hexadecimal digits each, such as 0c2e:0b61 or 0c2e:0b61:SERIAL"
)]
pub struct InvalidUsbId(pub String);

impl UsbId {
    /// Whether a device that says this of itself is meant.
    #[must_use]
    pub fn matches(&self, vendor: u16, product: u16, serial: Option<&str>) -> bool {
        (self.vendor, self.product) == (vendor, product)
            && (self.serial.is_none() || self.serial.as_deref() == serial.map(str::trim))
    }
}

impl FromStr for UsbId {
    type Err = InvalidUsbId;

    fn from_str(text: &str) -> Result<Self, InvalidUsbId> {
        let number = |digits: &str| {
            let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_number.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
        };
        let parse = || {
            let mut parts = text.splitn(3, ':');
            Some(Self {
                vendor: number(parts.next()?)?,
                product: number(parts.next()?)?,
                serial: match parts.next() {
                    Some("") => return None,
                    serial => serial.map(str::to_owned),
                },
            })
        };
        parse().ok_or_else(|| InvalidUsbId(text.to_owned()))
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)?;
        match &self.serial {
            Some(serial) => write!(f, ":{serial}"),
            None => Ok(()),
        }
    }
}

/// Where the kernel tells of its devices.
pub(crate) const SYSFS: &str = "/sys";

/// The name of the serial line below `/dev` behind which a USB device is, by the tree at `sysfs`. A device
/// with several lines is meant by its first.
pub(crate) fn serial_line(sysfs: &Path, id: &UsbId) -> Option<String> {
    let lines = std::fs::read_dir(sysfs.join("class/tty")).ok()?;
    let mut names: Vec<String> = lines
        .filter_map(|line| Some(line.ok()?.file_name().to_str()?.to_owned()))
        .filter(|name| name.starts_with("ttyUSB") || name.starts_with("ttyACM"))
        .collect();
    names.sort_unstable_by_key(|name| (name.len(), name.clone()));
    names
        .into_iter()
        .find(|name| is_behind(&sysfs.join("class/tty").join(name).join("device"), id))
}

/// Whether the USB device that holds this interface, or one above it, has the id.
fn is_behind(interface: &Path, id: &UsbId) -> bool {
    let Ok(interface) = interface.canonicalize() else {
        return false;
    };
    let attribute = |device: &Path, name: &str| -> Option<String> {
        Some(std::fs::read_to_string(device.join(name)).ok()?.trim().to_owned())
    };
    let number = |device: &Path, name: &str| u16::from_str_radix(&attribute(device, name)?, 16).ok();
    // The nearest device upwards: beyond it are the hubs that it is plugged into.
    let device: Option<PathBuf> = interface
        .ancestors()
        .find(|folder| folder.join("idVendor").exists())
        .map(Path::to_owned);
    device.is_some_and(|device| {
        let (vendor, product) = (number(&device, "idVendor"), number(&device, "idProduct"));
        let (Some(vendor), Some(product)) = (vendor, product) else {
            return false;
        };
        id.matches(vendor, product, attribute(&device, "serial").as_deref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn an_id_is_four_digits_twice_and_a_serial_number_where_two_are_alike() {
        for (text, shown) in [("04B8:0e15", "04b8:0e15"), ("04b8:0e15:A1:2", "04b8:0e15:A1:2")] {
            assert_eq!(text.parse::<UsbId>().unwrap().to_string(), shown);
        }
        for bad in ["", "04b8", "04b8:", "4b8:e15", "04b8:0e15:", "+4b8:0e15"] {
            assert!(bad.parse::<UsbId>().is_err(), "{bad}");
        }
    }

    /// A device at `bus` whose interface carries the serial line `tty`, as sysfs shows it.
    fn plug(sysfs: &Path, bus: &str, id: [&str; 3], tty: &str) {
        let device = sysfs.join("devices/usb1").join(bus);
        let line = device.join(format!("{bus}:1.0")).join("tty").join(tty);
        std::fs::create_dir_all(&line).unwrap();
        for (name, value) in ["idVendor", "idProduct", "serial"].into_iter().zip(id) {
            let mut file = std::fs::File::create(device.join(name)).unwrap();
            writeln!(file, "{value}").unwrap();
        }
        std::os::unix::fs::symlink("../..", line.join("device")).unwrap();
        let class = sysfs.join("class/tty");
        std::fs::create_dir_all(&class).unwrap();
        std::os::unix::fs::symlink(&line, class.join(tty)).unwrap();
    }

    #[test]
    fn the_line_of_a_device_is_found_by_its_id_and_that_of_its_twin_by_the_serial_number() {
        let folder = tempfile::tempdir().unwrap();
        let sysfs = folder.path();
        let find = |id: &str| serial_line(sysfs, &id.parse().unwrap());
        assert_eq!(find("1a86:7523"), None);
        plug(sysfs, "1-1", ["1a86", "7523", "A1"], "ttyUSB10");
        plug(sysfs, "1-2", ["1a86", "7523", "B2"], "ttyUSB2");
        plug(sysfs, "1-3", ["0c2e", "0b61", "C3"], "ttyACM0");
        assert_eq!(find("0c2e:0b61").as_deref(), Some("ttyACM0"));
        assert_eq!(find("1a86:7523").as_deref(), Some("ttyUSB2"));
        assert_eq!(find("1a86:7523:A1").as_deref(), Some("ttyUSB10"));
        assert_eq!(find("1a86:7523:C3"), None);
    }
}
