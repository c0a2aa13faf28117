//! The byte link to a device: TCP, a serial port, a device file, a pseudo-terminal, or USB.
//!
//! Every wait is bounded, but for the system's look-up of a name: addresses in figures need none.

mod descriptor;
mod endpoint;
mod usb;

use std::io;
use std::path::Path;
use std::time::Instant;

use descriptor::Descriptor;
pub use endpoint::{Endpoint, InvalidEndpoint};
use usb::Bulk;

use crate::usb::{SYSFS, serial_line};

/// An open link.
#[derive(Debug)]
pub struct Wire(Link);

#[derive(Debug)]
enum Link {
    Descriptor(Descriptor),
    Usb(Box<Bulk>),
}

impl Wire {
    /// Opens the link.
    pub fn open(endpoint: &Endpoint) -> io::Result<Self> {
        Ok(Self(match endpoint {
            Endpoint::Tcp(address) => Link::Descriptor(Descriptor::connect(address)?),
            Endpoint::Device { path, baud } => Link::Descriptor(Descriptor::open(path, *baud)?),
            Endpoint::Serial { id, baud } => {
                let line = serial_line(Path::new(SYSFS), id).ok_or(io::ErrorKind::NotFound)?;
                Link::Descriptor(Descriptor::open(&Path::new("/dev").join(line), *baud)?)
            }
            Endpoint::Usb(id) => Link::Usb(Box::new(Bulk::open(id)?)),
        }))
    }

    /// Sends some of `bytes`; waits until `deadline` for the device to take any.
    pub fn write_some(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        match &mut self.0 {
            Link::Descriptor(descriptor) => descriptor.write_some(bytes, deadline),
            Link::Usb(bulk) => bulk.write_some(bytes, deadline),
        }
    }

    /// Sends all of `bytes`.
    pub fn write_all(&mut self, mut bytes: &[u8], deadline: Instant) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = self.write_some(bytes, deadline)?;
            bytes = &bytes[written..];
        }
        Ok(())
    }

    /// Receives what has come, at least one byte; returns how many. Silence until `deadline` is
    /// [`io::ErrorKind::TimedOut`], a closed link [`io::ErrorKind::UnexpectedEof`].
    pub fn read_into(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        match &mut self.0 {
            Link::Descriptor(descriptor) => descriptor.read_into(buffer, deadline),
            Link::Usb(bulk) => bulk.read_into(buffer, deadline),
        }
    }

    /// [`read_into`](Self::read_into) with a buffer of its own.
    pub fn read_some(&mut self, deadline: Instant) -> io::Result<Vec<u8>> {
        let mut buffer = [0; 2048];
        let count = self.read_into(&mut buffer, deadline)?;
        Ok(buffer[..count].to_vec())
    }
}
