//! Moving keys to folders of their own.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use catalog::atomic::{self, Readers};
use tough::schema::RoleType;

use super::create::ONLINE;
use super::{KeyError, read_key};

/// A key of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName {
    /// The key of a role that has one.
    Role(RoleType),
    /// A root key, by its number.
    Root(u8),
}

impl KeyName {
    /// The name of its file.
    pub(super) fn file(self) -> String {
        format!("{self}.pk8")
    }

    /// The note that it was moved.
    pub(super) fn note(self, folder: &Path) -> PathBuf {
        folder.join(format!("{self}.moved"))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => write!(f, "{role}"),
            Self::Root(number) => write!(f, "root-{number}"),
        }
    }
}

impl FromStr for KeyName {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let role = ONLINE.into_iter().find(|role| role.to_string() == text);
        let root = || {
            text.strip_prefix("root-")?
                .parse()
                .ok()
                .filter(|number| *number > 0)
        };
        role.map(Self::Role)
            .or_else(|| root().map(Self::Root))
            .ok_or_else(|| KeyError::NoSuchKey(text.to_owned()))
    }
}

/// Moves a key from one folder to another, which may lie on another disk. The copy is durable and was read back before the
/// original is removed.
pub fn relocate(folder: &Path, key: KeyName, to: &Path) -> Result<(), KeyError> {
    let (old, new) = (folder.join(key.file()), to.join(key.file()));
    let content = std::fs::read(&old).map_err(|source| KeyError::NoKey {
        path: old.clone(),
        source,
    })?;
    read_key(&old)?;
    // The very same key there is what an interrupted move left.
    if new.exists() && std::fs::read(&new).ok().as_ref() != Some(&content) {
        return Err(KeyError::Exists { path: to.to_owned() });
    }
    std::fs::create_dir_all(to).map_err(|source| KeyError::Folder {
        path: to.to_owned(),
        source,
    })?;
    atomic::write_for(Readers::Owner, &new, &content)?;
    read_key(&new)?;
    let place = std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    // The note first: a key that is in both places does no harm, one that counts as lost does.
    atomic::write_for(
        Readers::Owner,
        &key.note(folder),
        place.display().to_string().as_bytes(),
    )?;
    std::fs::remove_file(&old)
        .and_then(|()| atomic::sync_folder(folder))
        .map_err(|source| KeyError::NoKey { path: old, source })?;
    // Moved back to where it came from: nothing is elsewhere any more.
    match std::fs::remove_file(key.note(to)) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(KeyError::NoKey {
            path: key.note(to),
            source,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use catalog::clock::SystemClock;

    use super::*;
    use crate::keys::{Keys, RootOptions, create, renew, replace_root_key};

    const ALL: [RoleType; 3] = ONLINE;

    #[test]
    fn keys_have_names() {
        assert_eq!(
            "timestamp".parse::<KeyName>().unwrap(),
            KeyName::Role(RoleType::Timestamp)
        );
        assert_eq!("root-2".parse::<KeyName>().unwrap(), KeyName::Root(2));
        for bad in ["root", "root-0", "root-x", "../targets"] {
            assert!(bad.parse::<KeyName>().is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_key_in_a_safe_signs_only_when_the_safe_is_named_and_is_never_taken_for_lost() {
        let folder = tempfile::tempdir().unwrap();
        let (online, safe) = (folder.path().join("online"), folder.path().join("safe"));
        let options = RootOptions {
            keys: 3,
            threshold: 2,
            ..RootOptions::default()
        };
        let before = create(&online, options, &SystemClock).await.unwrap();
        for key in ["targets", "snapshot", "root-1", "root-2", "root-3"] {
            relocate(&online, key.parse().unwrap(), &safe).unwrap();
        }
        let keys = Keys::open(&online).unwrap();
        keys.signers(&[RoleType::Timestamp]).unwrap();
        let error = keys.signers(&ALL).unwrap_err();
        assert!(
            matches!(&error, KeyError::Moved { to, .. } if *to == safe),
            "{error}"
        );
        let elsewhere = [safe.clone()];
        Keys::open_with(&online, &elsewhere)
            .unwrap()
            .signers(&ALL)
            .unwrap();

        let error = renew(&online, &[], options.lifetime, &SystemClock)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                KeyError::TooFewRootKeys {
                    found: 0,
                    needed: 2,
                    ..
                }
            ),
            "{error}"
        );
        let after = renew(&online, &elsewhere, options.lifetime, &SystemClock)
            .await
            .unwrap();
        let ids = |keys: &Keys, role| keys.root().roles[&role].keyids.clone();
        for role in ALL {
            assert_eq!(ids(&before, role), ids(&after, role), "{role}");
        }
        assert!(!online.join("targets.pk8").exists());

        relocate(&safe, KeyName::Role(RoleType::Targets), &online).unwrap();
        assert!(!online.join("targets.moved").exists());
    }

    #[tokio::test]
    async fn a_move_that_was_interrupted_goes_through_and_another_key_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (online, safe) = (folder.path().join("online"), folder.path().join("safe"));
        create(&online, RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        std::fs::create_dir(&safe).unwrap();
        std::fs::copy(online.join("targets.pk8"), safe.join("targets.pk8")).unwrap();
        std::fs::copy(online.join("timestamp.pk8"), safe.join("snapshot.pk8")).unwrap();
        relocate(&online, KeyName::Role(RoleType::Targets), &safe).unwrap();
        assert!(!online.join("targets.pk8").exists());
        let error = relocate(&online, KeyName::Role(RoleType::Snapshot), &safe).unwrap_err();
        assert!(matches!(error, KeyError::Exists { .. }), "{error}");
    }

    #[tokio::test]
    async fn a_root_key_is_replaced_by_two_of_the_three_old_ones() {
        let folder = tempfile::tempdir().unwrap();
        let options = RootOptions {
            keys: 3,
            threshold: 2,
            ..RootOptions::default()
        };
        let old = create(folder.path(), options, &SystemClock).await.unwrap();
        // Stolen, or lost: it is not needed.
        std::fs::remove_file(folder.path().join("root-2.pk8")).unwrap();
        let new = replace_root_key(folder.path(), &[], 2, options.lifetime, &SystemClock)
            .await
            .unwrap();
        let ids = |keys: &Keys| keys.root().roles[&RoleType::Root].keyids.clone();
        let (old, new_ids) = (ids(&old), ids(&new));
        assert_eq!(
            (new_ids[0].clone(), new_ids[2].clone()),
            (old[0].clone(), old[2].clone())
        );
        assert_ne!(new_ids[1], old[1]);
        assert_eq!(new.root().version.get(), 2);
        let signed: Vec<_> = new
            .root
            .signatures
            .iter()
            .map(|signature| signature.keyid.clone())
            .collect();
        // By two whom a terminal knows, so that it follows.
        assert!(
            old.iter().filter(|id| signed.contains(id)).count() >= 2,
            "{signed:?}"
        );

        std::fs::remove_file(folder.path().join("root-1.pk8")).unwrap();
        std::fs::remove_file(folder.path().join("root-3.pk8")).unwrap();
        let error = replace_root_key(folder.path(), &[], 2, options.lifetime, &SystemClock)
            .await
            .unwrap_err();
        assert!(
            matches!(error, KeyError::TooFewRootKeys { needed: 2, .. }),
            "{error}"
        );
        let error = replace_root_key(folder.path(), &[], 9, options.lifetime, &SystemClock)
            .await
            .unwrap_err();
        assert!(matches!(error, KeyError::NoSuchRootKey { number: 9 }), "{error}");
    }

    #[tokio::test]
    async fn a_root_key_that_no_others_can_replace_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let options = RootOptions::default();
        create(folder.path(), options, &SystemClock).await.unwrap();
        let files = || {
            let names = std::fs::read_dir(folder.path()).unwrap();
            let mut files: Vec<_> = names.map(|entry| entry.unwrap().path()).collect();
            files.sort();
            let contents: Vec<_> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
            (files, contents)
        };
        let before = files();
        let error = replace_root_key(folder.path(), &[], 1, options.lifetime, &SystemClock)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                KeyError::TooFewRootKeys {
                    found: 0,
                    needed: 1,
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(before, files());
    }

    #[tokio::test]
    async fn a_root_key_whose_replacement_was_interrupted_after_the_root_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let options = RootOptions {
            keys: 3,
            threshold: 2,
            ..RootOptions::default()
        };
        create(folder.path(), options, &SystemClock).await.unwrap();
        let (key, waiting) = (
            folder.path().join("root-2.pk8"),
            folder.path().join("root-2.next.pk8"),
        );
        let old = std::fs::read(&key).unwrap();
        let replace = || replace_root_key(folder.path(), &[], 2, options.lifetime, &SystemClock);
        replace().await.unwrap();
        let new = std::fs::read(&key).unwrap();
        assert!(old != new && !waiting.exists());
        std::fs::rename(&key, &waiting).unwrap();
        atomic::write(&key, &old).unwrap();
        // The others are back in their safes by now.
        for away in ["root-1.pk8", "root-3.pk8"] {
            std::fs::remove_file(folder.path().join(away)).unwrap();
        }
        assert_eq!(replace().await.unwrap().root().version.get(), 2);
        assert_eq!((std::fs::read(&key).unwrap(), waiting.exists()), (new, false));
    }
}
