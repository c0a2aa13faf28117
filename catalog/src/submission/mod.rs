//! What residents hand in, and what a terminal reports: the one place that agent and hub share.
//!
//! * [`Payload`], [`Form`]: what a resident hands in, in the clear; in memory only;
//! * [`sealed`]: the envelope that it travels and waits in, which only the hub's offline key opens;
//! * [`Receipt`]: the hub's signed word that it keeps an envelope;
//! * [`mailbox`]: the way back, by the query code on the resident's slip;
//! * [`request`]: how a device signs what it asks of the hub, and the digest of what it sends;
//! * [`enrolment`]: how a terminal becomes known to a hub, and its certificate;
//! * [`Counters`], [`Health`], [`GenerationReport`]: what a terminal reports about itself, with nothing personal in it;
//! * [`HubKeys`]: the public keys of a hub, which every terminal is given.

mod counters;
pub mod enrolment;
mod form;
mod generation;
mod health;
mod hub_keys;
mod id;
pub mod mailbox;
mod receipt;
pub mod request;
pub mod sealed;
mod signing;

pub use counters::{Count, Counters, InvalidMetric, MISSES_BEFORE_REPORT, Metric, MissedTerm};
pub use form::{
    Applicant, Attachment, Citizen, Correction, DeliveryMedium, DeliveryWay, DisclosureApplication, Form,
    Grade, IdentityDocument, InvalidForm, MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, Organisation, Payload,
    Rating, Suggestion, SuggestionKind,
};
pub use generation::{GenerationOutcome, GenerationReport};
pub use health::{ContentAge, DeviceCondition, DeviceHealth, Health, Outbox, Screen};
pub use hub_keys::{FormerSealingKey, HubKeys, HubKeysError};
pub use id::{DeviceId, InvalidId, Kind, SubmissionId};
pub use receipt::{Receipt, ReceiptError, SignedReceipt};
pub use signing::{DeviceKey, InvalidKey, PublicKey, WrongSignature};
