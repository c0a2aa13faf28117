//! `departments.json`: which records are delegated to whom.

use std::path::{Path, PathBuf};

use catalog::atomic;
use catalog::record::RecordId;
use serde::{Deserialize, Serialize};

use super::DepartmentError;

/// The departments that sign their own records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Departments(Vec<Department>);

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its name, fit for a file name.
    pub name: RecordId,
    /// Its Ed25519 public key in hexadecimal digits.
    pub key: String,
    /// The records that are its to sign.
    pub records: Vec<Pattern>,
}

/// A record id, or the beginning of one followed by `*`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    /// Whether a record is meant.
    #[must_use]
    pub fn matches(&self, id: &RecordId) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => id.as_str().starts_with(start),
            None => id.as_str() == self.0,
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = DepartmentError;

    fn try_from(text: String) -> Result<Self, DepartmentError> {
        let start = text.strip_suffix('*').unwrap_or(&text);
        match RecordId::try_from(start) {
            Ok(_) => Ok(Self(text)),
            Err(_) => Err(DepartmentError::Pattern(text)),
        }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl Departments {
    /// Reads the list in a folder of keys; without the file nothing is delegated.
    pub fn read(keys: &Path) -> Result<Self, DepartmentError> {
        let path = list_path(keys);
        match std::fs::read(&path) {
            Ok(json) => {
                serde_json::from_slice(&json).map_err(|source| DepartmentError::Format { path, source })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(DepartmentError::Read { path, source }),
        }
    }

    /// Adds a department and writes the list.
    pub fn add(&mut self, department: Department, keys: &Path) -> Result<(), DepartmentError> {
        let is_key = hex::decode(&department.key).is_ok_and(|key| key.len() == 32);
        if !is_key {
            return Err(DepartmentError::Key(department.key));
        }
        if self.get(department.name.as_str()).is_some() {
            return Err(DepartmentError::Exists(department.name.to_string()));
        }
        self.0.push(department);
        let json = serde_json::to_vec_pretty(self).expect("a list of departments has string keys only");
        Ok(atomic::write(&list_path(keys), &json)?)
    }

    /// The department of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Department> {
        self.0.iter().find(|department| department.name.as_str() == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Department> {
        self.0.iter()
    }
}

impl Department {
    /// Whether a record is its to sign.
    #[must_use]
    pub fn owns(&self, id: &RecordId) -> bool {
        self.records.iter().any(|pattern| pattern.matches(id))
    }
}

fn list_path(keys: &Path) -> PathBuf {
    keys.join("departments.json")
}
