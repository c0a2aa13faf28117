//! Making keys and the roots that list them.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use catalog::atomic;
use catalog::clock::Clock;
use jiff::SignedDuration;
use tough::editor::signed::SignedRole;
use tough::key_source::KeySource;
use tough::schema::key::Key;
use tough::schema::{KeyHolder, RoleKeys, RoleType, Root, Signed};
use tough::sign::Sign as _;

use super::{KeyError, KeyName, Keys, key_path, read_key, root_path};

/// The roles that sign releases.
pub(super) const ONLINE: [RoleType; 3] = [RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp];

/// The version of the TUF specification that metadata names.
pub(crate) const TUF_SPECIFICATION: &str = "1.0.0";

/// How the root is signed and for how long it holds.
#[derive(Debug, Clone, Copy)]
pub struct RootOptions {
    /// How many root keys to make.
    pub keys: u8,
    /// How many of them must sign a root.
    pub threshold: u8,
    /// For how long the root holds. A terminal whose newest root has expired takes no more releases
    /// until it is given a newer one by [`renew`](super::renew).
    pub lifetime: SignedDuration,
}

impl Default for RootOptions {
    /// One root key and five years.
    fn default() -> Self {
        Self {
            keys: 1,
            threshold: 1,
            lifetime: SignedDuration::from_hours(24 * 365 * 5),
        }
    }
}

/// Makes all keys and the factory root in a folder that holds no root; see the module's documentation.
///
/// Without a root no terminal was ever given these keys. So those that an interrupted attempt left are used, and none is
/// written over.
pub async fn create(folder: &Path, options: RootOptions, clock: &dyn Clock) -> Result<Keys, KeyError> {
    let keys = options.keys;
    let threshold = NonZeroU64::new(options.threshold.into())
        .filter(|_| options.threshold <= keys)
        .ok_or(KeyError::Threshold {
            keys,
            threshold: options.threshold,
        })?;
    std::fs::create_dir_all(folder).map_err(|source| KeyError::Folder {
        path: folder.to_owned(),
        source,
    })?;
    let root_keys: Vec<PathBuf> = (1..=keys).map(|number| root_key_path(folder, number)).collect();
    let online = ONLINE.map(|role| key_path(folder, role));
    // The first numbered root is written before `root.json`; a second one or a key that was moved is of a folder in use.
    let moved = ONLINE.map(|role| KeyName::Role(role).note(folder));
    let signs_of_use = [root_path(folder), folder.join("2.root.json")];
    if signs_of_use.iter().chain(&moved).any(|path| path.exists()) {
        return Err(KeyError::Exists {
            path: folder.to_owned(),
        });
    }
    for path in root_keys.iter().chain(&online).filter(|path| !path.exists()) {
        make_key(path)?;
    }
    let mut root = Root {
        spec_version: TUF_SPECIFICATION.to_owned(),
        consistent_snapshot: true,
        version: NonZeroU64::MIN,
        expires: clock.now() + options.lifetime,
        keys: HashMap::new(),
        roles: HashMap::new(),
        _extra: HashMap::new(),
    };
    list(&mut root, RoleType::Root, &root_keys, threshold)?;
    for role in ONLINE {
        list(&mut root, role, &[key_path(folder, role)], NonZeroU64::MIN)?;
    }
    let keys = Keys {
        folder: folder.to_owned(),
        elsewhere: Vec::new(),
        root: Signed {
            signed: root.clone(),
            signatures: Vec::new(),
        },
    };
    let signers = keys.root_signers();
    sign(&keys, root, &signers).await
}

pub(super) fn root_key_path(folder: &Path, number: u8) -> PathBuf {
    folder.join(format!("root-{number}.pk8"))
}

