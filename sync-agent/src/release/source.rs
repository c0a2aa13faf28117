//! Where a release is read from: a web server or a folder.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use reqwest::header::{ETAG, IF_NONE_MATCH};
use reqwest::{Response, StatusCode};
use tokio::io::AsyncReadExt as _;
use tough::{Transport, TransportError, TransportErrorKind, TransportStream};
use url::Url;

/// The only file whose name never changes.
const TIMESTAMP: &str = "metadata/timestamp.json";
/// How much of a file is read at once.
const CHUNK: usize = 64 * 1024;

/// Why a file could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// There is no such file.
    #[error("not found")]
    NotFound,
    /// The server answered with this instead.
    #[error("the server answers {0}")]
    Status(StatusCode),
    /// The server cannot be reached, or broke off.
    #[error("{}", whole_chain(.0))]
    Http(#[from] reqwest::Error),
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The address is not one below the release's folder.
    #[error("the address is outside of the release")]
    Outside,
}

/// The folder of a release, by `http`, `https` or `file`.
#[derive(Debug, Clone)]
pub struct Source {
    base: Url,
    way: Way,
    tag: Arc<Mutex<Option<String>>>,
}

#[derive(Debug, Clone)]
enum Way {
    Http(reqwest::Client),
    Folder(PathBuf),
}

impl Source {
    /// The release at `base`, a folder's URL with or without a slash at its end.
    ///
    /// `None` when the scheme is none of `http`, `https` and `file`.
    #[must_use]
    pub fn new(mut base: Url, client: reqwest::Client) -> Option<Self> {
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let way = match base.scheme() {
            "http" | "https" => Way::Http(client),
            "file" => Way::Folder(base.to_file_path().ok()?),
            _ => return None,
        };
        Some(Self {
            base,
            way,
            tag: Arc::default(),
        })
    }

    /// The release's folder.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The address of a file or folder of the release.
    pub(super) fn address(&self, relative: &str) -> Url {
        self.base
            .join(relative)
            .expect("names of a release are relative URLs")
    }

    /// The entity tag of the `timestamp.json` that was fetched last, if the server gives one.
    pub(super) fn tag(&self) -> Option<String> {
        self.tag.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks whether `timestamp.json` is another than the one with this tag.
    pub(super) async fn changed_since(&self, tag: &str) -> Result<bool, FetchError> {
        match &self.way {
            Way::Http(client) => {
                let request = client.get(self.address(TIMESTAMP)).header(IF_NONE_MATCH, tag);
                match request.send().await?.status() {
                    StatusCode::NOT_MODIFIED => Ok(false),
                    _ => Ok(true),
                }
            }
            Way::Folder(_) => Ok(true),
        }
    }

    async fn open(&self, url: &Url) -> Result<TransportStream, FetchError> {
        match &self.way {
            Way::Http(client) => {
                let response = client.get(url.clone()).send().await?;
                self.remember_tag(url, &response);
                match response.status() {
                    StatusCode::OK => {}
                    // An object store says "forbidden" for what is not there.
                    StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => {
                        return Err(FetchError::NotFound);
                    }
                    status => return Err(FetchError::Status(status)),
                }
                let url = url.clone();
                let body = response.bytes_stream();
                Ok(Box::pin(body.map(move |chunk| {
                    chunk.map_err(|error| transport_error(&url, error.into()))
                })))
            }
            Way::Folder(folder) => {
                let path = below(folder, &self.base, url).ok_or(FetchError::Outside)?;
                let file = tokio::fs::File::open(&path)
                    .await
                    .map_err(|error| match error.kind() {
                        // Without the folder itself the stick is not plugged in.
                        io::ErrorKind::NotFound if folder.is_dir() => FetchError::NotFound,
                        _ => error.into(),
                    })?;
                let url = url.clone();
                Ok(Box::pin(chunks(file).map(move |chunk| {
                    chunk.map_err(|error| transport_error(&url, error.into()))
                })))
            }
        }
    }

    fn remember_tag(&self, url: &Url, response: &Response) {
        if *url == self.address(TIMESTAMP) {
            let tag = response
                .headers()
                .get(ETAG)
                .and_then(|tag| tag.to_str().ok())
                .map(str::to_owned);
            *self.tag.lock().unwrap_or_else(PoisonError::into_inner) = tag;
        }
    }
}

/// Errors travel inside the stream: an error of `fetch` itself counts, for the next root, as "there is
/// none", and an attacker who breaks connections could keep a terminal on a revoked root.
#[async_trait]
impl Transport for Source {
    async fn fetch(&self, url: Url) -> Result<TransportStream, TransportError> {
        match self.open(&url).await {
            Ok(stream) => Ok(stream),
            Err(error) => {
                let error = transport_error(&url, error);
                Ok(Box::pin(stream::iter([Err(error)])))
            }
        }
    }
}

fn transport_error(url: &Url, error: FetchError) -> TransportError {
    let kind = match error {
        FetchError::NotFound => TransportErrorKind::FileNotFound,
        _ => TransportErrorKind::Other,
    };
    TransportError::new_with_cause(kind, url, error)
}

/// An error of reqwest says what happened only in its causes.
fn whole_chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The path of `url` below `folder`; `None` for anything but plain names of files and folders.
fn below(folder: &Path, base: &Url, url: &Url) -> Option<PathBuf> {
    let relative = url.path().strip_prefix(base.path())?;
    let plain = |name: &str| {
        !name.starts_with('.')
            && !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    relative.split('/').all(plain).then(|| folder.join(relative))
}

/// The content of an open file, piece by piece.
fn chunks(file: tokio::fs::File) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    stream::try_unfold(file, async |mut file| {
        let mut buffer = vec![0; CHUNK];
        let length = file.read(&mut buffer).await?;
        buffer.truncate(length);
        Ok((length > 0).then(|| (Bytes::from(buffer), file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_below_the_folder_are_read() {
        let base = Url::parse("file:///media/%E7%A8%BF/").unwrap();
        let folder = base.to_file_path().unwrap();
        let path = |text: &str| below(&folder, &base, &Url::parse(text).unwrap());
        assert_eq!(
            path("file:///media/%E7%A8%BF/metadata/1.root.json"),
            Some(folder.join("metadata/1.root.json"))
        );
        for bad in [
            "file:///etc/passwd",
            "file:///media/%E7%A8%BF/../../etc/passwd",
            "file:///media/%E7%A8%BF/..%2F..%2Fetc%2Fpasswd",
            "file:///media/%E7%A8%BF/.hidden",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }

    #[test]
    fn other_schemes_are_no_source() {
        let client = crate::http::client().unwrap();
        assert!(Source::new(Url::parse("ftp://example.org/").unwrap(), client).is_none());
    }
}
