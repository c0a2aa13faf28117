//! TLS, with the terminals' certificates checked where they are shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::submission::DeviceId;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
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
    /// Certificate and key do not fit.
    #[error("{certificate} and {key}: {source}")]
    Pair {
        /// The file of the certificate chain.
        certificate: PathBuf,
        /// The file of its key.
        key: PathBuf,
        /// What is wrong with them.
        source: tokio_rustls::rustls::Error,
    },
    /// The authority's certificate, which signed those of the terminals, is none.
    #[error("the authority of the terminals' certificates: {0}")]
    Authority(String),
    /// No version of TLS can be spoken.
    #[error("TLS: {0}")]
    Versions(tokio_rustls::rustls::Error),
}

/// TLS with this certificate chain and key (PEM). Terminals may show a certificate that `authority` (PEM)
/// signed; a certificate of anybody else ends the connection.
pub fn acceptor(certificate: &Path, key: &Path, authority: Option<&str>) -> Result<TlsAcceptor, TlsError> {
    let failed = |path: &Path, reason: String| TlsError::File {
        path: path.to_owned(),
        reason,
    };
    let (certificate_file, key_file) = (certificate, key);
    let unusable = |error: &dyn std::fmt::Display| TlsError::Authority(error.to_string());
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| failed(certificate, error.to_string()))?
        .collect();
    let chain = chain.map_err(|error| failed(certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(key, error.to_string()))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Versions)?;
    let builder = match authority {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
                let certificate = certificate.map_err(|error| unusable(&error))?;
                roots.add(certificate).map_err(|error| unusable(&error))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|error| unusable(&error))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|source| TlsError::Pair {
            certificate: certificate_file.to_owned(),
            key: key_file.to_owned(),
            source,
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The device whose certificate was shown and found good.
pub(super) fn device(connection: &ServerConnection) -> Option<DeviceId> {
    let certificate = connection.peer_certificates()?.first()?;
    authority::device_of(certificate)
}
