//! A card's record as the interface tells it.

use hardware::card::{Card, Kind, Sex, ethnic_group};
use terminal_api::interface::{CardKind, CardRecord};

pub(super) fn told(card: &Card) -> CardRecord {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    CardRecord {
        kind: match card.kind {
            Kind::Resident => CardKind::Resident,
            Kind::ResidencePermit => CardKind::ResidencePermit,
            Kind::Foreign2017 | Kind::Foreign2023 => CardKind::ForeignPermanentResident,
        },
        name: card.name.clone(),
        latin_name: given(&card.latin_name),
        number: card.number.clone(),
        birth: card.birth.clone(),
        sex: match card.sex {
            Sex::Male => Some("男".to_owned()),
            Sex::Female => Some("女".to_owned()),
            Sex::Unknown => None,
        },
        ethnic_group: ethnic_group(&card.ethnic_group).map(str::to_owned),
        nationality: given(&card.nationality),
        address: given(&card.address),
        issuer: given(&card.issuer),
        valid_from: card.valid_from.clone(),
        valid_to: (card.valid_to != "长期").then(|| card.valid_to.clone()),
    }
}
