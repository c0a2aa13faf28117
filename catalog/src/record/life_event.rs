//! Life events and groups of residents.

use serde::{Deserialize, Serialize};

use super::{Bilingual, RecordId};

/// A moment of life, or a group of people, with the records that concern it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifeEvent {
    /// `event-` or `audience-` and a word.
    pub id: RecordId,
    /// Which of the two it is.
    pub group: Group,
    /// Its name.
    pub name: Bilingual,
    /// Its icon in the Phosphor family.
    pub icon: String,
    /// Place in lists, from 1.
    pub order: u32,
    /// Guides that concern it.
    pub guides: Vec<RecordId>,
    /// Areas that concern it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<RecordId>,
    /// Documents that concern it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<RecordId>,
}

/// Whether a [`LifeEvent`] is a moment or a group of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// A moment of life, such as birth.
    Event,
    /// A group of people, such as the elderly.
    Audience,
}