/// Makes the key of a department in the new file `path` and returns its public half.
pub fn make_department_key(path: &Path) -> Result<[u8; 32], KeyError> {
    if path.exists() {
        return Err(KeyError::Exists {
            path: path.to_owned(),
        });
    }
    make_key(path)?;
    let pair = read_key(path)?;
    let public = pair.public_key().as_ref().try_into();
    Ok(public.expect("an Ed25519 public key has 32 bytes"))
}

pub(super) fn make_key(path: &Path) -> Result<(), KeyError> {
    let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeyError::Random)?;
    Ok(atomic::write_for(atomic::Readers::Owner, path, key.as_ref())?)
}

/// Lists the keys in these files, and no others, for a role.
pub(super) fn list(
    root: &mut Root,
    role: RoleType,
    files: &[PathBuf],
    threshold: NonZeroU64,
) -> Result<(), KeyError> {
    let keys: Vec<Key> = files
        .iter()
        .map(|path| Ok(read_key(path)?.tuf_key()))
        .collect::<Result<_, KeyError>>()?;
    let mut keyids = Vec::new();
    for key in keys {
        let id = key.key_id().expect("a public key has a canonical form");
        keyids.push(id.clone());
        root.keys.insert(id, key);
    }
    root.roles.insert(
        role,
        RoleKeys {
            keyids,
            threshold,
            _extra: HashMap::new(),
        },
    );
    Ok(())
}

