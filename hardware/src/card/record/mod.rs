//! What an identity card says, as far as it is ever taken out of the reader.

mod ethnic;
mod layout;
mod nationality;
mod number;

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

pub use ethnic::ethnic_group;
pub use layout::Kind;
pub use nationality::nationality;
pub use number::is_valid_number;

/// The length of the text block.
pub const TEXT_BLOCK: usize = 256;

/// A card cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCard {
    /// The text block is cut off or not UTF-16.
    #[error("the card's text is garbled")]
    Text,
    /// The card is of a sort that is not known here.
    #[error("the card is of another type ({0:?})")]
    OtherType(char),
    /// The number's check digit is wrong, or it is not of the card's sort.
    #[error("the card's number does not check")]
    Number,
    /// A date is none.
    #[error("the card's dates are garbled")]
    Date,
}

/// 性别.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
    /// The card does not say.
    Unknown,
}

/// An identity card. Wiped from memory when it is dropped; its `Debug` form is masked. The photo is
/// dropped in the codec, the fingerprint never asked for.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Card {
    /// What sort of card it is.
    #[zeroize(skip)]
    pub kind: Kind,
    /// 姓名; on foreigners' cards the Chinese name, which may be empty.
    pub name: String,
    /// The name in Latin letters; empty where a card has none.
    pub latin_name: String,
    /// 性别.
    #[zeroize(skip)]
    pub sex: Sex,
    /// 民族, by its code in GB/T 3304; empty where a card has none. See [`ethnic_group`].
    pub ethnic_group: String,
    /// ISO 3166 alpha-3; empty where a card has none. See [`nationality()`].
    pub nationality: String,
    /// 出生, `YYYYMMDD`.
    pub birth: String,
    /// 住址; empty where a card has none.
    pub address: String,
    /// The number, checked.
    pub number: String,
    /// 签发机关; empty where a card has none.
    pub issuer: String,
    /// Of a residence permit, the number of the travel pass; else empty.
    pub pass_number: String,
    /// Valid from, `YYYYMMDD`.
    pub valid_from: String,
    /// Valid to, `YYYYMMDD` or 长期.
    pub valid_to: String,
}

impl Card {
    /// Reads the text block: UTF-16LE in fields of fixed length, padded with spaces.
    pub fn parse(block: &[u8]) -> Result<Self, InvalidCard> {
        if block.len() != TEXT_BLOCK {
            return Err(InvalidCard::Text);
        }
        let kind = Kind::of(block)?;
        let layout = kind.layout();
        // The wiping wrapper stays empty behind: the text itself moves into the record.
        let field = |field| layout::text(block, field).map(|mut text| std::mem::take(&mut *text));
        let optional = |at: Option<_>| at.map_or(Ok(String::new()), field);
        let mut card = Self {
            kind,
            name: field(layout.name)?,
            latin_name: String::new(),
            sex: match field(layout.sex)?.as_str() {
                "1" => Sex::Male,
                "2" => Sex::Female,
                _ => Sex::Unknown,
            },
            ethnic_group: optional(layout.ethnic_group)?,
            nationality: optional(layout.nationality)?,
            birth: field(layout.birth)?,
            address: optional(layout.address)?,
            number: field(layout.number)?,
            issuer: optional(layout.issuer)?,
            pass_number: optional(layout.pass_number)?,
            valid_from: field(layout::VALID_FROM)?,
            valid_to: field(layout::VALID_TO)?,
        };
        // Room for all parts at once: a string that moves would leave copies of what it held.
        card.latin_name.reserve_exact(2 * TEXT_BLOCK);
        for part in layout.latin_name {
            card.latin_name.push_str(&layout::padded(block, *part)?);
        }
        let end = card.latin_name.trim_end().len();
        card.latin_name.truncate(end);
        card.check()?;
        Ok(card)
    }

    fn check(&self) -> Result<(), InvalidCard> {
        let is_valid = match self.kind {
            Kind::Resident => number::is_valid_number(&self.number),
            Kind::ResidencePermit => number::is_valid_permit_number(&self.number),
            Kind::Foreign2017 | Kind::Foreign2023 => number::is_valid_foreign_number(&self.number),
        };
        if !is_valid {
            return Err(InvalidCard::Number);
        }
        let dates = is_date(&self.birth)
            && is_date(&self.valid_from)
            && (self.valid_to == FOR_EVER || is_date(&self.valid_to));
        if dates { Ok(()) } else { Err(InvalidCard::Date) }
    }

