//! Which icon stands for what.

use catalog::record::Kind;

use crate::ui::KindIcon;

/// The icon of a kind of record.
pub(crate) const fn of_kind(kind: Kind) -> KindIcon {
    match kind {
        Kind::Guide => KindIcon::ListChecks,
        Kind::Document => KindIcon::Scroll,
        Kind::Entry => KindIcon::TreeStructure,
        Kind::Interpretation => KindIcon::ChatCenteredText,
        Kind::Dataset => KindIcon::ChartBar,
        Kind::ServiceItem => KindIcon::IdentificationCard,
        Kind::Plan => KindIcon::ClipboardText,
        Kind::Form => KindIcon::EnvelopeSimpleOpen,
        Kind::Area | Kind::LifeEvent => KindIcon::SquaresFour,
        Kind::Synonyms | Kind::Glossary | Kind::Holidays | Kind::ItemFields => KindIcon::None,
    }
}

/// The icon of an area, by its code.
pub(crate) fn of_area(code: &str) -> KindIcon {
    match code {
        "ghgl" => KindIcon::MapTrifold,
        "zdxm" => KindIcon::CraneTower,
        "czjs" => KindIcon::Coins,
        "sw" => KindIcon::Receipt,
        "hb" => KindIcon::Leaf,
        "spyp" => KindIcon::Pill,
        "aqsc" => KindIcon::HardHat,
        "wh" => KindIcon::Books,
        "fl" => KindIcon::Scales,
        "hj" => KindIcon::IdentificationCard,
        "shjz" => KindIcon::Lifebuoy,
        "yl" => KindIcon::HandHeart,
        "jy" => KindIcon::Briefcase,
        "sb" => KindIcon::UsersThree,
        "ywjy" => KindIcon::GraduationCap,
        "ylws" => KindIcon::Heartbeat,
        "bzf" => KindIcon::HouseLine,
        _ => KindIcon::SquaresFour,
    }
}

/// The icon that the content names for a life event or a group.
pub(crate) fn named(name: &str) -> KindIcon {
    match name {
        "baby" => KindIcon::Baby,
        "baby-carriage" => KindIcon::BabyCarriage,
        "graduation-cap" => KindIcon::GraduationCap,
        "briefcase" => KindIcon::Briefcase,
        "storefront" => KindIcon::Storefront,
        "heart" => KindIcon::Heart,
        "map-pin" => KindIcon::MapPin,
        "identification-card" => KindIcon::IdentificationCard,
        "heartbeat" => KindIcon::Heartbeat,
        "house-line" => KindIcon::HouseLine,
        "hand-heart" => KindIcon::HandHeart,
        "lifebuoy" => KindIcon::Lifebuoy,
        "scales" => KindIcon::Scales,
        "car" => KindIcon::Car,
        "crane-tower" => KindIcon::CraneTower,
        "flower-lotus" => KindIcon::FlowerLotus,
        "user" => KindIcon::User,
        "buildings" => KindIcon::Buildings,
        "wheelchair" => KindIcon::Wheelchair,
        "suitcase-rolling" => KindIcon::SuitcaseRolling,
        "globe" => KindIcon::Globe,
        "medal-military" => KindIcon::MedalMilitary,
        _ => KindIcon::SquaresFour,
    }
}
