//! The hub's signed word that it keeps an envelope. The device deletes nothing before it has checked one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DeviceId, DeviceKey, PublicKey, SubmissionId};

/// Goes before the receipt's text into the signature, so that it is no signature of anything else.
const CONTEXT: &[u8] = b"mingchuang receipt 1\0";

/// What the hub keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The device that handed it in.
    pub device: DeviceId,
    /// The submission.
    pub submission: SubmissionId,
    /// SHA-256 of the envelope, in hexadecimal digits.
    pub sha256: String,
    /// When the hub first received it.
    pub received_at: Timestamp,
}

/// A receipt and the hub's signature; what the hub answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedReceipt {
    /// The receipt's JSON, byte for byte as it was signed.
    pub receipt: String,
    /// Ed25519 over `mingchuang receipt 1`, a zero byte and the text above; 128 hexadecimal digits.
    pub signature: String,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// No key of the hub made the signature.
    #[error("no key of the hub signed this receipt")]
    Signature,
    /// It is signed and cannot be read.
    #[error("the receipt cannot be read: {0}")]
    Unreadable(String),
    /// It is for something else.
    #[error("the receipt is for {0}, which was not sent")]
    Other(SubmissionId),
}

impl Receipt {
    /// Signs the receipt with the hub's key.
    #[must_use]
    pub fn sign(&self, key: &DeviceKey) -> SignedReceipt {
        let receipt = serde_json::to_string(self).expect("a receipt is text");
        let signature = hex::encode(key.sign(&message(&receipt)));
        SignedReceipt { receipt, signature }
    }
}

impl SignedReceipt {
    /// The receipt, if one of `keys` signed it and it is for exactly this envelope.
    pub fn check(
        &self,
        keys: &[PublicKey],
        device: DeviceId,
        submission: SubmissionId,
        sha256: &[u8; 32],
    ) -> Result<Receipt, ReceiptError> {
        let signature = hex::decode(&self.signature).map_err(|_| ReceiptError::Signature)?;
        let message = message(&self.receipt);
        if !keys.iter().any(|key| key.verify(&message, &signature).is_ok()) {
            return Err(ReceiptError::Signature);
        }
        let receipt: Receipt = serde_json::from_str(&self.receipt)
            .map_err(|error| ReceiptError::Unreadable(error.to_string()))?;
        let fits = receipt.device == device
            && receipt.submission == submission
            && receipt.sha256 == hex::encode(sha256);
        if fits {
            Ok(receipt)
        } else {
            Err(ReceiptError::Other(receipt.submission))
        }
    }
}

fn message(receipt: &str) -> Vec<u8> {
    [CONTEXT, receipt.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_proves_only_the_envelope_it_names_and_only_when_the_hub_signed_it() {
        let (hub, stranger) = (DeviceKey::generate().unwrap(), DeviceKey::generate().unwrap());
        let (device, submission) = (DeviceId::from_bytes([1; 16]), SubmissionId::new());
        let receipt = Receipt {
            device,
            submission,
            sha256: hex::encode([2; 32]),
            received_at: "2026-11-26T08:00:00Z".parse().unwrap(),
        };
        let signed = receipt.sign(&hub);
        let keys = [stranger.public(), hub.public()];
        assert_eq!(signed.check(&keys, device, submission, &[2; 32]), Ok(receipt));
        assert_eq!(
            signed.check(&keys, device, submission, &[3; 32]),
            Err(ReceiptError::Other(submission))
        );
        let another = DeviceId::from_bytes([9; 16]);
        assert!(signed.check(&keys, another, submission, &[2; 32]).is_err());
        assert!(
            signed
                .check(&keys, device, SubmissionId::new(), &[2; 32])
                .is_err()
        );
        assert_eq!(
            signed.check(&keys[..1], device, submission, &[2; 32]),
            Err(ReceiptError::Signature)
        );
        let changed = SignedReceipt {
            receipt: signed.receipt.replace("2026", "2027"),
            ..signed
        };
        assert_eq!(
            changed.check(&keys, device, submission, &[2; 32]),
            Err(ReceiptError::Signature)
        );
    }
}
