//! The certificate authority of the terminals: short-lived certificates for TLS.

use catalog::clock::Clock;
use catalog::submission::enrolment::IssuedCertificate;
use catalog::submission::{DeviceId, PublicKey};
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ED25519, PublicKeyData, SignatureAlgorithm,
};
use time::OffsetDateTime;

/// How far a terminal's clock may be behind without its certificate being too young.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// For how long the authority's own certificate holds.
const AUTHORITY: SignedDuration = SignedDuration::from_hours(24 * 365 * 20);

/// Why a certificate cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("certificate authority: {0}")]
pub struct AuthorityError(#[from] rcgen::Error);

/// The authority with its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    lifetime: SignedDuration,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// A new key (PKCS#8, PEM) and the certificate that servers are given to check terminals by (PEM).
    pub fn create(clock: &dyn Clock) -> Result<(String, String), AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ED25519)?;
        let mut parameters = parameters();
        parameters.not_before = moment(clock.now() - GRACE);
        parameters.not_after = moment(clock.now() + AUTHORITY);
        let certificate = parameters.self_signed(&key)?;
        Ok((key.serialize_pem(), certificate.pem()))
    }

    /// The authority with the key that [`Self::create`] made, whose certificates hold for `lifetime`.
    pub fn open(key: &str, lifetime: SignedDuration) -> Result<Self, AuthorityError> {
        let key = KeyPair::from_pem(key)?;
        Ok(Self {
            issuer: Issuer::new(parameters(), key),
            lifetime,
        })
    }

    /// A certificate for the terminal with this key.
    pub fn issue(&self, key: &PublicKey, now: Timestamp) -> Result<IssuedCertificate, AuthorityError> {
        let expires_at = now + self.lifetime;
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name = name(&DeviceId::of(key).to_string());
        parameters.not_before = moment(now - GRACE);
        parameters.not_after = moment(expires_at);
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        parameters.use_authority_key_identifier_extension = true;
        let certificate = parameters.signed_by(&Subject(*key), &self.issuer)?;
        Ok(IssuedCertificate {
            certificate: certificate.pem(),
            expires_at,
        })
    }
}

/// The device that a certificate, in DER, was issued to.
#[must_use]
pub fn device_of(certificate: &[u8]) -> Option<DeviceId> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let key: &[u8] = certificate.public_key().subject_public_key.data.as_ref();
    Some(DeviceId::of(&PublicKey::from_bytes(key.try_into().ok()?)))
}

/// What an authority's certificates have in common: its name and what its key is for.
fn parameters() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name("Mingchuang terminals");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

fn moment(time: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(time.as_second()).expect("both know the years 1 to 9999")
}

/// The public key that a certificate is for.
struct Subject(PublicKey);

impl PublicKeyData for Subject {
    fn der_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ED25519
    }
}

#[cfg(test)]
mod tests {
    use catalog::clock::{FixedClock, SystemClock};
    use catalog::submission::DeviceKey;

    use super::*;

    #[test]
    fn a_certificate_is_for_one_terminal_and_not_for_long() {
        let (key, _) = Authority::create(&SystemClock).unwrap();
        let authority = Authority::open(&key, SignedDuration::from_hours(24 * 7)).unwrap();
        let device = DeviceKey::generate().unwrap().public();
        let now: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
        let issued = authority.issue(&device, FixedClock(now).now()).unwrap();
        assert_eq!(issued.expires_at, "2026-12-03T00:00:00Z".parse().unwrap());
        let (_, pem) = x509_parser::pem::parse_x509_pem(issued.certificate.as_bytes()).unwrap();
        assert_eq!(device_of(&pem.contents), Some(DeviceId::of(&device)));
        let certificate = pem.parse_x509().unwrap();
        assert_eq!(
            certificate.validity().not_after.timestamp(),
            issued.expires_at.as_second()
        );
        assert!(!certificate.is_ca());
    }
}
