//! TLS, with the terminals' certificates checked where they are shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::submission::DeviceId;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, ServerConnection};

use crate::authority;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file holds no certificates or no key.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Certificate and key do not fit, or one of them is none.
    #[error("TLS: {0}")]
    Rustls(#[from] tokio_rustls::rustls::Error),
    /// The authority of the terminals' certificates is none.
    #[error("TLS: {0}")]
    Authority(#[from] VerifierBuilderError),
}

/// TLS with this certificate chain and key (PEM). Terminals may show a certificate that `authority` (PEM)
/// signed; a certificate of anybody else ends the connection.
pub fn acceptor(certificate: &Path, key: &Path, authority: Option<&str>) -> Result<TlsAcceptor, TlsError> {
    let failed = |path: &Path, reason: String| TlsError::File {
        path: path.to_owned(),
        reason,
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| failed(certificate, error.to_string()))?
        .collect();
    let chain = chain.map_err(|error| failed(certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(key, error.to_string()))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = match authority {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
                let certificate =
                    certificate.map_err(|error| failed(Path::new("authority.pem"), error.to_string()))?;
                roots.add(certificate)?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The device whose certificate was shown and found good.
pub(super) fn device(connection: &ServerConnection) -> Option<DeviceId> {
    let certificate = connection.peer_certificates()?.first()?;
    authority::device_of(certificate)
}
