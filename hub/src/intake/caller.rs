//! Who is asking: the device that signed the request, as the hub knows it.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request};
use catalog::submission::DeviceId;
use catalog::submission::enrolment::Standing;
use catalog::submission::request::{self, CONTENT_DIGEST, RequestError, SIGNATURE, SIGNATURE_INPUT, Signed};

use super::{ClientCertificates, Intake, Peer, Problem};
use crate::store::Device;

/// A request that its device signed.
pub(super) struct Call {
    /// The device; approved.
    pub(super) device: Device,
    /// The body; it has the digest that was signed.
    pub(super) body: Bytes,
    /// Its SHA-256.
    pub(super) sha256: [u8; 32],
}

/// Whether a call needs the certificate that a hub may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certificate {
    /// As the hub is set up.
    AsConfigured,
    /// Not: it is what is being asked for.
    NotYet,
}

impl Intake {
    /// Takes a request from `device`, with a body of at most `most` bytes.
    pub(super) async fn call(
        &self,
        device: &str,
        request: Request<Body>,
        most: usize,
        certificate: Certificate,
    ) -> Result<Call, Problem> {
        let device: DeviceId = device.parse().map_err(|_| Problem::NotFound("device"))?;
        let (parts, body) = request.into_parts();
        let signed = signed(&parts.headers)?;
        if request::signer(&signed.signature_input)? != device {
            return Err(RequestError::Signature.into());
        }
        self.check_certificate(parts.extensions.get(), device, certificate)?;
        let known = self.store.device(device).await?.ok_or(Problem::UnknownDevice)?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        request::verify(parts.method.as_str(), path, &signed, &known.public_key)?;
        // Only what the device itself asks counts against it.
        self.gate.device(device)?;
        match known.standing {
            Standing::Approved => {}
            Standing::Pending => return Err(Problem::NotApproved),
            Standing::Revoked => return Err(Problem::Revoked),
        }
        let body = self.gate.body(Some(device), body, most).await?;
        let sha256 = request::check_body(&signed.content_digest, &body)?;
        Ok(Call {
            device: known,
            body,
            sha256,
        })
    }

    fn check_certificate(
        &self,
        peer: Option<&Peer>,
        device: DeviceId,
        certificate: Certificate,
    ) -> Result<(), Problem> {
        let shown = peer.and_then(|peer| peer.device);
        let is_needed =
            self.certificates == ClientCertificates::Required && certificate == Certificate::AsConfigured;
        match shown {
            Some(shown) if shown == device => Ok(()),
            None if !is_needed => Ok(()),
            None => Err(Problem::NoCertificate),
            Some(_) => Err(Problem::Certificate),
        }
    }
}

/// The signature's fields.
pub(super) fn signed(headers: &HeaderMap) -> Result<Signed, RequestError> {
    let field = |name: &'static str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned).ok_or(RequestError::Field(name))
    };
    Ok(Signed {
        content_digest: field(CONTENT_DIGEST)?,
        signature_input: field(SIGNATURE_INPUT)?,
        signature: field(SIGNATURE)?,
    })
}
