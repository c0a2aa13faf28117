//! Signing the next root: with a later expiry, or with other keys.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use catalog::clock::Clock;
use jiff::SignedDuration;
use tough::schema::{RoleType, Root};
use tough::sign::Sign as _;

use super::create::{ONLINE, list, make_key, root_key_path, sign};
use super::{KeyError, KeyName, Keys, key_path, read_key};

/// Signs the next root: it holds from now on for `lifetime`, and lists the keys that are in the folder.
///
/// That is also how a lost or stolen key of targets, snapshot or timestamp is replaced: take its file away first, and a new one
/// is made. A key that was [moved](super::relocate()) is not lost: it stays listed. `elsewhere` are folders with root keys.
pub async fn renew(
    folder: &Path,
    elsewhere: &[PathBuf],
    lifetime: SignedDuration,
    clock: &dyn Clock,
) -> Result<Keys, KeyError> {
    let keys = Keys::open_with(folder, elsewhere)?;
    let mut root = next(&keys, lifetime, clock);
    for role in ONLINE {
        let path = match keys.find(KeyName::Role(role)) {
            Err(KeyError::Moved { .. }) => continue,
            path => path?,
        };
        if !path.exists() {
            make_key(&key_path(folder, role))?;
        }
        list(&mut root, role, &[path], NonZeroU64::MIN)?;
    }
    drop_unlisted(&mut root);
    sign(&keys, root).await
}

/// Replaces a root key, which may be lost or stolen, by a new one in `folder`. As many of the others as the root asks for must
/// be at hand.
pub async fn replace_root_key(
    folder: &Path,
    elsewhere: &[PathBuf],
    number: u8,
    lifetime: SignedDuration,
    clock: &dyn Clock,
) -> Result<Keys, KeyError> {
    let keys = Keys::open_with(folder, elsewhere)?;
    let mut root = next(&keys, lifetime, clock);
    let listed = root
        .roles
        .get_mut(&RoleType::Root)
        .expect("a root says who signs roots");
    let place = usize::from(number).checked_sub(1);
    let Some(old) = place.and_then(|place| listed.keyids.get_mut(place)) else {
        return Err(KeyError::NoSuchRootKey { number });
    };
    let path = root_key_path(folder, number);
    let kept = retire(&keys, number)?;
    make_key(&path)?;
    let key = read_key(&path)?.tuf_key();
    let id = key.key_id().expect("a public key has a canonical form");
    *old = id.clone();
    root.keys.insert(id, key);
    drop_unlisted(&mut root);
    let signed = sign(&keys, root).await;
    match (&signed, kept) {
        (Ok(_), _) => {}
        // Nothing was signed: the key is as it was.
        (Err(_), Some(kept)) => {
            catalog::atomic::write_for(catalog::atomic::Readers::Owner, &path, &kept)?;
        }
        (Err(_), None) => {
            std::fs::remove_file(&path).map_err(|source| KeyError::NoKey { path, source })?;
        }
    }
    signed
}

/// The content of the key file that is to be replaced, if it is in the folder.
fn retire(keys: &Keys, number: u8) -> Result<Option<Vec<u8>>, KeyError> {
    let path = root_key_path(&keys.folder, number);
    match std::fs::read(&path) {
        Ok(content) => Ok(Some(content)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(KeyError::NoKey { path, source }),
    }
}

fn next(keys: &Keys, lifetime: SignedDuration, clock: &dyn Clock) -> Root {
    let mut root = keys.root().clone();
    root.version = root.version.saturating_add(1);
    root.expires = clock.now() + lifetime;
    root
}

/// Keys that no role lists are of no use.
fn drop_unlisted(root: &mut Root) {
    let listed: Vec<_> = root.roles.values().flat_map(|role| role.keyids.clone()).collect();
    root.keys.retain(|id, _| listed.contains(id));
}
