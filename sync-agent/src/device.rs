//! Where devices are, from the configuration's words into the drivers'.

use hardware::scanner::Source;
use hardware::wire::Endpoint;
use terminal_api::config;

/// A device of the configuration, as the drivers name it.
pub(crate) fn endpoint(configured: &config::Endpoint) -> Endpoint {
    match configured {
        config::Endpoint::Tcp(address) => Endpoint::Tcp(address.clone()),
        config::Endpoint::Usb(id) => Endpoint::Usb(id.parse().expect("the configuration checked the id")),
        config::Endpoint::Serial { id, baud } => Endpoint::Serial {
            id: id.parse().expect("the configuration checked the id"),
            baud: *baud,
        },
        config::Endpoint::Device { path, baud } => Endpoint::Device {
            path: path.clone(),
            baud: *baud,
        },
    }
}

/// A scanner of the configuration, as the driver names it.
pub(crate) fn source(configured: &config::ScannerSource) -> Source {
    match configured {
        config::ScannerSource::Line(line) => Source::Line(endpoint(line)),
        config::ScannerSource::Hid(id) => {
            Source::Keyboard(id.parse().expect("the configuration checked the id"))
        }
    }
}
