//! The operator's side: check, publish and serve content.
//!
//! * [`keys`]: the folder of signing keys and the root of trust that terminals are given;
//! * [`publish`]: records in, a signed static release out;
//! * [`serve`]: a web server for a release, where no other is at hand.

pub mod keys;
pub mod publish;
pub mod serve;
