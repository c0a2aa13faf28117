//! What every simulated device can be asked and told, whatever it is.

use std::io;
use std::path::Path;

use super::{Line, Port};
use crate::wire::Endpoint;

/// A device that exists only as bytes behind a [`Port`].
pub trait Simulated: Sized {
    /// The port that it is behind.
    fn port(&self) -> &Port;

    /// Also listens for the device's requests on a Unix socket, one JSON object a line.
    fn with_control(self, path: &Path) -> io::Result<Self>;

    /// Where a driver finds the device.
    fn endpoint(&self) -> Endpoint {
        self.port().endpoint()
    }

    /// The line to the device, to make it bad.
    fn line(&self) -> &Line {
        self.port().line()
    }

    /// Writes all traffic down, into a new file.
    fn record(&self, path: &Path) -> io::Result<()> {
        self.port().record(path)
    }
}
