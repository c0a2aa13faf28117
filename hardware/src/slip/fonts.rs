//! The faces that slips are set in.

use std::sync::{Mutex, PoisonError};

use fontdb::{Database, Family, ID, Query};
use swash::FontRef;

use super::glyphs::{Face, Glyphs, Known};

/// The family of all slips: the SC faces draw the forms that mainland readers expect.
const FAMILY: &str = "Noto Sans CJK SC";

/// Why slips cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The family is not installed in this weight.
    #[error("the font {FAMILY:?} ({weight}) is not installed (Debian: fonts-noto-cjk)")]
    Missing {
        /// `Regular` or `Bold`.
        weight: &'static str,
    },
    /// The file is there but cannot be read as a font.
    #[error("the font {FAMILY:?} ({weight}) cannot be read from {path}")]
    Unreadable {
        /// `Regular` or `Bold`.
        weight: &'static str,
        /// The font file.
        path: String,
    },
}

/// The weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// As running text.
    Regular,
    /// The words that decide.
    Bold,
}

/// The fonts of this machine, and the glyphs that slips have needed so far. Finding the fonts takes tens of
/// milliseconds: keep one for the process.
///
/// Font files are mapped while a slip is rendered and not held in memory between slips.
#[derive(Debug)]
pub struct Fonts {
    database: Database,
    regular: ID,
    bold: ID,
    known: Mutex<Known>,
}

impl Fonts {
    /// Finds the fonts installed on this machine.
    pub fn system() -> Result<Self, FontError> {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::from_database(database)
    }

    /// Takes the faces from `database`.
    pub fn from_database(database: Database) -> Result<Self, FontError> {
        let find = |name, weight| {
            let query = Query {
                families: &[Family::Name(FAMILY)],
                weight,
                ..Query::default()
            };
            let missing = FontError::Missing { weight: name };
            let id = database.query(&query).ok_or(missing)?;
            // A query is answered by the nearest weight when the exact one is not installed.
            match database.face(id) {
                Some(info) if info.weight == weight => Ok(id),
                _ => Err(FontError::Missing { weight: name }),
            }
        };
        let regular = find("Regular", fontdb::Weight::NORMAL)?;
        let bold = find("Bold", fontdb::Weight::BOLD)?;
        let fonts = Self {
            database,
            regular,
            bold,
            known: Mutex::default(),
        };
        fonts.with_glyphs(|_| ())?;
        Ok(fonts)
    }

    /// Maps both faces for as long as `set` takes.
    pub(crate) fn with_glyphs<T>(&self, set: impl FnOnce(&mut Glyphs<'_>) -> T) -> Result<T, FontError> {
        // A panic leaves whole glyphs behind.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.make_room();
        self.with_face(self.regular, |regular| {
            let regular = regular.ok_or_else(|| self.unreadable("Regular", self.regular))?;
            self.with_face(self.bold, |bold| {
                let bold = bold.ok_or_else(|| self.unreadable("Bold", self.bold))?;
                Ok(set(&mut Glyphs::new(self, regular, bold, &mut known)))
            })
        })
    }

    /// A face's file, mapped while it is used; `None` when it cannot be read.
    fn with_face<T>(&self, id: ID, use_face: impl FnOnce(Option<Face<'_>>) -> T) -> T {
        let mut use_face = Some(use_face);
        let mut use_once = |face: Option<Face<'_>>| use_face.take().map(|use_face| use_face(face));
        let used = self.database.with_face_data(id, |data, index| {
            use_once(FontRef::from_index(data, index as usize).map(Face::new))
        });
        used.flatten()
            .or_else(|| use_once(None))
            .expect("it is used either way")
    }

    fn unreadable(&self, weight: &'static str, id: ID) -> FontError {
        let path = self.database.face(id).map(|info| path_of(&info.source));
        FontError::Unreadable {
            weight,
            path: path.unwrap_or_default(),
        }
    }

    /// Asks every other installed face for the character, until one has an answer.
    pub(super) fn any_other<T>(&self, mut ask: impl FnMut(Face<'_>) -> Option<T>) -> Option<T> {
        self.database
            .faces()
            .filter(|info| info.style == fontdb::Style::Normal)
            .find_map(|info| self.with_face(info.id, |face| ask(face?)))
    }
}

fn path_of(source: &fontdb::Source) -> String {
    match source {
        fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => path.display().to_string(),
        fontdb::Source::Binary(_) => "memory".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_the_fonts_gets_a_typed_error() {
        let error = Fonts::from_database(Database::new()).unwrap_err();
        assert!(
            matches!(error, FontError::Missing { weight: "Regular" }),
            "{error}"
        );
    }

    #[test]
    fn a_font_that_goes_away_between_two_slips_is_an_error_and_not_a_slip_of_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let installed = Fonts::system().unwrap();
        let mut database = Database::new();
        for id in [installed.regular, installed.bold] {
            let path = std::path::PathBuf::from(path_of(&installed.database.face(id).unwrap().source));
            let copy = folder.path().join(path.file_name().unwrap());
            std::fs::copy(&path, &copy).unwrap();
            database.load_font_file(&copy).unwrap();
        }
        let fonts = Fonts::from_database(database).unwrap();
        drop(folder);
        let error = fonts.with_glyphs(|_| ()).unwrap_err();
        assert!(
            matches!(error, FontError::Unreadable { weight: "Regular", ref path } if path.contains("Noto")),
            "{error}"
        );
    }
}
