//! QR scanners: bytes in, one text a scan out.
//!
//! On a serial line (USB CDC) UTF-8 passes; one that types like a keyboard is the fallback, and loses
//! Chinese. What a scan may lead to is decided elsewhere, by an allow-list; here nothing is opened or
//! fetched.

mod device;
mod framer;
mod keyboard;
pub mod simulator;
mod text;

pub use device::{InvalidSource, Scanner, Source};
pub use framer::{Framer, LONGEST};
pub use keyboard::Typing;
pub use text::decode;
