//! What identifies a USB device.

use std::fmt;
use std::str::FromStr;

/// Vendor and product of a USB device, written `0c2e:0b61`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UsbId {
    /// Who made it.
    pub vendor: u16,
    /// What it is.
    pub product: u16,
}

/// A text that is no [`UsbId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no vendor and product of four hexadecimal digits each, such as 0c2e:0b61")]
pub struct InvalidUsbId(pub String);

impl FromStr for UsbId {
    type Err = InvalidUsbId;

    fn from_str(text: &str) -> Result<Self, InvalidUsbId> {
        let number = |digits: &str| {
            let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_number.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
        };
        text.split_once(':')
            .and_then(|(vendor, product)| {
                Some(Self {
                    vendor: number(vendor)?,
                    product: number(product)?,
                })
            })
            .ok_or_else(|| InvalidUsbId(text.to_owned()))
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_four_digits_twice() {
        assert_eq!("04B8:0e15".parse::<UsbId>().unwrap().to_string(), "04b8:0e15");
        for bad in ["", "04b8", "04b8:", "4b8:e15", "04b8:0e15:1", "+4b8:0e15"] {
            assert!(bad.parse::<UsbId>().is_err(), "{bad}");
        }
    }
}
