//! The on-screen keyboard: one for every text field.
//!
//! [`Controller`] is the whole behaviour, without a screen: keys in, text and candidates out. `binding`
//! joins it to the Slint global `Keyboard`.

pub(crate) mod binding;
mod candidates;
mod controller;
#[cfg(test)]
pub(crate) mod testing;
pub mod words;

pub use binding::Typing;
pub use controller::{Controller, Effect, Input, Key, Language, Purpose, Sheet, View};