/// Signs a root with these root keys and makes it the newest one of the folder. A terminal believes it when as many of
/// the keys of the root before, and as many of its own, have signed as each asks for.
pub(super) async fn sign(keys: &Keys, root: Root, signers: &[Box<dyn KeySource>]) -> Result<Keys, KeyError> {
    let folder = &keys.folder;
    let before = keys.root();
    let mut signatures = Vec::new();
    for root_keys in [before, &root] {
        let needed = root_keys.roles[&RoleType::Root].threshold.get();
        let holder = KeyHolder::Root(root_keys.clone());
        let too_few = |found| KeyError::TooFewRootKeys {
            path: folder.clone(),
            found,
            needed,
        };
        if (signers.len() as u64) < needed {
            return Err(too_few(signers.len()));
        }
        let signed = SignedRole::new(root.clone(), &holder, signers, &SystemRandom::new()).await;
        let given = match signed {
            Ok(signed) => signed.signed().signatures.clone(),
            // None of the keys at hand is one of these.
            Err(tough::error::Error::SigningKeysNotFound { .. }) => Vec::new(),
            Err(error) => return Err(Box::new(error).into()),
        };
        if (given.len() as u64) < needed {
            return Err(too_few(given.len()));
        }
        signatures.push(given);
    }
    let version = root.version;
    let own = KeyHolder::Root(root.clone());
    let signed = SignedRole::new(root, &own, signers, &SystemRandom::new())
        .await
        .map_err(Box::new)?
        .add_old_signatures(signatures.swap_remove(0))
        .map_err(Box::new)?;
    // The numbered file first: a folder whose newest root is missing from the line could not publish.
    let numbered = folder.join(format!("{version}.root.json"));
    for path in [numbered, root_path(folder)] {
        atomic::write_for(atomic::Readers::Everybody, &path, signed.buffer())?;
    }
    Keys::open_with(folder, &keys.elsewhere)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use catalog::clock::SystemClock;

    use super::*;
    use crate::keys::renew;

    #[tokio::test]
    async fn every_role_gets_a_key_that_only_its_owner_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let keys = create(folder.path(), RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        assert_eq!(keys.signers(&ONLINE).unwrap().len(), 3);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            let is_key = entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "pk8");
            assert_eq!(mode == 0o600, is_key, "{name} has mode {mode:o}");
            names.push(name);
        }
        names.sort();
        assert_eq!(
            names,
            [
                "1.root.json",
                "root-1.pk8",
                "root.json",
                "snapshot.pk8",
                "targets.pk8",
                "timestamp.pk8"
            ]
        );
    }

    #[tokio::test]
    async fn keys_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        create(folder.path(), RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        let again = create(folder.path(), RootOptions::default(), &SystemClock)
            .await
            .unwrap_err();
        assert!(matches!(again, KeyError::Exists { .. }), "{again}");
    }

    #[tokio::test]
    async fn what_an_interrupted_attempt_left_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let interrupted = create(folder.path(), RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        let targets = std::fs::read(folder.path().join("targets.pk8")).unwrap();
        // Power was lost before the last key and the root; then between the two files of the root.
        for lost in [&["root.json", "1.root.json", "timestamp.pk8"][..], &["root.json"]] {
            for name in lost {
                std::fs::remove_file(folder.path().join(name)).unwrap();
            }
            let keys = create(folder.path(), RootOptions::default(), &SystemClock)
                .await
                .unwrap();
            assert_eq!(keys.signers(&ONLINE).unwrap().len(), 3);
            let listed = |keys: &Keys| keys.root().roles[&RoleType::Targets].keyids.clone();
            assert_eq!(listed(&keys), listed(&interrupted));
            assert_eq!(std::fs::read(folder.path().join("targets.pk8")).unwrap(), targets);
        }
        // A root that is lost of a folder in use is not made again.
        renew(folder.path(), &[], RootOptions::default().lifetime, &SystemClock)
            .await
            .unwrap();
        std::fs::remove_file(folder.path().join("root.json")).unwrap();
        let again = create(folder.path(), RootOptions::default(), &SystemClock).await;
        assert!(matches!(again, Err(KeyError::Exists { .. })));
    }

    #[tokio::test]
    async fn a_threshold_beyond_the_number_of_keys_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (keys, threshold) in [(1, 2), (1, 0)] {
            let options = RootOptions {
                keys,
                threshold,
                ..RootOptions::default()
            };
            let error = create(folder.path(), options, &SystemClock).await.unwrap_err();
            assert!(matches!(error, KeyError::Threshold { .. }), "{error}");
        }
    }

    #[tokio::test]
    async fn a_renewed_root_replaces_the_keys_that_were_taken_away_and_keeps_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let options = RootOptions {
            keys: 3,
            threshold: 2,
            ..RootOptions::default()
        };
        let old = create(folder.path(), options, &SystemClock).await.unwrap();
        for lost in ["timestamp.pk8", "root-2.pk8"] {
            std::fs::remove_file(folder.path().join(lost)).unwrap();
        }
        let new = renew(folder.path(), &[], options.lifetime, &SystemClock)
            .await
            .unwrap();
        assert_eq!(new.root().version.get(), 2);
        assert_eq!(new.root.signatures.len(), 2);
        let ids = |keys: &Keys, role| keys.root().roles[&role].keyids.clone();
        assert_eq!(ids(&old, RoleType::Targets), ids(&new, RoleType::Targets));
        assert_ne!(ids(&old, RoleType::Timestamp), ids(&new, RoleType::Timestamp));
        assert_eq!(new.all_roots().unwrap().len(), 2);
        std::fs::remove_file(folder.path().join("root-1.pk8")).unwrap();
        let error = renew(folder.path(), &[], options.lifetime, &SystemClock)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                KeyError::TooFewRootKeys {
                    found: 1,
                    needed: 2,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_key_of_another_folder_is_named() {
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let keys = create(ours.path(), RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        create(theirs.path(), RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        let path = ours.path().join("targets.pk8");
        std::fs::copy(theirs.path().join("targets.pk8"), &path).unwrap();
        let error = keys.signers(&ONLINE).unwrap_err();
        assert!(
            matches!(
                error,
                KeyError::NotListed {
                    role: RoleType::Targets,
                    ..
                }
            ),
            "{error}"
        );
        atomic::write(&path, b"not a key").unwrap();
        let error = keys.signers(&ONLINE).unwrap_err();
        assert!(error.to_string().contains("targets.pk8"), "{error}");
    }
}
