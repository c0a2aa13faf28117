//! Who this terminal is to the hub: its key, its standing, its certificate.
//!
//! * [`Identity`]: the key, made once and kept;
//! * [`HubClient`]: requests that the key signs;
//! * [`Enroller`]: asks to be known, and renews the certificate by itself.

mod client;
mod enrol;
mod file;

pub use client::{Content, HubClient, HubError};
pub(crate) use client::{is_the_hubs, read_body};
pub use enrol::{Enroller, Standing};
pub use file::{CREDENTIAL, Identity, IdentityError};
