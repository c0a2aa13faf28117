//! The touch screen of the terminal.
//!
//! [`App`] holds the window and what lies behind it. Decisions are pure and stand apart: [`navigation`] (where the
//! resident is), [`session`] (what the visit has set), [`idle`] (when it ends), [`service`] (what works). [`content`] is
//! the open generation, [`words`] what the screen says. `pages/` turns records into what each page shows.

mod agent;
mod app;
pub mod content;
pub mod idle;
pub mod keyboard;
pub mod navigation;
pub mod options;
mod pages;
mod phone;
mod printing;
mod pulse;
mod scanning;
pub mod search;
pub mod service;
pub mod session;
#[cfg(feature = "testing")]
pub mod testing;
pub mod words;

pub use app::App;
pub use kiosk_ui as ui;
pub use options::Setup;
