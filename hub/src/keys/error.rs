//! What can be wrong with a folder of keys.

use std::io;
use std::path::PathBuf;

use catalog::atomic::WriteError;
use tough::schema::RoleType;

/// Why keys could not be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There are keys here already, and losing them means visiting every terminal.
    #[error("{path} already holds keys; they are never overwritten")]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A root cannot ask for more signatures than it has keys, nor for none.
    #[error("{threshold} of {keys} root keys cannot sign a root")]
    Threshold {
        /// How many keys.
        keys: u8,
        /// How many of them must sign.
        threshold: u8,
    },
    /// A root is missing or unreadable.
    #[error("{path}: {source} (is this a key folder made by `hub keys new`?)")]
    NoRoot {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A root is not TUF root metadata.
    #[error("{path} is not a TUF root: {source}")]
    BrokenRoot {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A key was moved to another folder, which was not named.
    #[error("{path} was moved to {to}: name that folder as well")]
    Moved {
        /// Where it was.
        path: PathBuf,
        /// Where it is.
        to: PathBuf,
    },
    /// A name is none of a key.
    #[error("{0:?} is no key: targets, snapshot, timestamp, or root-1, root-2 …")]
    NoSuchKey(String),
    /// There is no such root key in the newest root.
    #[error("the newest root has no root key {number}")]
    NoSuchRootKey {
        /// Its number.
        number: u8,
    },
    /// A key file is missing or unreadable.
    #[error("signing key {path}: {source}")]
    NoKey {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A key file holds no key.
    #[error("{path} is not an Ed25519 key in PKCS#8")]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// A key is a good key, but not the one that terminals trust for this role.
    #[error("{path} is not the {role} key that {root} lists; terminals would refuse what it signs")]
    NotListed {
        /// The role it was to sign for.
        role: RoleType,
        /// The key file.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
    /// Too few root keys are at hand to sign a root.
    #[error("{path} holds {found} of the {needed} root keys that must sign")]
    TooFewRootKeys {
        /// The folder.
        path: PathBuf,
        /// How many keys of the current root are in the folder.
        found: usize,
        /// How many must sign.
        needed: u64,
    },
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The folder could not be made.
    #[error("cannot make {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The cryptographic library could not make a key.
    #[error("no key could be made: the source of random numbers failed")]
    Random,
    /// Signing failed.
    #[error("cannot sign the root: {0}")]
    Sign(#[from] Box<tough::error::Error>),
}
