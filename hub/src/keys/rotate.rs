//! Signing the next root: with a later expiry, or with other keys.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::Ed25519KeyPair;
use catalog::atomic;
use catalog::clock::Clock;
use catalog::power::{self, Moment};
use jiff::SignedDuration;
use tough::schema::decoded::{Decoded, Hex};
use tough::schema::{RoleType, Root};
use tough::sign::Sign as _;

use super::create::{ONLINE, list, make_key, root_key_path, sign};
use super::{KeyError, KeyName, Keys, key_path, read_key, source};

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
    let signers = keys.root_signers();
    sign(&keys, root, &signers).await
}

/// Replaces a root key, which may be lost or stolen, by a new one in `folder`. As many of the others as the root asks for must
/// be at hand.
///
/// The new key waits beside the old one as `root-N.next.pk8` until the root that lists it is written. Interrupted, the same call
/// goes on.
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
    let needed = listed.threshold.get();
    let place = usize::from(number).checked_sub(1);
    let Some(old) = place.and_then(|place| listed.keyids.get_mut(place)) else {
        return Err(KeyError::NoSuchRootKey { number });
    };
    let waiting = folder.join(format!("root-{number}.next.pk8"));
    if waiting.exists() && id(&read_key(&waiting)?) == *old {
        take_its_place(&waiting, &root_key_path(folder, number))?;
        return Ok(keys);
    }
    let others = others(&keys, number)?;
    if (others.len() as u64) < needed {
        return Err(KeyError::TooFewRootKeys {
            path: folder.to_owned(),
            found: others.len(),
            needed,
        });
    }
    if !waiting.exists() {
        make_key(&waiting)?;
    }
    let new = read_key(&waiting)?;
    *old = id(&new);
    root.keys.insert(id(&new), new.tuf_key());
    drop_unlisted(&mut root);
    let signers: Vec<_> = others.into_iter().chain([waiting.clone()]).map(source).collect();
    let signed = sign(&keys, root, &signers).await?;
    take_its_place(&waiting, &root_key_path(folder, number))?;
    Ok(signed)
}

/// The files of the root keys at hand that may sign, this one apart.
fn others(keys: &Keys, number: u8) -> Result<Vec<PathBuf>, KeyError> {
    let mut others = Vec::new();
    for path in keys.root_key_files(|other| other != number) {
        let key = read_key(&path)?.tuf_key();
        if keys.root().keys(RoleType::Root).any(|listed| *listed == key) {
            others.push(path);
        }
    }
    Ok(others)
}

/// The new key takes the place of the old one.
fn take_its_place(new: &Path, old: &Path) -> Result<(), KeyError> {
    let folder = old.parent().expect("a key lies in a folder");
    power::point("replace a root key", Moment::Before);
    std::fs::rename(new, old)
        .and_then(|()| {
            power::point("replace a root key", Moment::During);
            atomic::sync_folder(folder)
        })
        .map_err(|source| KeyError::NoKey {
            path: new.to_owned(),
            source,
        })?;
    power::point("replace a root key", Moment::After);
    Ok(())
}

fn id(key: &Ed25519KeyPair) -> Decoded<Hex> {
    key.tuf_key().key_id().expect("a public key has a canonical form")
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
