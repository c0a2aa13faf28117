//! How a terminal pulls.

use std::num::NonZeroUsize;
use std::time::Duration;

use terminal_api::config::{self, Hours};

use super::Pace;
use crate::agent_db::Memory;

/// How a terminal pulls.
#[derive(Debug, Clone)]
pub struct Options {
    /// The id whose hash decides when a staged release is for this terminal; `None`: the id that the agent made up.
    pub ring_id: Option<String>,
    /// The limit on all downloads together.
    pub pace: Pace,
    /// When pictures and PDFs may be fetched; `None` at any time. Records come at any time.
    pub hours: Option<Hours>,
    /// How many pictures and PDFs are fetched at the same time.
    pub parallel: NonZeroUsize,
    /// How many bytes of the disk stay free.
    pub keep_free: u64,
    /// For how long slow answers are waited for.
    pub patience: Patience,
    /// How long the screen may take to draw a new generation before it counts as bad.
    pub frame: Duration,
    /// Where it is kept what must be remembered of releases.
    pub memory: Memory,
}

/// For how long slow answers are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// All metadata together.
    pub metadata: Duration,
    /// A file, besides what its length allows for.
    pub file: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            metadata: Duration::from_mins(2),
            file: Duration::from_mins(1),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new(&config::Download::default())
    }
}

impl Options {
    /// The options that a configuration asks for.
    #[must_use]
    pub fn new(download: &config::Download) -> Self {
        Self {
            ring_id: None,
            pace: download
                .bytes_per_second()
                .map_or_else(Pace::default, Pace::limited),
            hours: download.hours,
            parallel: download.parallel,
            keep_free: u64::from(download.keep_free_mib) << 20,
            patience: Patience::default(),
            frame: Duration::from_secs(download.frame_seconds.into()),
            memory: Memory::OnDisk,
        }
    }
}
