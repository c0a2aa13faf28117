//! What the simulators of all devices share: a port to be reached at, and a control socket.

mod control;
mod port;

pub use control::{Control, ask};
pub(crate) use port::send;
pub use port::{Bind, Port, Sink};
