//! A published release, copied to an object store: S3 and what speaks like it, or a folder.
//!
//! A release is static files, so copying is all there is to it, but for the order: what never changes
//! first, then signed metadata, then pages, then what a terminal looks at first, `metadata/timestamp.json`, last. Broken off in
//! the middle, the store still holds the release of before, whole. Each object carries how long it may be
//! kept and what it is, as `hub serve` would say.

mod plan;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Key;
use object_store::{
    Attribute, Attributes, ClientOptions, ObjectStore, ObjectStoreExt as _, ObjectStoreScheme,
    PutMultipartOptions, PutOptions, WriteMultipart,
};
use tokio::io::AsyncReadExt as _;
use url::Url;

use crate::serve;
use plan::{Held, Item, Place, Source, plan};

/// How many objects are copied at a time.
const AT_ONCE: usize = 8;
/// Larger objects go in parts of this many bytes: no more than two parts of each are in memory, and each has the whole of the
/// time that a request may take. S3 takes parts of 5 MiB at least, and 10,000 of them at most.
const PART: usize = 8 << 20;

/// Why a release was not copied.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is no release in the folder.
    #[error("{path} holds no release: publish first")]
    NoRelease {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The store refused.
    #[error("object store: {0}")]
    Store(#[from] object_store::Error),
}

impl UploadError {
    fn read(path: &Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}

/// What to do with objects of older releases that the folder no longer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftovers {
    /// Leave them where they are.
    Keep,
    /// Delete them, after everything else.
    Delete,
}

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// How many objects were written.
    pub written: usize,
    /// How many were there already.
    pub present: usize,
    /// How many were deleted.
    pub deleted: usize,
}

/// A place for a release.
#[derive(Debug)]
pub struct Destination {
    store: Box<dyn ObjectStore>,
    prefix: Key,
}

/// The folders of a release.
const FOLDERS: [&str; 3] = ["metadata", "targets", "i"];

