//! Where a release is read from: a web server or a folder.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use reqwest::header::{CONTENT_RANGE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE};
use reqwest::{Response, StatusCode};
use tokio::io::AsyncSeekExt as _;
use tough::{Transport, TransportError, TransportErrorKind, TransportStream};
use url::Url;

use super::folder::{below, chunks, open};

/// The only file whose name never changes.
const TIMESTAMP: &str = "metadata/timestamp.json";
/// The folder of what may be long.
const TARGETS: &str = "targets/";
/// For how long a cache that does not answer is left alone.
const AWAY: Duration = Duration::from_mins(5);

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
    /// The server does not give the part that was asked for.
    #[error("the server gives another part of the file than was asked for")]
    Range,
}

impl FetchError {
    /// Whether nobody was there, as opposed to somebody who said something unwanted.
    fn is_silence(&self) -> bool {
        matches!(self, Self::Http(_))
    }
}

/// The rest of a file.
pub(super) struct Part {
    /// Where it starts: where it was asked for, or at the beginning.
    pub(super) start: u64,
    /// The file's strong entity tag, if the server gives one.
    pub(super) tag: Option<String>,
    /// The bytes.
    pub(super) content: Chunks,
}

/// The content of a file, piece by piece.
pub(super) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, FetchError>> + Send + Sync>>;

/// The folder of a release, by `http`, `https` or `file`.
#[derive(Debug, Clone)]
pub struct Source {
    base: Url,
    way: Way,
    cache: Option<Cache>,
    tag: Arc<Mutex<Option<String>>>,
}

