//! The code on a resident's slip.

use std::fmt;
use std::str::FromStr;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many characters carry something: 55 bits.
const RANDOM: usize = 11;

/// 11 characters and a check character, shown in three groups of four: `7Q2K-M4TD-90XC`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct QueryCode(String);

/// A text that is no query code: the wrong length, a wrong character, or a slip of the finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a query code")]
pub struct InvalidCode;

impl QueryCode {
    /// From bytes that nobody can guess.
    pub(super) fn from_random(random: &[u8; 32]) -> Self {
        let values = random.map(|byte| usize::from(byte % 32));
        let check = check(&values[..RANDOM]);
        let values = values[..RANDOM].iter().copied().chain([check]);
        Self(values.map(|value| char::from(ALPHABET[value])).collect())
    }

    /// The 12 characters without hyphens, as a QR code carries them behind `MC-R-`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As people read it.
impl fmt::Display for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = &self.0;
        write!(f, "{}-{}-{}", &code[..4], &code[4..8], &code[8..])
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode(..)")
    }
}

impl FromStr for QueryCode {
    type Err = InvalidCode;

    /// Takes small letters, spaces and hyphens, O for 0 and I or L for 1, and the prefix of the QR code.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("MC-R-").unwrap_or(&text);
        let values: Option<Vec<usize>> = text
            .bytes()
            .filter(|byte| !b" -".contains(byte))
            .map(|byte| match byte {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            })
            .map(|byte| ALPHABET.iter().position(|&known| known == byte))
            .collect();
        let values = values.ok_or(InvalidCode)?;
        if values.len() != RANDOM + 1 || check(&values[..RANDOM]) != values[RANDOM] {
            return Err(InvalidCode);
        }
        Ok(Self(
            values.iter().map(|&value| char::from(ALPHABET[value])).collect(),
        ))
    }
}

/// Luhn's algorithm modulo 32: notices every wrong character, and nearly every pair that was swapped.
fn check(values: &[usize]) -> usize {
    let sum: usize = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &value)| {
            let weighted = if place % 2 == 0 { value * 2 } else { value };
            weighted / 32 + weighted % 32
        })
        .sum();
    (32 - sum % 32) % 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> QueryCode {
        QueryCode::from_random(&std::array::from_fn(|place| (place * 37 + 5) as u8))
    }

    #[test]
    fn a_code_is_read_however_people_write_it() {
        let code = code();
        assert_eq!(code.to_string().len(), 14);
        for written in [
            code.to_string(),
            code.to_string().to_lowercase(),
            code.as_str().to_owned(),
            format!(" {} ", code.to_string().replace('-', " ")),
            format!("MC-R-{}", code.as_str()),
            code.to_string().replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(written.parse(), Ok(code.clone()), "{written}");
        }
    }

    #[test]
    fn every_wrong_character_is_noticed() {
        let code = code();
        for place in 0..12 {
            for &other in ALPHABET {
                let mut wrong = code.as_str().as_bytes().to_vec();
                if wrong[place] == other {
                    continue;
                }
                wrong[place] = other;
                let wrong = String::from_utf8(wrong).unwrap();
                assert_eq!(wrong.parse::<QueryCode>(), Err(InvalidCode), "{wrong}");
            }
        }
        for wrong in ["", "7Q2K", "查询码", &"0".repeat(13)] {
            assert!(wrong.parse::<QueryCode>().is_err(), "{wrong}");
        }
    }
}
