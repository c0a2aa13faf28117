//! Where devices are, from the configuration's words into the drivers'.

use hardware::wire::Endpoint;
use terminal_api::config;

/// A device of the configuration, as the drivers name it.
pub(crate) fn endpoint(configured: &config::Endpoint) -> Endpoint {
    match configured {
        config::Endpoint::Tcp(address) => Endpoint::Tcp(address.clone()),
        config::Endpoint::Device { path, baud } => Endpoint::Device {
            path: path.clone(),
            baud: *baud,
        },
    }
}
