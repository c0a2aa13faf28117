//! Published vocabularies: data that search, dates and pages use, not pages themselves.

use serde::{Deserialize, Serialize};

use super::RecordId;

/// What residents say instead of official names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Synonyms {
    /// Always `synonyms`.
    pub id: RecordId,
    /// The table.
    pub entries: Vec<Synonym>,
    /// Words for what a terminal does not have, such as 天气预报. Where one stands in a query, a record is
    /// an answer only if it holds that word itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<String>,
}

/// One official name with what residents say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    /// The official name.
    pub canonical: String,
    /// Other words, initials, colloquial phrases.
    pub synonyms: Vec<String>,
    /// The records that are meant, where the name is not enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<RecordId>,
}

/// Chinese names and their English.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Glossary {
    /// Always `glossary`.
    pub id: RecordId,
    /// The table.
    pub entries: Vec<GlossaryEntry>,
}

/// One name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlossaryEntry {
    /// Chinese.
    pub zh: String,
    /// English; the first is preferred.
    pub en: Vec<String>,
    /// What is named: `area`, `guide`, `agency` …
    pub kind: String,
}

/// The State Council's calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holidays {
    /// Always `holidays`.
    pub id: RecordId,
    /// The years it covers; outside them working days are unknown.
    pub years: Vec<i16>,
    /// Days off and make-up workdays; all other days follow the week.
    pub days: Vec<Holiday>,
}

/// A day that does not follow the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day.
    pub date: jiff::civil::Date,
    /// Off or working.
    pub kind: DayKind,
    /// The holiday's name.
    pub name: String,
}

/// Whether a day is off or working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// A day off.
    Holiday,
    /// A weekend day that is worked.
    Workday,
}

/// The elements that a service item may carry (实施清单要素).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemFields {
    /// Always `item-fields`.
    pub id: RecordId,
    /// The table.
    pub fields: Vec<ItemField>,
    /// The columns of the standard catalogue.
    pub catalog_fields: Vec<String>,
    /// What the founding document asks of every item.
    pub founding_required: Vec<String>,
}

/// One element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemField {
    /// The group it belongs to.
    pub group: String,
    /// Its name in data.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
}
