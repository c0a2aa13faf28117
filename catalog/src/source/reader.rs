//! Reads the files of a source folder and remembers what was wrong with them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::slices::{Broken, elements};
use super::{Origin, Problem, ProblemKind, SourceError};

/// An open source folder.
pub(super) struct Reader {
    root: PathBuf,
    problems: Vec<Problem>,
}

/// A value with the place it was read from.
#[derive(Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
}

impl Reader {
    pub(super) fn open(root: &Path) -> Result<Self, SourceError> {
        fs::read_dir(root).map_err(|source| SourceError::Unreadable {
            path: root.to_owned(),
            source,
        })?;
        let marks = ["catalog.json", "guides.json", "policies.json"];
        if !marks.iter().any(|mark| root.join(mark).exists()) {
            return Err(SourceError::NotASource {
                path: root.to_owned(),
            });
        }
        Ok(Self {
            root: root.to_owned(),
            problems: Vec::new(),
        })
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a problem of the record at `origin`.
    pub(super) fn problem(&mut self, origin: &Origin, record: Option<String>, kind: ProblemKind) {
        self.problems.push(Problem {
            file: origin.file.clone(),
            line: origin.line,
            path: None,
            record,
            kind,
        });
    }

    /// The text of a file that a record names.
    pub(super) fn text(&mut self, file: &str) -> Option<String> {
        let read = self.named(file).and_then(fs::read_to_string);
        match read {
            Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Err(error) => {
                self.file_problem(file, None, None, ProblemKind::Unreadable(error.to_string()));
                None
            }
        }
    }

    /// The content of a file that a record names, and its path.
    pub(super) fn bytes(&mut self, file: &str) -> Option<(PathBuf, Vec<u8>)> {
        let read = self.named(file).and_then(|path| Ok((fs::read(&path)?, path)));
        match read {
            Ok((content, path)) => Some((path, content)),
            Err(error) => {
                self.file_problem(file, None, None, ProblemKind::Unreadable(error.to_string()));
                None
            }
        }
    }

    /// The path of a file that a record names.
    fn named(&self, file: &str) -> io::Result<PathBuf> {
        let inside = Path::new(file)
            .components()
            .all(|component| matches!(component, std::path::Component::Normal(_)));
        if inside {
            Ok(self.root.join(file))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a file of the source folder is named by a relative path without `..`",
            ))
        }
    }

    /// The text of a file that may be missing.
    fn optional_text(&mut self, file: &str) -> Option<String> {
        self.root.join(file).exists().then(|| self.text(file)).flatten()
    }

    /// The names of the files in the folder itself, sorted.
    pub(super) fn file_names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.root)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// The elements of a JSON array: the whole file, or the value of `key` in it. A broken element is a
    /// problem and left out.
    pub(super) fn list<T: DeserializeOwned>(&mut self, file: &str, key: Option<&str>) -> Vec<Located<T>> {
        let Some(text) = self.optional_text(file) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        let mut lines = Lines::new(&text);
        let (elements, broken) = elements(&text, key);
        for (index, element) in elements.into_iter().enumerate() {
            let line = lines.at(element);
            match from_str(element) {
                Ok(value) => values.push(Located {
                    value,
                    origin: Origin {
                        file: file.to_owned(),
                        line: Some(line),
                    },
                }),
                Err(error) => self.problems.push(Problem {
                    file: file.to_owned(),
                    line: Some(line + error.inner().line().saturating_sub(1)),
                    path: Some(format!("{}[{index}]{}", key.unwrap_or(""), dotted(error.path()))),
                    record: id_of(element),
                    kind: ProblemKind::Malformed(message(error.inner())),
                }),
            }
        }
        if let Some(Broken { rest, line, message }) = broken {
            let line = lines.at(rest) + line.saturating_sub(1);
            self.file_problem(file, Some(line), key, ProblemKind::Malformed(message));
        }
        values
    }

    /// The readable elements of a JSON array that another reader reports on.
    pub(super) fn list_quietly<T: DeserializeOwned>(&self, file: &str) -> Vec<T> {
        let text = fs::read_to_string(self.root.join(file)).unwrap_or_default();
        elements(&text, None)
            .0
            .into_iter()
            .filter_map(|element| serde_json::from_str(element).ok())
            .collect()
    }

    /// A JSON file that holds one value.
    pub(super) fn object<T: DeserializeOwned>(&mut self, file: &str) -> Option<Located<T>> {
        let text = self.optional_text(file)?;
        match from_str(&text) {
            Ok(value) => Some(Located {
                value,
                origin: Origin {
                    file: file.to_owned(),
                    line: None,
                },
            }),
            Err(error) => {
                self.problems.push(Problem {
                    file: file.to_owned(),
                    line: Some(error.inner().line()),
                    path: Some(error.path().to_string()).filter(|path| path != "."),
                    record: id_of(&text),
                    kind: ProblemKind::Malformed(message(error.inner())),
                });
                None
            }
        }
    }

    /// The rows of a CSV file as typed values; a broken row is a problem and left out.
    pub(super) fn table<T: DeserializeOwned>(&mut self, file: &str) -> Vec<Located<T>> {
        let Some(text) = self.optional_text(file) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        for row in csv::Reader::from_reader(text.as_bytes()).into_deserialize() {
            match row {
                Ok(value) => values.push(value),
                Err(error) => self.csv_problem(file, &error),
            }
        }
        // The header is line 1; no cell of these tables holds a line break.
        values
            .into_iter()
            .enumerate()
            .map(|(index, value)| Located {
                value,
                origin: Origin {
                    file: file.to_owned(),
                    line: Some(index + 2),
                },
            })
            .collect()
    }

    /// The header and the rows of a CSV file that a record names.
    pub(super) fn cells(&mut self, file: &str) -> Option<(Vec<String>, Vec<Vec<String>>)> {
        let text = self.text(file)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = match reader.headers() {
            Ok(header) => cells(header),
            Err(error) => {
                self.csv_problem(file, &error);
                return None;
            }
        };
        let mut rows = Vec::new();
        for row in reader.into_records() {
            match row {
                Ok(row) => rows.push(cells(&row)),
                Err(error) => self.csv_problem(file, &error),
            }
        }
        Some((header, rows))
    }

    fn csv_problem(&mut self, file: &str, error: &csv::Error) {
        let line = error.position().map(|position| position.line() as usize);
        self.file_problem(file, line, None, ProblemKind::Malformed(error.to_string()));
    }

    fn file_problem(&mut self, file: &str, line: Option<usize>, path: Option<&str>, kind: ProblemKind) {
        self.problems.push(Problem {
            file: file.to_owned(),
            line,
            path: path.map(str::to_owned),
            record: None,
            kind,
        });
    }
}

fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text))
}

/// serde_json's message without its own line and column, which count from the element's start.
pub(super) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// The path as it continues behind an index: `.a.b`, `[1]`, or nothing for the element itself.
fn dotted(path: &serde_path_to_error::Path) -> String {
    match path.to_string() {
        root if root == "." => String::new(),
        index if index.starts_with('[') => index,
        field => format!(".{field}"),
    }
}

/// The id in a record that could not be read otherwise.
fn id_of(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct WithId {
        id: String,
    }
    serde_json::from_str::<WithId>(text).ok().map(|record| record.id)
}

/// Line numbers of slices of a text, asked for in reading order.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
        }
    }

    /// The line on which `part`, a slice of the text, starts.
    fn at(&mut self, part: &str) -> usize {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        self.line += self.text[self.offset..start].matches('\n').count();
        self.offset = start;
        self.line
    }
}
