//! What residents hand in, on its way to the hub.
//!
//! * [`Submissions`]: what the socket sees: forms are opened, handed in, asked about;
//! * [`Outbox`]: the file `STATE/outbox.db`, in which only sealed bytes lie;
//! * [`Sender`]: brings them to the hub, and deletes them only against its signed receipt;
//! * [`Usage`], [`Reporter`]: counters, health, and what became of generations.
//!
//! Durable steps, in order, each whole or not at all whenever the power goes: a piece of a file is added to
//! a draft; the submission and its files become `waiting` in one transaction (only then does the screen
//! say "accepted"); a receipt makes an envelope `done` and deletes its bytes in one transaction; a refusal
//! makes it `held`. At the start, drafts are deleted: their form is no longer open.

mod convert;
mod counting;
mod drafts;
mod generations;
mod health;
mod pace;
mod report;
mod send;
mod service;
mod status;
mod store;
mod usage;

pub use health::health;
pub(crate) use pace::jitter;
pub use pace::{Pace, Verdict, retry_after, verdict};
pub use report::{Reporter, RingId};
pub use send::Sender;
pub use service::{Setup, Submissions};
pub use store::{Delivered, Due, Outbox, OutboxError, Piece, State, Summary};
pub use usage::Usage;