/// A cache in the same hall, which serves the release under an address of its own.
#[derive(Debug, Clone)]
struct Cache {
    base: Url,
    /// For files that another terminal of the hall may be fetching through it.
    client: reqwest::Client,
    /// When to ask it again after it did not answer.
    away_until: Arc<Mutex<Option<Instant>>>,
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
            cache: None,
            tag: Arc::default(),
        })
    }

    /// The same release, with a cache nearby that is asked first for all that never changes. Only `timestamp.json` comes
    /// from the release itself as long as that can be reached: a cache cannot hold a terminal back. `client` waits for as long
    /// as a cache may say nothing, as [`cache_client_at`](crate::http::cache_client_at) does.
    #[must_use]
    pub fn with_cache(mut self, mut cache: Url, client: reqwest::Client) -> Self {
        if !cache.path().ends_with('/') {
            cache.set_path(&format!("{}/", cache.path()));
        }
        self.cache = Some(Cache {
            base: cache,
            client,
            away_until: Arc::default(),
        });
        self
    }

    /// The same release without its cache; `None` where it has none.
    pub(super) fn direct(&self) -> Option<Self> {
        self.cache.is_some().then(|| Self {
            cache: None,
            ..self.clone()
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

    /// Asks whether `timestamp.json` is another than the one with this tag. Where the release itself is silent and there is a
    /// cache, it may be: the tag is forgotten, and only the cache's own answer says.
    pub(super) async fn changed_since(&self, tag: &str) -> Result<bool, FetchError> {
        let Way::Http(client) = &self.way else {
            return Ok(true);
        };
        let request = client.get(self.address(TIMESTAMP)).header(IF_NONE_MATCH, tag);
        match request.send().await {
            Ok(answer) => Ok(answer.status() != StatusCode::NOT_MODIFIED),
            Err(error) if self.cache.is_some() => {
                tracing::debug!(%error, "asking the cache nearby what is newest");
                *self.tag.lock().unwrap_or_else(PoisonError::into_inner) = None;
                Ok(true)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn open(&self, url: &Url) -> Result<TransportStream, FetchError> {
        let Part { content, .. } = self.part(url, 0, None).await?;
        let url = url.clone();
        Ok(Box::pin(content.map(move |chunk| {
            chunk.map_err(|error| transport_error(&url, error))
        })))
    }

    /// The file at `url` from byte `from` on, if it is still the one with this entity tag, else from its beginning.
    pub(super) async fn part(&self, url: &Url, from: u64, tag: Option<&str>) -> Result<Part, FetchError> {
        match &self.way {
            Way::Http(client) => self.http_part(client, url, from, tag).await,
            Way::Folder(folder) => {
                let path = below(folder, &self.base, url).ok_or(FetchError::Outside)?;
                let file = match tokio::task::spawn_blocking(move || open(&path)).await {
                    Ok(opened) => opened,
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                };
                let file = file.map_err(|error| match error.kind() {
                    // Without the folder itself the stick is not plugged in.
                    io::ErrorKind::NotFound if folder.is_dir() => FetchError::NotFound,
                    _ => error.into(),
                })?;
                let mut file = tokio::fs::File::from_std(file);
                file.seek(io::SeekFrom::Start(from)).await?;
                Ok(Part {
                    start: from,
                    tag: None,
                    content: Box::pin(chunks(file).map(|chunk| chunk.map_err(FetchError::from))),
                })
            }
        }
    }

    /// Asks the cache and the release, in the order that suits the file.
    async fn http_part(
        &self,
        client: &reqwest::Client,
        url: &Url,
        from: u64,
        tag: Option<&str>,
    ) -> Result<Part, FetchError> {
        let Some((cache, nearby)) = self
            .cache
            .as_ref()
            .and_then(|cache| cache.address(&self.base, url))
        else {
            return self.ask(client, url, from, tag).await;
        };
        if *url == self.address(TIMESTAMP) {
            return match self.ask(client, url, from, tag).await {
                Err(error) if error.is_silence() => {
                    self.ask(client, &nearby, from, tag).await.map_err(|_| error)
                }
                answer => answer,
            };
        }
        let patient = cache.client_for(&nearby, client);
        match self.ask(patient, &nearby, from, tag).await {
            Ok(part) => Ok(part),
            Err(error) => {
                if error.is_silence() {
                    tracing::warn!(%error, cache = %cache.base, "the cache nearby does not answer");
                    cache.leave_alone();
                }
                match (self.ask(client, url, from, tag).await, error) {
                    // With the release itself out of reach, "there is none" is what is known.
                    (Err(silence), FetchError::NotFound) if silence.is_silence() => Err(FetchError::NotFound),
                    (answer, _) => answer,
                }
            }
        }
    }

    async fn ask(
        &self,
        client: &reqwest::Client,
        url: &Url,
        from: u64,
        tag: Option<&str>,
    ) -> Result<Part, FetchError> {
        let mut request = client.get(url.clone());
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
            if let Some(tag) = tag {
                request = request.header(IF_RANGE, tag);
            }
        }
        let response = request.send().await?;
        let start = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if from > 0 && starts_at(&response, from) => from,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => return Err(FetchError::Range),
            // An object store says "forbidden" for what is not there.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => {
                return Err(FetchError::NotFound);
            }
            status => return Err(FetchError::Status(status)),
        };
        self.remember_tag(url, &response);
        let tag = entity_tag(&response).filter(|tag| !tag.starts_with("W/"));
        let body = response.bytes_stream();
        Ok(Part {
            start,
            tag,
            content: Box::pin(body.map(|chunk| chunk.map_err(FetchError::from))),
        })
    }

    fn remember_tag(&self, url: &Url, response: &Response) {
        if *url == self.address(TIMESTAMP) {
            *self.tag.lock().unwrap_or_else(PoisonError::into_inner) = entity_tag(response);
        }
    }
}

impl Cache {
    /// Where the cache has the file at `url` of the release at `base`; `None` while the cache is left alone.
    fn address(&self, base: &Url, url: &Url) -> Option<(&Self, Url)> {
        let away = self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        if away.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let relative = base.make_relative(url)?;
        Some((self, self.base.join(&relative).ok()?))
    }

    /// What to ask for a file with. Metadata is short and comes first: that no answer comes to it tells a cache that hangs from
    /// one that is about to have a long file.
    fn client_for<'a>(&'a self, nearby: &Url, usual: &'a reqwest::Client) -> &'a reqwest::Client {
        let relative = self.base.make_relative(nearby);
        if relative.is_some_and(|path| path.starts_with(TARGETS)) {
            &self.client
        } else {
            usual
        }
    }

    fn leave_alone(&self) {
        let mut away = self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        *away = Some(Instant::now() + AWAY);
    }
}

fn entity_tag(response: &Response) -> Option<String> {
    let tag = response.headers().get(ETAG)?;
    tag.to_str().ok().map(str::to_owned)
}

/// Whether the answer is the part of the file from byte `from` on.
fn starts_at(response: &Response, from: u64) -> bool {
    response
        .headers()
        .get(CONTENT_RANGE)
        .and_then(|range| range.to_str().ok()?.strip_prefix("bytes ")?.split_once('-'))
        .is_some_and(|(start, _)| start.parse() == Ok(from))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_schemes_are_no_source() {
        let client = crate::http::client().unwrap();
        assert!(Source::new(Url::parse("ftp://example.org/").unwrap(), client).is_none());
    }
}
