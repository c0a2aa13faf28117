//! `signatures/DEPARTMENT.json`: what a department vouches for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use catalog::atomic;
use catalog::record::{Record, RecordId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Department, DepartmentError};
use crate::keys::read_key;

/// A department's signature over records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Whose it is.
    pub department: RecordId,
    /// The records with the SHA-256 of each as it is without what was derived from others.
    pub records: BTreeMap<RecordId, String>,
    /// The Ed25519 signature over the lines `mingchuang department NAME`, `ID DIGEST` …, in hexadecimal digits.
    pub signature: String,
}

/// Signs those of `records` that pass `chosen`, with the key file of a department, into the source folder.
pub fn sign(
    source: &Path,
    records: &[Record],
    chosen: impl Fn(&RecordId) -> bool,
    department: RecordId,
    key: &Path,
) -> Result<Statement, DepartmentError> {
    let pair = read_key(key)?;
    let records: BTreeMap<RecordId, String> = records
        .iter()
        .filter(|record| chosen(record.id()))
        .map(|record| (record.id().clone(), digest(record)))
        .collect();
    let signature = hex::encode(pair.sign(message(&department, &records).as_bytes()));
    let statement = Statement {
        department,
        records,
        signature,
    };
    let path = place(source, statement.department.as_str());
    let folder = path.parent().expect("a signature lies in a folder");
    std::fs::create_dir_all(folder).map_err(|source| DepartmentError::Read {
        path: folder.to_owned(),
        source,
    })?;
    let json = serde_json::to_vec_pretty(&statement).expect("a statement has string keys only");
    atomic::write_for(atomic::Readers::Everybody, &path, &json)?;
    Ok(statement)
}

impl Statement {
    /// Whether the department's key signed it.
    #[must_use]
    pub fn is_signed_by(&self, department: &Department) -> bool {
        let (Ok(key), Ok(signature)) = (hex::decode(&department.key), hex::decode(&self.signature)) else {
            return false;
        };
        let message = message(&self.department, &self.records);
        UnparsedPublicKey::new(&ED25519, key)
            .verify(message.as_bytes(), &signature)
            .is_ok()
    }
}

/// The SHA-256 of what a record says itself, lower-case hex.
pub(super) fn digest(record: &Record) -> String {
    hex::encode(Sha256::digest(record.own_json()))
}

/// Where a source folder keeps a department's statement.
pub(super) fn place(source: &Path, department: &str) -> PathBuf {
    source.join("signatures").join(format!("{department}.json"))
}

fn message(department: &RecordId, records: &BTreeMap<RecordId, String>) -> String {
    let mut message = format!("mingchuang department {department}\n");
    for (id, digest) in records {
        let _infallible = writeln!(message, "{id} {digest}");
    }
    message
}
