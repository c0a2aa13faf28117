//! The picture at the head of every slip.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use hardware::slip::{Paper, Picture, PictureError};

/// The height of a logo at the most: 20 mm.
const HEIGHT: u32 = 160;

/// Left and right of a logo there is as much white as beside the text, in dots.
const MARGINS: u32 = 32;

/// Why a logo cannot be printed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogoError {
    /// The file cannot be opened.
    #[error("the logo {path} cannot be read: {source}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is not a picture that can be printed.
    #[error("the logo {path} cannot be used: {source}")]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: PictureError,
    },
}

/// Reads a PNG and makes it fit the head of a slip. Half-tones are dithered when the slip is rendered.
pub(crate) fn load(path: &Path, paper: Paper) -> Result<Picture, LogoError> {
    let file = File::open(path).map_err(|source| LogoError::Open {
        path: path.to_owned(),
        source,
    })?;
    let picture = Picture::from_png(BufReader::new(file)).map_err(|source| LogoError::Picture {
        path: path.to_owned(),
        source,
    })?;
    Ok(picture.fitting(paper.dots() - MARGINS, HEIGHT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hardware::slip::Bitmap;

    #[test]
    fn a_logo_fits_the_head_of_a_slip() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        Bitmap::new(1000, 1000)
            .write_png(File::create(&path).unwrap())
            .unwrap();
        for paper in [Paper::Mm58, Paper::Mm80] {
            let logo = load(&path, paper).unwrap();
            assert!(logo.height() <= HEIGHT, "{}", logo.height());
        }
    }

    #[test]
    fn an_error_names_the_file_and_what_is_wrong_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        let missing = load(&path, Paper::Mm80).unwrap_err();
        assert!(matches!(missing, LogoError::Open { .. }), "{missing}");
        catalog::atomic::write(&path, b"GIF89a").unwrap();
        let error = load(&path, Paper::Mm80).unwrap_err();
        assert!(matches!(error, LogoError::Picture { .. }), "{error}");
        assert!(error.to_string().contains("logo.png"), "{error}");
    }
}
