//! The folder of signing keys.
//!
//! ```text
//! root.json            the newest root: what a new terminal is given
//! 1.root.json, …       every root there has been; a terminal follows them from its own to the newest
//! root-1.pk8, …        sign roots only; belong offline, `hub publish` does not read them
//! root-1.next.pk8, …   a root key that is about to replace the one of that number
//! targets.pk8          vouches for the content
//! snapshot.pk8         vouches for what belongs together
//! timestamp.pk8        vouches for what is newest; the only key that an unattended refresh needs
//! ```
//!
//! Keys are Ed25519 in PKCS#8, readable by their owner only. Every role but root has one key. Root may
//! have several, of which [`RootOptions::threshold`] must sign: with 2 of 3, one key may be lost and one
//! may be stolen without anybody else getting to decide what terminals show.
//!
//! Any key may live in a folder of its own, such as a stick in a safe: [`relocate()`] moves it there and leaves the note
//! `ROLE.moved`, so that nobody takes it for lost. Whoever signs names these folders beside the first one.

mod create;
mod error;
mod relocate;
mod rotate;

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::Ed25519KeyPair;
use tough::key_source::{KeySource, LocalKeySource};
use tough::schema::{RoleType, Root, Signed};
use tough::sign::Sign as _;

pub use create::{RootOptions, create, make_department_key};
pub use error::KeyError;
pub use relocate::{KeyName, relocate};
pub use rotate::{renew, replace_root_key};

/// A folder of keys, opened for signing releases.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
    /// Further folders with keys.
    elsewhere: Vec<PathBuf>,
    root: Signed<Root>,
}

impl Keys {
    /// Reads the newest root of the folder; keys are read when they are needed.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        Self::open_with(folder, &[])
    }

    /// Like [`open`](Self::open), with further folders in which keys may lie.
    pub fn open_with(folder: &Path, elsewhere: &[PathBuf]) -> Result<Self, KeyError> {
        let path = root_path(folder);
        let bytes = std::fs::read(&path).map_err(|source| KeyError::NoRoot {
            path: path.clone(),
            source,
        })?;
        let root = serde_json::from_slice(&bytes).map_err(|source| KeyError::BrokenRoot { path, source })?;
        Ok(Self {
            folder: folder.to_owned(),
            elsewhere: elsewhere.to_vec(),
            root,
        })
    }

    /// The newest root.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root.signed
    }

    /// The file that holds the newest root.
    #[must_use]
    pub fn root_path(&self) -> PathBuf {
        root_path(&self.folder)
    }

    /// The names and contents of all roots there have been, oldest first.
    pub fn all_roots(&self) -> Result<Vec<(String, Vec<u8>)>, KeyError> {
        (1..=self.root().version.get())
            .map(|version| {
                let name = format!("{version}.root.json");
                let path = self.folder.join(&name);
                let bytes = std::fs::read(&path).map_err(|source| KeyError::NoRoot { path, source })?;
                Ok((name, bytes))
            })
            .collect()
    }

    /// The keys of these roles, each known to be a key and to be listed for its role in the root.
    pub fn signers(&self, roles: &[RoleType]) -> Result<Vec<Box<dyn KeySource>>, KeyError> {
        roles
            .iter()
            .map(|&role| {
                let path = self.find(KeyName::Role(role))?;
                let key = read_key(&path)?.tuf_key();
                if !self.root().keys(role).any(|listed| *listed == key) {
                    return Err(KeyError::NotListed {
                        role,
                        path,
                        root: self.root_path(),
                    });
                }
                Ok(source(path))
            })
            .collect()
    }
}

impl Keys {
    /// The file of a key, wherever it lies.
    fn find(&self, name: KeyName) -> Result<PathBuf, KeyError> {
        let file = name.file();
        let folders = std::iter::once(&self.folder).chain(&self.elsewhere);
        if let Some(path) = folders
            .map(|folder| folder.join(&file))
            .find(|path| path.exists())
        {
            return Ok(path);
        }
        let path = self.folder.join(&file);
        match std::fs::read_to_string(name.note(&self.folder)) {
            Ok(to) => Err(KeyError::Moved {
                path,
                to: to.trim().into(),
            }),
            // Whoever reads the file will say that it is not there.
            Err(_) => Ok(path),
        }
    }

    /// The root keys that are at hand.
    fn root_signers(&self) -> Vec<Box<dyn KeySource>> {
        self.root_key_files(|_| true).map(source).collect()
    }

    /// The files of the root keys that are at hand, of those numbers that are wanted.
    fn root_key_files(&self, is_wanted: impl Fn(u8) -> bool) -> impl Iterator<Item = PathBuf> {
        (1..=u8::MAX)
            .filter(move |number| is_wanted(*number))
            .filter_map(|number| self.find(KeyName::Root(number)).ok())
            .filter(|path| path.exists())
    }
}

/// A key file as signing takes it.
fn source(path: PathBuf) -> Box<dyn KeySource> {
    Box::new(LocalKeySource { path })
}

fn root_path(folder: &Path) -> PathBuf {
    folder.join("root.json")
}

/// The key file of a role that has one key.
fn key_path(folder: &Path, role: RoleType) -> PathBuf {
    folder.join(KeyName::Role(role).file())
}

/// The key in a file.
pub(crate) fn read_key(path: &Path) -> Result<Ed25519KeyPair, KeyError> {
    let bytes = std::fs::read(path).map_err(|source| KeyError::NoKey {
        path: path.to_owned(),
        source,
    })?;
    Ed25519KeyPair::from_pkcs8(&bytes).map_err(|_| KeyError::NotAKey {
        path: path.to_owned(),
    })
}