    /// Whether the card is no longer valid on `today`, `YYYYMMDD`. A card is valid on its last day.
    #[must_use]
    pub fn is_expired(&self, today: &str) -> bool {
        self.valid_to != FOR_EVER && self.valid_to.as_str() < today
    }

    /// The number as a screen may show it: the first three and the last four characters.
    #[must_use]
    pub fn masked_number(&self) -> String {
        let (first, rest) = self.number.split_at(3);
        let (middle, last) = rest.split_at(rest.len() - 4);
        format!("{first}{}{last}", "•".repeat(middle.len()))
    }
}

/// What cards that never expire have for a date.
const FOR_EVER: &str = "长期";

/// `YYYYMMDD` with a month and a day that exist in some year.
fn is_date(text: &str) -> bool {
    let is_number = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number && ("01"..="12").contains(&&text[4..6]) && ("01"..="31").contains(&&text[6..])
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("kind", &self.kind)
            .field("number", &self.masked_number())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::example::{Example, text_block};

    #[test]
    fn the_public_example_reads_and_is_shown_masked() {
        let card = Card::parse(&text_block(Example::Resident)).unwrap();
        assert_eq!(
            (card.number.as_str(), card.birth.as_str(), card.sex),
            ("11010519491231002X", "19491231", Sex::Female)
        );
        assert_eq!(ethnic_group(&card.ethnic_group), Some("汉"));
        assert_eq!(card.masked_number(), "110•••••••••••002X");
        let shown = format!("{card:?}");
        assert!(
            !shown.contains("19491231") && !shown.contains(&card.name),
            "{shown}"
        );
    }

    #[test]
    fn every_sort_of_card_has_its_fields_where_they_are_looked_for() {
        let permit = Card::parse(&text_block(Example::ResidencePermit)).unwrap();
        assert_eq!(
            (
                permit.kind,
                permit.pass_number.as_str(),
                permit.ethnic_group.as_str()
            ),
            (Kind::ResidencePermit, "H12345678", "")
        );
        let old = Card::parse(&text_block(Example::Foreign2017)).unwrap();
        assert_eq!(
            (old.name.as_str(), old.latin_name.as_str(), old.number.as_str()),
            ("示例", "EXAMPLE, PERSON", "EXA110000010101")
        );
        let new = Card::parse(&text_block(Example::Foreign2023)).unwrap();
        assert_eq!(
            (new.latin_name.as_str(), nationality(&new.nationality)),
            ("EXAMPLE, A PERSON WITH A VERY LONG NAME THAT G", Some("加拿大"))
        );
        assert_eq!(new.masked_number(), "911•••••••••••0024");
    }

    #[test]
    fn a_card_is_valid_on_its_last_day_and_not_after() {
        let card = Card::parse(&text_block(Example::Expired)).unwrap();
        assert!(!card.is_expired("20151231"));
        assert!(card.is_expired("20160101"));
        assert!(
            !Card::parse(&text_block(Example::Resident))
                .unwrap()
                .is_expired("29991231")
        );
    }

    #[test]
    fn a_wrong_check_digit_another_type_or_a_date_that_is_none_is_refused() {
        let changed = |offset: usize, byte: u8| {
            let mut block = text_block(Example::Resident);
            block[offset] = byte;
            Card::parse(&block)
        };
        assert_eq!(changed(248, b'K'), Err(InvalidCard::OtherType('K')));
        assert_eq!(changed(122, b'9'), Err(InvalidCard::Number));
        assert_eq!(changed(188 + 8, b'2'), Err(InvalidCard::Date));
        assert_eq!(changed(1, 0xd8), Err(InvalidCard::Text));
        // A resident's number on a permit.
        assert_eq!(changed(248, b'J'), Err(InvalidCard::Number));
        let block = text_block(Example::Resident);
        assert_eq!(Card::parse(&block[..255]), Err(InvalidCard::Text));
    }
}
