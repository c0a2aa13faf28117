//! What the terminal reports about itself, and how it is known to the hub.

use serde::{Deserialize, Serialize};
use zlink::introspect::CustomType;

use crate::interface::Time;

/// A sort of page, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Page {
    /// The first page.
    Home,
    /// Results of a search.
    Search,
    /// An area.
    Area,
    /// An entry of the catalogue.
    Entry,
    /// A guide.
    Guide,
    /// A document.
    Document,
    /// A dataset.
    Dataset,
    /// A life event.
    LifeEvent,
    /// A form.
    Form,
    /// What became of a submission.
    Status,
}

/// How the terminal is known to the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Enrolment {
    /// How it stands.
    pub state: EnrolmentState,
    /// What staff type at the hub.
    pub code: String,
    /// The fingerprint of its key, in groups of four digits, to compare.
    pub fingerprint: String,
    /// What the QR code on the screen carries.
    pub qr: String,
    /// When its certificate expires, where it has one.
    pub certificate_expires_at: Option<Time>,
}

/// How the terminal stands with the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum EnrolmentState {
    /// The hub has not answered yet.
    Unknown,
    /// Staff have to approve it.
    Pending,
    /// It hands in.
    Approved,
    /// It was revoked: it needs a new key.
    Revoked,
}
