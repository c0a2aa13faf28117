//! Reading an identity card, at a resident's wish.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};
use zlink::introspect::CustomType;

/// What a card is read for. It is asked of the resident, and nothing else may be done with the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum CardPurpose {
    /// To fill in an application for disclosure.
    Application,
    /// To find the resident's own applications.
    Lookup,
}

/// What the resident said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Consent {
    /// Agreed, on the screen, to this purpose.
    Given,
    /// Nothing, or no.
    Withheld,
}

/// A step of reading a card; the replies to `ReadCard`. The last one is a record or an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct CardStep {
    /// Where the reading stands.
    pub stage: CardStage,
    /// What the card says; only with [`CardStage::Read`].
    pub record: Option<CardRecord>,
}

/// Where the reading of a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum CardStage {
    /// The reader waits for a card.
    Waiting,
    /// The card of before still lies there: lift it first.
    LiftFirst,
    /// The card was found: hold it still.
    Reading,
    /// It was moved or pulled away: lay it down again.
    Interrupted,
    /// The card is none that can be used: another type, or damaged.
    Unusable,
    /// The card is no longer valid.
    Expired,
    /// Here is the record. The reading is over.
    Read,
    /// No card came in time. The reading is over.
    TimedOut,
    /// The reader is not there or does not work. The reading is over.
    Unavailable,
}

impl CardStage {
    /// Whether nothing follows.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Read | Self::TimedOut | Self::Unavailable)
    }
}

/// What sort of card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum CardKind {
    /// 居民身份证.
    Resident,
    /// 港澳台居民居住证.
    ResidencePermit,
    /// 外国人永久居留身份证, either issue.
    ForeignPermanentResident,
}

/// What a card says. Wiped from memory when it is dropped; its `Debug` form is masked. The wire carries it
/// once, to the one who asked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct CardRecord {
    /// What sort of card.
    #[zeroize(skip)]
    pub kind: CardKind,
    /// 姓名.
    pub name: String,
    /// The name in Latin letters, on foreigners' cards.
    pub latin_name: Option<String>,
    /// The number, checked.
    pub number: String,
    /// `YYYYMMDD`.
    pub birth: String,
    /// 男 or 女; absent when the card does not say.
    pub sex: Option<String>,
    /// 民族, on resident cards.
    pub ethnic_group: Option<String>,
    /// Nationality as ISO 3166 alpha-3, on foreigners' cards.
    pub nationality: Option<String>,
    /// 住址, where the card has one.
    pub address: Option<String>,
    /// 签发机关, where the card has one.
    pub issuer: Option<String>,
    /// `YYYYMMDD`.
    pub valid_from: String,
    /// `YYYYMMDD`; absent for 长期.
    pub valid_to: Option<String>,
}

impl fmt::Debug for CardRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardRecord")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_logged_by_mistake_says_nothing_of_the_resident() {
        let record = CardRecord {
            kind: CardKind::Resident,
            name: "张三".into(),
            latin_name: None,
            number: "11010519491231002X".into(),
            birth: "19491231".into(),
            sex: Some("男".into()),
            ethnic_group: Some("汉".into()),
            nationality: None,
            address: Some("北京市朝阳区示例路1号".into()),
            issuer: Some("示例公安局".into()),
            valid_from: "20200101".into(),
            valid_to: None,
        };
        let step = CardStep {
            stage: CardStage::Read,
            record: Some(record),
        };
        assert_eq!(
            format!("{step:?}"),
            "CardStep { stage: Read, record: Some(CardRecord { kind: Resident, .. }) }"
        );
    }
}