impl Destination {
    /// The place at `url`: `s3://BUCKET/PREFIX` or `file:///FOLDER`. `settings` are the names and values of
    /// the environment that S3's own tools know, such as `AWS_ENDPOINT_URL` and `AWS_ACCESS_KEY_ID`.
    pub fn open(
        url: &Url,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, UploadError> {
        let (scheme, path) = ObjectStoreScheme::parse(url).map_err(object_store::Error::from)?;
        if scheme != ObjectStoreScheme::AmazonS3 {
            let (store, prefix) = object_store::parse_url_opts(url, Vec::<(String, String)>::new())?;
            return Ok(Self { store, prefix });
        }
        let settings = settings
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value)));
        let builder = settings.fold(
            object_store::aws::AmazonS3Builder::new(),
            |builder, (key, value)| builder.with_config(key, value),
        );
        // A store in the hall's own network often speaks plain HTTP; what it gets is signed content.
        let options = ClientOptions::new()
            .with_allow_http(true)
            .with_timeout(Duration::from_mins(5));
        let store = builder
            .with_client_options(options)
            .with_url(url.as_str())
            .build()?;
        Ok(Self {
            store: Box::new(store),
            prefix: path,
        })
    }

    /// Copies the release in `repository` here.
    pub async fn upload(&self, repository: &Path, leftovers: Leftovers) -> Result<Report, UploadError> {
        self.copy(&plan(repository)?, leftovers).await
    }

    async fn copy(&self, items: &[Item], leftovers: Leftovers) -> Result<Report, UploadError> {
        let held: Vec<Held> = self
            .store
            .list(Some(&self.prefix))
            .map_ok(|object| Held {
                written_at: object.last_modified.timestamp(),
                length: object.size,
                key: object.location,
            })
            .try_collect()
            .await?;
        let mut report = Report::default();
        for place in Place::IN_ORDER {
            let (present, missing): (Vec<&Item>, Vec<&Item>) = items
                .iter()
                .filter(|item| item.place == place)
                .partition(|item| item.is_among(&held, &self.key(item)));
            report.present += present.len();
            report.written += missing.len();
            stream::iter(missing)
                .map(|item| self.put(item))
                .buffer_unordered(AT_ONCE)
                .try_collect::<()>()
                .await?;
        }
        if leftovers == Leftovers::Delete {
            let kept: Vec<Key> = items.iter().map(|item| self.key(item)).collect();
            let gone = held.into_iter().map(|object| object.key);
            let gone: Vec<_> = gone
                .filter(|key| self.is_of_a_release(key) && !kept.contains(key))
                .map(Ok)
                .collect();
            report.deleted = gone.len();
            self.store
                .delete_stream(stream::iter(gone).boxed())
                .try_for_each(async |_| Ok(()))
                .await?;
        }
        Ok(report)
    }

    async fn put(&self, item: &Item) -> Result<(), UploadError> {
        let key = self.key(item);
        let path = format!("/{}", item.name);
        let attributes = Attributes::from_iter([
            (Attribute::CacheControl, serve::keep(&path)),
            (Attribute::ContentType, item.media_type()),
        ]);
        let bytes: Bytes = match &item.source {
            Source::Memory(bytes) => bytes.clone(),
            Source::File(file) if item.length > PART as u64 => {
                return self.put_parts(&key, file, attributes).await;
            }
            Source::File(file) => {
                let read = tokio::fs::read(file).await;
                read.map_err(|source| UploadError::read(file, source))?.into()
            }
        };
        let options = PutOptions {
            attributes,
            ..PutOptions::default()
        };
        match self.store.put_opts(&key, bytes.clone().into(), options).await {
            // A folder keeps no such attributes; the web server over it says them.
            Err(object_store::Error::NotImplemented { .. }) => {
                self.store.put(&key, bytes.into()).await?;
            }
            other => {
                other?;
            }
        }
        Ok(())
    }

    /// Copies a file in parts; the object is there when the last one is.
    async fn put_parts(&self, key: &Key, file: &Path, attributes: Attributes) -> Result<(), UploadError> {
        let options = PutMultipartOptions {
            attributes,
            ..PutMultipartOptions::default()
        };
        let upload = match self.store.put_multipart_opts(key, options).await {
            Err(object_store::Error::NotImplemented { .. }) => self.store.put_multipart(key).await?,
            other => other?,
        };
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        match write_parts(&mut upload, file).await {
            Ok(()) => Ok(upload.finish().await.map(drop)?),
            Err(error) => {
                // What it leaves there costs room, and is nothing of a release.
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%key, %error, "the parts of an object that was broken off are still there");
                }
                Err(error)
            }
        }
    }

    /// Whether only a release can have put an object here: whatever else lies beside it is somebody else's.
    fn is_of_a_release(&self, key: &Key) -> bool {
        let first = key.prefix_match(&self.prefix).and_then(|mut parts| parts.next());
        first.is_some_and(|part| FOLDERS.contains(&part.as_ref()))
    }

    fn key(&self, item: &Item) -> Key {
        self.prefix
            .parts()
            .chain(Key::from(item.name.as_str()).parts())
            .collect()
    }
}

async fn write_parts(upload: &mut WriteMultipart, file: &Path) -> Result<(), UploadError> {
    let failed = |source| UploadError::read(file, source);
    let mut open = tokio::fs::File::open(file).await.map_err(failed)?;
    loop {
        let mut part = Vec::with_capacity(PART);
        let mut rest = (&mut open).take(PART as u64);
        if rest.read_to_end(&mut part).await.map_err(failed)? == 0 {
            return Ok(());
        }
        upload.wait_for_capacity(1).await?;
        upload.put(part.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_published_while_a_release_is_copied_waits_for_the_next_copy() {
        let folder = tempfile::tempdir().unwrap();
        let (repository, store) = (folder.path().join("release"), folder.path().join("store"));
        let write = |name: &str, content: &str| {
            let path = repository.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            catalog::atomic::write(&path, content.as_bytes()).unwrap();
        };
        std::fs::create_dir(&store).unwrap();
        write("metadata/1.snapshot.json", "snapshot 1");
        write("metadata/timestamp.json", "timestamp 1");
        let destination = Destination::open(&Url::from_directory_path(&store).unwrap(), []).unwrap();
        let items = plan(&repository).unwrap();

        write("metadata/2.snapshot.json", "snapshot 2");
        write("metadata/timestamp.json", "timestamp 2, which names it");
        destination.copy(&items, Leftovers::Keep).await.unwrap();
        let newest = || std::fs::read_to_string(store.join("metadata/timestamp.json")).unwrap();
        assert_eq!(newest(), "timestamp 1");
        assert!(store.join("metadata/1.snapshot.json").exists());

        destination.upload(&repository, Leftovers::Keep).await.unwrap();
        assert_eq!(newest(), "timestamp 2, which names it");
        assert!(store.join("metadata/2.snapshot.json").exists());
    }
}
