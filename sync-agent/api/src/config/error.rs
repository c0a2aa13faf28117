//! What is wrong with a configuration file, and where.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file says something that is not allowed.
    #[error("{path}:{line}:{column}: {key}: {message}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// The key or table, such as `release.url`; `(file)` for the whole.
        key: String,
        /// What is wrong.
        message: String,
    },
}

/// Reads a `T` from TOML, and says where what does not fit stands.
pub(super) fn locate<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    let invalid = |key: String, error: &toml::de::Error| {
        let (line, column) = position(text, error.span());
        ConfigError::Invalid {
            path: path.to_owned(),
            line,
            column,
            key,
            message: error.message().to_owned(),
        }
    };
    let document = toml::Deserializer::parse(text).map_err(|error| invalid("(file)".to_owned(), &error))?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let mut key = error.path().to_string();
        if key == "." {
            "(file)".clone_into(&mut key);
        }
        invalid(key, error.inner())
    })
}

/// Line and column, from 1, of the start of `span`.
fn position(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let before = text.get(..span.map_or(0, |span| span.start)).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}
