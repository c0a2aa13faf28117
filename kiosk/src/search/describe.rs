//! What a row says about a record besides its title.

use catalog::record::{DocumentType, Record};

/// The facts of a record for its row, in the words of the source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Described {
    /// The English title, where the glossary has one.
    pub title_en: Option<String>,
    /// The body that answers for it.
    pub publisher: Option<String>,
    /// Of a document, what sort it is.
    pub doc_type: Option<DocumentType>,
    /// Of a document, its number.
    pub number: Option<String>,
    /// Of a document, the date of its text, `YYYY-MM-DD`.
    pub version: Option<String>,
}

impl Described {
    /// What a row needs of `record`.
    #[must_use]
    pub fn new(record: &Record) -> Self {
        let mut described = Self {
            publisher: record
                .publisher()
                .map(str::to_owned)
                .filter(|name| !name.is_empty()),
            ..Self::default()
        };
        match record {
            Record::Document(document) => {
                described.title_en.clone_from(&document.title_en);
                described.doc_type = Some(document.doc_type);
                described.number.clone_from(&document.doc_no);
                described.version.clone_from(&document.version_date);
            }
            Record::Guide(guide) => described.title_en.clone_from(&guide.name_en),
            Record::Entry(entry) => described.title_en.clone_from(&entry.name_en),
            Record::Dataset(dataset) => described.title_en.clone_from(&dataset.title_en),
            _ => {}
        }
        described
    }
}
