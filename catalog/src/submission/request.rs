//! How a device signs what it asks of the hub: one profile of HTTP Message Signatures (RFC 9421) over
//! method, path and `Content-Digest` (RFC 9530), with Ed25519.
//!
//! It holds behind any proxy that ends TLS, and needs no clock: a request that is played back changes
//! nothing, because submissions have ids, counters are cumulative and health reports are numbered.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{DeviceId, DeviceKey, PublicKey};

/// `Content-Digest`.
pub const CONTENT_DIGEST: &str = "content-digest";
/// `Signature-Input`.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// `Signature`.
pub const SIGNATURE: &str = "signature";

/// The header fields of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Of [`CONTENT_DIGEST`].
    pub content_digest: String,
    /// Of [`SIGNATURE_INPUT`].
    pub signature_input: String,
    /// Of [`SIGNATURE`].
    pub signature: String,
}

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A field is missing, or none of this profile.
    #[error("{0} is missing or not as it must be")]
    Field(&'static str),
    /// The body is another than the digest says.
    #[error("the body is not what Content-Digest says")]
    Digest,
    /// The signature is wrong.
    #[error("the request's signature is wrong")]
    Signature,
}

/// `Content-Digest` for content with this SHA-256.
#[must_use]
pub fn content_digest(sha256: &[u8; 32]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(sha256))
}

/// The SHA-256 that a `Content-Digest` names; other algorithms beside it are passed over.
#[must_use]
pub fn read_content_digest(field: &str) -> Option<[u8; 32]> {
    field.split(',').find_map(|member| {
        let value = member.trim().strip_prefix("sha-256=:")?.strip_suffix(':')?;
        STANDARD.decode(value).ok()?.try_into().ok()
    })
}

/// Signs a request for `path` (with its query, if it has one) whose body has this SHA-256.
#[must_use]
pub fn sign(method: &str, path: &str, sha256: &[u8; 32], key: &DeviceKey) -> Signed {
    let content_digest = content_digest(sha256);
    let parameters = parameters(DeviceId::of(&key.public()));
    let signature = key.sign(base(method, path, &content_digest, &parameters).as_bytes());
    Signed {
        signature_input: format!("device={parameters}"),
        signature: format!("device=:{}:", STANDARD.encode(signature)),
        content_digest,
    }
}

/// The device that says it signed.
pub fn signer(signature_input: &str) -> Result<DeviceId, RequestError> {
    let wrong = RequestError::Field(SIGNATURE_INPUT);
    let (_, rest) = signature_input.split_once("keyid=\"").ok_or(wrong)?;
    let (device, _) = rest.split_once('"').ok_or(wrong)?;
    let device = device.parse().map_err(|_| wrong)?;
    if signature_input == format!("device={}", parameters(device)) {
        Ok(device)
    } else {
        Err(wrong)
    }
}

/// Checks that `key` signed this request. Whether the body has the digest that `signed` names is for
/// [`check_body`].
pub fn verify(method: &str, path: &str, signed: &Signed, key: &PublicKey) -> Result<(), RequestError> {
    let device = signer(&signed.signature_input)?;
    let signature = signed
        .signature
        .strip_prefix("device=:")
        .and_then(|value| value.strip_suffix(':'))
        .and_then(|value| STANDARD.decode(value).ok())
        .ok_or(RequestError::Field(SIGNATURE))?;
    let base = base(method, path, &signed.content_digest, &parameters(device));
    let is_its_key = DeviceId::of(key) == device;
    key.verify(base.as_bytes(), &signature)
        .ok()
        .filter(|()| is_its_key)
        .ok_or(RequestError::Signature)
}

/// Checks the body against `Content-Digest`, and returns its SHA-256.
pub fn check_body(content_digest: &str, body: &[u8]) -> Result<[u8; 32], RequestError> {
    let said = read_content_digest(content_digest).ok_or(RequestError::Field(CONTENT_DIGEST))?;
    if said == *Sha256::digest(body) {
        Ok(said)
    } else {
        Err(RequestError::Digest)
    }
}

fn parameters(device: DeviceId) -> String {
    format!("(\"@method\" \"@path\" \"content-digest\");keyid=\"{device}\";alg=\"ed25519\"")
}

/// The signature base (RFC 9421, section 2.5).
fn base(method: &str, path: &str, content_digest: &str, parameters: &str) -> String {
    format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"content-digest\": {content_digest}\n\
         \"@signature-params\": {parameters}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_and_read_as_rfc_9530_has_it() {
        // The example of RFC 9530, appendix B.1.
        let digest = Sha256::digest(b"{\"hello\": \"world\"}\n").into();
        let field = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        assert_eq!(content_digest(&digest), field);
        assert_eq!(
            read_content_digest(&format!("sha-512=:AAAA:, {field}")),
            Some(digest)
        );
        for wrong in ["", "sha-256=RK/0", "sha-256=:RK/0:", "md5=:RK/0:"] {
            assert_eq!(read_content_digest(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_signature_holds_for_one_method_path_and_body_of_one_device() {
        let (key, other) = (DeviceKey::generate().unwrap(), DeviceKey::generate().unwrap());
        let body = b"body";
        let path = "/v1/devices/x/health";
        let signed = sign("PUT", path, &Sha256::digest(body).into(), &key);
        assert_eq!(signer(&signed.signature_input), Ok(DeviceId::of(&key.public())));
        assert_eq!(verify("PUT", path, &signed, &key.public()), Ok(()));
        assert_eq!(
            check_body(&signed.content_digest, body),
            Ok(Sha256::digest(body).into())
        );

        let wrong = Err(RequestError::Signature);
        assert_eq!(verify("GET", path, &signed, &key.public()), wrong);
        assert_eq!(
            verify("PUT", "/v1/devices/y/health", &signed, &key.public()),
            wrong
        );
        assert_eq!(verify("PUT", path, &signed, &other.public()), wrong);
        assert_eq!(
            check_body(&signed.content_digest, b"other"),
            Err(RequestError::Digest)
        );
        let swapped = Signed {
            content_digest: content_digest(&Sha256::digest(b"other").into()),
            ..signed.clone()
        };
        assert_eq!(verify("PUT", path, &swapped, &key.public()), wrong);
        let less = Signed {
            signature_input: signed.signature_input.replace(" \"content-digest\"", ""),
            ..signed
        };
        let refused = Err(RequestError::Field(SIGNATURE_INPUT));
        assert_eq!(verify("PUT", path, &less, &key.public()), refused);
    }
}
