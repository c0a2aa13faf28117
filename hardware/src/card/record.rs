//! What a resident identity card says, as far as it is ever taken out of the reader.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The length of the text block.
pub const TEXT_BLOCK: usize = 256;

/// A card cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCard {
    /// The text block is cut off or not UTF-16.
    #[error("the card's text is garbled")]
    Text,
    /// A residence permit or a foreigner's card, whose fields stand elsewhere.
    #[error("the card is of another type ({0:?})")]
    OtherType(char),
    /// The number's check digit is wrong.
    #[error("the card's number does not check")]
    Number,
    /// A date is none.
    #[error("the card's dates are garbled")]
    Date,
}

/// A resident identity card. Wiped from memory when it is dropped; its `Debug` form is masked. The
/// photo is dropped in the reader, the fingerprint never asked for.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ResidentCard {
    /// 姓名.
    pub name: String,
    /// 公民身份号码, 18 characters, checked.
    pub number: String,
    /// 出生, `YYYYMMDD`.
    pub birth: String,
    /// 住址.
    pub address: String,
    /// 签发机关.
    pub issuer: String,
    /// Valid from, `YYYYMMDD`.
    pub valid_from: String,
    /// Valid to, `YYYYMMDD` or 长期.
    pub valid_to: String,
}

impl ResidentCard {
    /// Reads the text block: UTF-16LE in fields of fixed length, padded with spaces.
    pub fn parse(block: &[u8]) -> Result<Self, InvalidCard> {
        if block.len() != TEXT_BLOCK {
            return Err(InvalidCard::Text);
        }
        let field = |offset: usize, length: usize| -> Result<String, InvalidCard> {
            let bytes = block[offset..offset + length].chunks_exact(2);
            let units: Zeroizing<Vec<u16>> =
                Zeroizing::new(bytes.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect());
            let text = Zeroizing::new(String::from_utf16(&units).map_err(|_| InvalidCard::Text)?);
            Ok(text.trim_matches([' ', '\0']).to_owned())
        };
        if let Some(other) = field(248, 2)?.chars().next() {
            return Err(InvalidCard::OtherType(other));
        }
        let card = Self {
            name: field(0, 30)?,
            birth: field(36, 16)?,
            address: field(52, 70)?,
            number: field(122, 36)?,
            issuer: field(158, 30)?,
            valid_from: field(188, 16)?,
            valid_to: field(204, 16)?,
        };
        let is_date = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_valid_number(&card.number) {
            return Err(InvalidCard::Number);
        }
        if !is_date(&card.birth)
            || !is_date(&card.valid_from)
            || !(card.valid_to == "长期" || is_date(&card.valid_to))
        {
            return Err(InvalidCard::Date);
        }
        Ok(card)
    }

    /// The number as a screen may show it: the first three and the last four characters.
    #[must_use]
    pub fn masked_number(&self) -> String {
        format!("{}{}{}", &self.number[..3], "•".repeat(11), &self.number[14..])
    }
}

impl fmt::Debug for ResidentCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResidentCard")
            .field("number", &self.masked_number())
            .finish_non_exhaustive()
    }
}

/// GB 11643: 17 digits and a check character by ISO 7064 MOD 11-2.
#[must_use]
pub fn is_valid_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((check, digits)) = number.as_bytes().split_last() else {
        return false;
    };
    if digits.len() != WEIGHTS.len() || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    b"10X98765432"[(sum % 11) as usize] == *check
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::simulator::example_text_block;

    #[test]
    fn the_public_example_reads_and_is_shown_masked() {
        let card = ResidentCard::parse(&example_text_block()).unwrap();
        assert_eq!(
            (card.number.as_str(), card.birth.as_str()),
            ("11010519491231002X", "19491231")
        );
        assert_eq!(card.masked_number(), "110•••••••••••002X");
        let shown = format!("{card:?}");
        assert!(
            !shown.contains("19491231") && !shown.contains(&card.name),
            "{shown}"
        );
    }

    #[test]
    fn a_wrong_check_digit_or_another_type_is_refused() {
        assert!(is_valid_number("11010519491231002X"));
        for bad in [
            "110105194912310021",
            "11010519491231002",
            "",
            "一1010519491231002X",
            "11010519491231002x",
        ] {
            assert!(!is_valid_number(bad), "{bad}");
        }
        let mut block = example_text_block();
        block[248] = b'J';
        assert_eq!(ResidentCard::parse(&block), Err(InvalidCard::OtherType('J')));
        assert_eq!(ResidentCard::parse(&block[..255]), Err(InvalidCard::Text));
        let mut block = example_text_block();
        block[122] = b'9';
        assert_eq!(ResidentCard::parse(&block), Err(InvalidCard::Number));
    }
}
