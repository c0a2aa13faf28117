//! The sealing key's private half: what opens envelopes, and how another takes its place.
//!
//! A terminal cannot seal again what it accepted: it holds no plaintext. So the hub still takes, for a published time, what was
//! sealed to a former key, and staff keep that key's private half, `sealing-ID.key` beside `sealing.key`, to open it.

use std::path::{Path, PathBuf};

use catalog::atomic;
use catalog::clock::Clock;
use catalog::submission::sealed::{Envelope, OpenError, OpeningKey, SealingKey, open};
use catalog::submission::{FormerSealingKey, HubKeys};
use jiff::SignedDuration;
use zeroize::Zeroizing;

use super::IntakeKeyError;
use super::keys::opening;

/// The key in use and those before it.
#[derive(Debug)]
pub struct OpeningKeys {
    current: OpeningKey,
    former: Vec<OpeningKey>,
}

impl OpeningKeys {
    /// Reads the key at `path`, and the former ones, `sealing-*.key`, beside it.
    pub fn read(path: &Path) -> Result<Self, IntakeKeyError> {
        let current = opening(path)?;
        let folder = folder_of(path);
        let failed = |source| IntakeKeyError::Io {
            path: folder.to_owned(),
            source,
        };
        let mut former = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let beside = entry.map_err(failed)?.path();
            let name = beside.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("sealing-") && name.ends_with(".key") {
                former.push(opening(&beside)?);
            }
        }
        Ok(Self { current, former })
    }

    /// Opens an envelope with the key that it was sealed to.
    pub fn open(&self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let wanted = Envelope::parse(bytes)?.label.key;
        let fits = |key: &&OpeningKey| key.sealing_key().id() == wanted;
        open(bytes, self.former.iter().find(fits).unwrap_or(&self.current))
    }

    /// Whether what is sealed to `key` can be opened.
    #[must_use]
    pub fn has(&self, key: &SealingKey) -> bool {
        let mut all = std::iter::once(&self.current).chain(&self.former);
        all.any(|own| own.sealing_key() == *key)
    }
}

/// Makes a new sealing key for the hub of `folder`, whose private half is the file `private`. What was sealed to the one
/// before is taken in for `grace`; its private half is now in the returned file.
///
/// Cut short, it leaves every private half that a terminal may have sealed to; given again, it is brought to its end.
pub fn replace(
    folder: &Path,
    private: &Path,
    grace: SignedDuration,
    clock: &dyn Clock,
) -> Result<PathBuf, IntakeKeyError> {
    let path = folder.join("hub.json");
    let mut public = HubKeys::load(&path)?;
    let before = public.sealing_key.clone();
    let former = folder_of(private).join(format!("sealing-{}.key", hex::encode(before.id())));
    let mut key = opening(private)?;
    if key.sealing_key() == before {
        atomic::write(&former, key.to_text().as_bytes())?;
        key = OpeningKey::generate();
        atomic::write(private, key.to_text().as_bytes())?;
    } else if !former.exists() {
        return Err(IntakeKeyError::OtherSealingKey {
            path: private.to_owned(),
        });
    }
    let now = clock.now();
    public.former_sealing_keys.retain(|former| now < former.until);
    public.former_sealing_keys.push(FormerSealingKey {
        key: before,
        until: now.saturating_add(grace).unwrap_or(jiff::Timestamp::MAX),
    });
    public.sealing_key = key.sealing_key();
    let json = serde_json::to_vec_pretty(&public).expect("keys are text");
    // Last: nobody seals to a key whose private half is not kept.
    atomic::write_for(atomic::Readers::Everybody, &path, &json)?;
    Ok(former)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use catalog::clock::FixedClock;
    use catalog::submission::sealed::{Label, seal};
    use catalog::submission::{DeviceId, DeviceKey, Kind, SubmissionId};
    use jiff::Timestamp;

    use super::super::keys::create;
    use super::*;

    const GRACE: SignedDuration = SignedDuration::from_hours(24);

    struct Office(tempfile::TempDir);

    impl Office {
        fn new() -> Self {
            let office = Self(tempfile::tempdir().unwrap());
            create(office.0.path(), &FixedClock(now())).unwrap();
            office
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn public(&self) -> HubKeys {
            HubKeys::load(&self.path("hub.json")).unwrap()
        }

        fn replace(&self, at: Timestamp) -> Result<PathBuf, IntakeKeyError> {
            replace(self.0.path(), &self.path("sealing.key"), GRACE, &FixedClock(at))
        }

        fn opens(&self, envelope: &[u8]) -> bool {
            let keys = OpeningKeys::read(&self.path("sealing.key")).unwrap();
            keys.open(envelope).is_ok_and(|content| *content == b"content")
        }
    }

    fn now() -> Timestamp {
        "2026-11-26T08:00:00Z".parse().unwrap()
    }

    fn envelope(key: &SealingKey) -> Vec<u8> {
        let device = DeviceKey::generate().unwrap();
        let label = Label {
            key: key.id(),
            device: DeviceId::of(&device.public()),
            submission: SubmissionId::new(),
            kind: Kind::Suggestion,
            regarding: None,
            mailbox: None,
        };
        seal(key, label, b"content", &device).bytes
    }

    #[test]
    fn a_former_key_is_taken_for_its_time_and_opens_for_ever() {
        let office = Office::new();
        let first = office.public().sealing_key;
        let old = envelope(&first);
        office.replace(now()).unwrap();
        let public = office.public();
        assert_ne!(public.sealing_key, first);
        assert!(public.takes(&public.sealing_key.id(), now()));
        assert!(public.takes(&first.id(), now()));
        assert!(!public.takes(&first.id(), now() + GRACE));
        assert!(!public.takes(&[0; 16], now()));
        assert!(office.opens(&old) && office.opens(&envelope(&public.sealing_key)));

        office.replace(now() + GRACE).unwrap();
        let later = office.public();
        assert_eq!(later.former_sealing_keys.len(), 1, "the first one's time is over");
        assert!(office.opens(&old) && office.opens(&envelope(&public.sealing_key)));
    }

    #[test]
    fn a_replacement_that_was_cut_short_is_brought_to_its_end() {
        let office = Office::new();
        let first = office.public();
        let old = envelope(&first.sealing_key);
        let before = std::fs::read(office.path("hub.json")).unwrap();
        office.replace(now()).unwrap();
        let made = office.public().sealing_key;
        // The public halves had not been written.
        atomic::write(&office.path("hub.json"), &before).unwrap();
        assert!(office.opens(&old));
        office.replace(now()).unwrap();
        assert_eq!(office.public().sealing_key, made);
        assert_eq!(office.public().former_sealing_keys[0].key, first.sealing_key);
        assert!(office.opens(&old));
    }

    #[test]
    fn a_key_that_is_not_this_hubs_replaces_nothing() {
        let (office, other) = (Office::new(), Office::new());
        let private = other.path("sealing.key");
        let refused = replace(office.0.path(), &private, GRACE, &FixedClock(now()));
        assert!(
            matches!(refused, Err(IntakeKeyError::OtherSealingKey { .. })),
            "{refused:?}"
        );
        assert_eq!(office.public().former_sealing_keys, []);
    }
}
