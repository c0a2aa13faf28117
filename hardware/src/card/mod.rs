//! Readers for identity cards (SAM_V module, GA 450), on a serial line or behind a serial server.
//!
//! [`codec`] is the frames, [`Card`] what a card says, [`Reader`] the conversation with the module,
//! [`Presence`] the policy about a card that stays where it is, [`simulator`] the other end of the wire.

pub mod codec;
pub mod example;
mod presence;
mod reader;
mod record;
pub mod simulator;

pub use presence::{Look, Presence};
pub use reader::{ReadError, Reader};
pub use record::{Card, InvalidCard, Kind, Sex, TEXT_BLOCK, ethnic_group, is_valid_number, nationality};
