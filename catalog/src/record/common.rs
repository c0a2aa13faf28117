//! What records of several kinds share.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ArticleNumber, Kind};

/// The stable id of a record: 1 to 64 of `a-z 0-9 -`, so that it can stand in a file name and a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(String);

/// A text that cannot be a [`RecordId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a record id: 1 to 64 lower-case letters, digits and hyphens")]
pub struct InvalidRecordId(pub String);

impl RecordId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RecordId {
    type Error = InvalidRecordId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidRecordId(text))
        }
    }
}

impl TryFrom<&str> for RecordId {
    type Error = InvalidRecordId;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.to_owned().try_into()
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        id.0
    }
}

impl AsRef<str> for RecordId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name in Chinese and, where published, in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// How faithful a record is to its source; the marks are explained in the content's PROVENANCE.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProvenanceMark {
    /// Transcribed from an excerpt of a government page.
    PageExcerpt,
    /// Transcribed from an excerpt of a mirror of a government page.
    PageExcerptMirror,
    /// Transcribed from an excerpt of a reprint on another site.
    PageExcerptReprint,
    /// Taken verbatim from a text file of a public repository.
    RepoVerbatim,
    /// Text of a page kept in a public repository, tags removed.
    RepoTextFromHtml,
    /// Arranged from the articles of a law that are quoted beside it.
    LawDerived,
    /// Fields that follow from an article of a law.
    FieldsFromLaw,
    /// Verbatim from the founding document.
    FoundingVerbatim,
    /// Compiled by the editors.
    Curated,
    /// Generated from other records of the set.
    Generated,
}

/// Where a record was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// How faithful the record is to the source.
    pub mark: ProvenanceMark,
    /// The source itself; `None` for what the editors compiled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Whether the source text broke off before its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// A public page, document or repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What the source calls itself: a page title, a document with its number, a repository.
    pub title: String,
    /// Its public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The place whose government published it, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// The date that the source carries, `YYYY-MM-DD` or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// For whom a record is meant, in the few words by which lists can be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Addressee {
    /// A person (自然人).
    Person,
    /// A business or another organisation (法人, 个体工商户, 其他组织).
    Organisation,
    /// The public (全社会).
    Public,
    /// A certain group (特定群体).
    Group,
}

impl Addressee {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Self; 4] = [Self::Person, Self::Organisation, Self::Public, Self::Group];

    /// The name in files and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Public => "public",
            Self::Group => "group",
        }
    }

    /// Whom one of the words for the 适用对象 of a guide means; `None` for a word that is not known.
    #[must_use]
    pub fn from_target(word: &str) -> Option<Self> {
        match word {
            "自然人" | "个人" => Some(Self::Person),
            "法人" | "企业法人" | "个体工商户" | "其他组织" | "非法人组织" | "企业" => {
                Some(Self::Organisation)
            }
            _ => None,
        }
    }
}

/// Whether a text is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValidityState {
    /// The newest text at [`Validity::as_of`].
    InForce,
    /// A later revision of this very text exists.
    Superseded,
    /// A text it rests on was revised; what it says must be checked against the current one.
    BasisSuperseded,
    /// The text was repealed.
    Repealed,
    /// The source does not say.
    #[default]
    Unknown,
}

/// Whether and as of when a text is in force.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validity {
    /// The state.
    pub state: ValidityState,
    /// The day up to which the state is known, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// What the editors say about it, for residents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How a record is related to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The other is a legal basis of this.
    Basis,
    /// The other rests on this.
    BasisOf,
    /// The other explains this.
    InterpretedBy,
    /// The other is explained by this.
    Interprets,
    /// The other is a guide of the same area.
    Guide,
    /// The other is a catalogue entry of the same area.
    Entry,
    /// The other is a data set of the same area.
    Dataset,
    /// The other is the text that this one is annexed to.
    AnnexOf,
    /// The other is annexed to this.
    Annex,
}

/// A resolved reference: the target exists in the same release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// How the two are related, seen from the record that holds the link.
    pub relation: Relation,
    /// The other record.
    pub id: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// Its title, so that a list needs no second look-up.
    pub title: String,
    /// The articles that are meant, when only some are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<ArticleNumber>,
}

/// A document cited by name, with its full text where the release holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The name between the book-title marks.
    pub cited: String,
    /// The record of the full text; `None` shows as 全文未收录.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<RecordId>,
    /// The document's number, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_no: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_fit_for_file_names_and_urls() {
        assert!(RecordId::try_from("cat-ghgl-001").is_ok());
        for bad in ["", "..", "a/b", "a b", "Ä", &"x".repeat(65)] {
            assert!(RecordId::try_from(bad).is_err(), "{bad:?}");
        }
    }
}
