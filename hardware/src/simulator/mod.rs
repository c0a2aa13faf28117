//! What the simulators of all devices share: a port to be reached at, a line that can be bad, traffic
//! written down and played back, and a control socket.

mod control;
mod line;
mod port;
mod pty;
mod replay;
mod simulated;
mod traffic;

pub use control::{Control, ask};
pub use line::{Line, LineFaults, Plug};
pub(crate) use port::send;
pub use port::{Bind, Port, Sink};
pub use replay::Replay;
pub use simulated::Simulated;
pub use traffic::{Exchange, Side, TrafficError, read_traffic};
