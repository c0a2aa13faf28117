//! USB devices that take bytes on a bulk endpoint and answer on another: printers of the printer class, and
//! ID card reader modules. No kernel driver is needed; one that holds the interface is put aside.

use std::fmt;
use std::io;
use std::time::Instant;

use nusb::MaybeFuture as _;
use nusb::descriptors::{InterfaceDescriptor, TransferType};
use nusb::transfer::{Buffer, Bulk as BulkType, Direction, In, Out, TransferError};
use nusb::{Endpoint, Interface};
use zeroize::{Zeroize as _, Zeroizing};

use crate::usb::UsbId;

/// The interface class of printers.
const PRINTER: u8 = 7;

/// The bytes of one transfer at the most.
const TRANSFER: usize = 16 * 1024;

/// The bulk endpoints of a device.
pub(super) struct Bulk {
    out: Endpoint<BulkType, Out>,
    input: Endpoint<BulkType, In>,
    /// What came and was not taken yet. A card's record may be in it.
    pending: Zeroizing<Vec<u8>>,
    /// Held for as long as its endpoints are used.
    _interface: Interface,
}

impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").finish_non_exhaustive()
    }
}

impl Bulk {
    pub(super) fn open(id: &UsbId) -> io::Result<Self> {
        let info = nusb::list_devices()
            .wait()?
            .find(|info| id.matches(info.vendor_id(), info.product_id(), info.serial_number()))
            .ok_or(io::ErrorKind::NotFound)?;
        let device = info.open().wait()?;
        let configuration = device.active_configuration().map_err(io::Error::other)?;
        let settings: Vec<_> = configuration
            .interface_alt_settings()
            .filter(|setting| setting.alternate_setting() == 0)
            .filter_map(|setting| Some((setting.class(), setting.interface_number(), pair(&setting)?)))
            .collect();
        // A printer's own interface first; else whichever has both directions.
        let (_, number, (out, input)) = settings
            .iter()
            .find(|(class, ..)| *class == PRINTER)
            .or(settings.first())
            .copied()
            .ok_or_else(|| io::Error::other("the device has no pair of bulk endpoints"))?;
        let interface = device.detach_and_claim_interface(number).wait()?;
        Ok(Self {
            out: interface.endpoint(out).map_err(io::Error::other)?,
            input: interface.endpoint(input).map_err(io::Error::other)?,
            pending: Zeroizing::new(Vec::with_capacity(TRANSFER)),
            _interface: interface,
        })
    }

    pub(super) fn write_some(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(TRANSFER)];
        let left = deadline.saturating_duration_since(Instant::now());
        let done = self.out.transfer_blocking(Buffer::from(part), left);
        taken(done.status, done.actual_len)
    }

    pub(super) fn read_into(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        while self.pending.is_empty() {
            if self.input.pending() == 0 {
                self.input.submit(Buffer::new(self.input.max_packet_size()));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            // The transfer stays with the device: the next call takes it up.
            let done = self
                .input
                .wait_next_complete(left)
                .ok_or(io::ErrorKind::TimedOut)?;
            let mut received = done.into_result().map_err(failed)?;
            self.pending.extend_from_slice(&received);
            received.zeroize();
        }
        let count = buffer.len().min(self.pending.len());
        buffer[..count].copy_from_slice(&self.pending[..count]);
        drop_front(&mut self.pending, count);
        Ok(count)
    }
}

/// Drops what was taken and leaves nothing of it in memory.
fn drop_front(pending: &mut Vec<u8>, count: usize) {
    let left = pending.len() - count;
    pending.copy_within(count.., 0);
    pending[left..].zeroize();
    pending.truncate(left);
}

/// The addresses of the bulk endpoints of an interface, out and in.
fn pair(setting: &InterfaceDescriptor<'_>) -> Option<(u8, u8)> {
    let find = |direction| {
        setting
            .endpoints()
            .find(|endpoint| {
                endpoint.transfer_type() == TransferType::Bulk && endpoint.direction() == direction
            })
            .map(|endpoint| endpoint.address())
    };
    Some((find(Direction::Out)?, find(Direction::In)?))
}

/// What became of a transfer to the device. What was taken was taken, whatever happened then: a job of which
/// bytes have left must not count as not sent. The next transfer meets the error.
fn taken(status: Result<(), TransferError>, count: usize) -> io::Result<usize> {
    match status {
        _ if count > 0 => Ok(count),
        Ok(()) => Err(io::ErrorKind::WriteZero.into()),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: TransferError) -> io::Error {
    match error {
        TransferError::Cancelled => io::ErrorKind::TimedOut.into(),
        TransferError::Disconnected => io::ErrorKind::UnexpectedEof.into(),
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_left_have_left_whatever_happened_then() {
        for end in [
            Ok(()),
            Err(TransferError::Cancelled),
            Err(TransferError::Stall),
            Err(TransferError::Disconnected),
        ] {
            assert_eq!(taken(end, 512).unwrap(), 512, "{end:?}");
            assert!(taken(end, 0).is_err(), "{end:?}");
        }
        let pulled = taken(Err(TransferError::Disconnected), 0).unwrap_err();
        assert_eq!(pulled.kind(), io::ErrorKind::UnexpectedEof);
    }
}
