//! Where the fields of each sort of card stand in its text block.

use zeroize::Zeroizing;

use super::{InvalidCard, TEXT_BLOCK};

/// A field: offset and length in bytes.
pub(super) type Field = (usize, usize);

/// The flag that tells the sorts apart: one UTF-16 unit.
const FLAG: Field = (248, 2);

/// The sort of a card, by its flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 居民身份证: the flag is blank.
    Resident,
    /// 港澳台居民居住证: `J`.
    ResidencePermit,
    /// 外国人永久居留身份证 of 2017: `I`.
    Foreign2017,
    /// The same of 2023: `Y`. Its layout rests on a single source.
    Foreign2023,
}

/// The fields of a sort of card. A name in two parts is put together.
pub(super) struct Layout {
    pub(super) name: Field,
    pub(super) latin_name: &'static [Field],
    pub(super) sex: Field,
    pub(super) ethnic_group: Option<Field>,
    pub(super) nationality: Option<Field>,
    pub(super) birth: Field,
    pub(super) address: Option<Field>,
    pub(super) number: Field,
    pub(super) issuer: Option<Field>,
    pub(super) pass_number: Option<Field>,
}

/// Valid from and to stand at the same place on every card.
pub(super) const VALID_FROM: Field = (188, 16);
pub(super) const VALID_TO: Field = (204, 16);

const RESIDENT: Layout = Layout {
    name: (0, 30),
    latin_name: &[],
    sex: (30, 2),
    ethnic_group: Some((32, 4)),
    nationality: None,
    birth: (36, 16),
    address: Some((52, 70)),
    number: (122, 36),
    issuer: Some((158, 30)),
    pass_number: None,
};

const RESIDENCE_PERMIT: Layout = Layout {
    ethnic_group: None,
    pass_number: Some((220, 18)),
    ..RESIDENT
};

const FOREIGN_2017: Layout = Layout {
    name: (158, 30),
    latin_name: &[(0, 120)],
    sex: (120, 2),
    ethnic_group: None,
    nationality: Some((152, 6)),
    birth: (220, 16),
    address: None,
    number: (122, 30),
    issuer: None,
    pass_number: None,
};

const FOREIGN_2023: Layout = Layout {
    name: (0, 30),
    latin_name: &[(52, 70), (220, 22)],
    sex: (30, 2),
    ethnic_group: None,
    nationality: Some((242, 6)),
    birth: (36, 16),
    address: None,
    number: (122, 36),
    issuer: Some((158, 30)),
    pass_number: None,
};

impl Kind {
    /// The sort of the card with this text block.
    pub(super) fn of(block: &[u8]) -> Result<Self, InvalidCard> {
        match text(block, FLAG)?.chars().next() {
            None => Ok(Self::Resident),
            Some('J') => Ok(Self::ResidencePermit),
            Some('I') => Ok(Self::Foreign2017),
            Some('Y') => Ok(Self::Foreign2023),
            Some(other) => Err(InvalidCard::OtherType(other)),
        }
    }

    /// The flag in the block of a card of this sort.
    #[must_use]
    pub const fn flag(self) -> char {
        match self {
            Self::Resident => ' ',
            Self::ResidencePermit => 'J',
            Self::Foreign2017 => 'I',
            Self::Foreign2023 => 'Y',
        }
    }

    pub(super) const fn layout(self) -> &'static Layout {
        match self {
            Self::Resident => &RESIDENT,
            Self::ResidencePermit => &RESIDENCE_PERMIT,
            Self::Foreign2017 => &FOREIGN_2017,
            Self::Foreign2023 => &FOREIGN_2023,
        }
    }
}

/// A field's text: UTF-16LE without the padding. It is wiped when it is dropped.
pub(super) fn text(block: &[u8], field: Field) -> Result<Zeroizing<String>, InvalidCard> {
    let text = padded(block, field)?;
    Ok(Zeroizing::new(
        text.trim_matches([' ', '\0', '\u{3000}']).to_owned(),
    ))
}

/// A field's text as it stands, padding included: a text that goes on in another field keeps its space.
pub(super) fn padded(block: &[u8], (offset, length): Field) -> Result<Zeroizing<String>, InvalidCard> {
    if block.len() != TEXT_BLOCK {
        return Err(InvalidCard::Text);
    }
    let bytes = block[offset..offset + length].chunks_exact(2);
    let mut units = Zeroizing::new(Vec::with_capacity(length / 2));
    units.extend(bytes.map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
    String::from_utf16(&units)
        .map(Zeroizing::new)
        .map_err(|_| InvalidCard::Text)
}
