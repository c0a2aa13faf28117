//! How a terminal becomes known to a hub.
//!
//! The terminal makes its key and asks (`POST /v1/enrolments`); its screen shows [`code`] and the key's
//! fingerprint. Staff who stand before it compare, and approve the code at the hub. From then on the
//! terminal fetches a certificate (`POST /v1/devices/{device}/certificate`) whenever its own is half used.

use serde::{Deserialize, Serialize};

use super::{DeviceId, PublicKey};

/// What a terminal says when it asks to be known. The request is signed with the key in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Its key.
    pub public_key: PublicKey,
    /// The name of the place where it stands.
    pub place: String,
    /// The code of the administrative division.
    pub division: String,
}

/// Where a device stands with the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It has asked; nobody has approved it yet.
    Pending,
    /// It may hand in.
    Approved,
    /// It may no longer hand in, and never again with this key.
    Revoked,
}

/// The hub's answer to an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The device's name.
    pub device: DeviceId,
    /// Where it stands.
    pub standing: Standing,
}

/// A certificate for TLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCertificate {
    /// X.509, in PEM: the device's certificate. Its common name is the device's name.
    pub certificate: String,
    /// When it must be replaced at the latest.
    pub expires_at: jiff::Timestamp,
}

/// What people type and say aloud: the first 8 digits of the device's name, in two groups.
#[must_use]
pub fn code(device: DeviceId) -> String {
    let digits = device.to_string().to_uppercase();
    format!("{}-{}", &digits[..4], &digits[4..8])
}

/// What the QR code on the terminal's screen carries: the device and its key's whole fingerprint.
#[must_use]
pub fn qr_text(key: &PublicKey) -> String {
    let fingerprint = key.fingerprint().replace(' ', "").to_uppercase();
    format!("MC-E-{fingerprint}")
}

/// The device that a code or a QR code's text means, out of those known. `None` if it means none, or
/// more than one.
pub fn find(text: &str, devices: impl IntoIterator<Item = DeviceId>) -> Option<DeviceId> {
    let digits = text.trim().to_lowercase();
    let digits = digits
        .strip_prefix("mc-e-")
        .unwrap_or(&digits)
        .replace(['-', ' '], "");
    let is_long_enough = digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    // A fingerprint is longer than the name, which is its beginning.
    let digits = digits.get(..digits.len().min(32))?;
    let mut found = devices
        .into_iter()
        .filter(|device| is_long_enough && device.to_string().starts_with(digits));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_a_name_and_a_qr_text_find_the_device_and_a_short_or_shared_one_does_not() {
        let key = PublicKey::from_bytes([1; 32]);
        let device = DeviceId::of(&key);
        let other = DeviceId::of(&PublicKey::from_bytes([2; 32]));
        let mut twin = *device.as_bytes();
        twin[15] ^= 1;
        let devices = [device, other];
        for text in [code(device), device.to_string(), qr_text(&key), key.fingerprint()] {
            assert_eq!(find(&text, devices), Some(device), "{text}");
        }
        assert_eq!(find(&code(device)[..6], devices), None);
        assert_eq!(find("", devices), None);
        assert_eq!(find("编号编号编号", devices), None);
        assert_eq!(find(&code(device), [device, DeviceId::from_bytes(twin)]), None);
    }
}
