//! Laws, regulations and policy documents in full text.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Attachment, Link, Provenance, RecordId, Validity};

/// A document in full text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// `law-`, `sc-` … and a number.
    pub id: RecordId,
    /// The official title.
    pub title: String,
    /// The usual short title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_title: Option<String>,
    /// The English title from the glossary; for reference only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// What sort of document it is.
    pub doc_type: DocumentType,
    /// 文号, the latest. Statutes of the People's Congress have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_no: Option<String>,
    /// All numbers it was issued and revised under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doc_nos: Vec<String>,
    /// 索引号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_no: Option<String>,
    /// 发布机构.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// 发布日期, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The date of this version of the text, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_date: Option<String>,
    /// Passed, issued, revised: one line each, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<String>,
    /// Whether it is in force.
    pub validity: Validity,
    /// Headings in reading order; each names its first block.
    pub outline: Vec<Heading>,
    /// The text in reading order.
    pub blocks: Vec<Block>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Interpretations, guides and entries that rest on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Pictures and PDFs that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// What sort of document a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentType {
    /// 法律.
    Law,
    /// 行政法规.
    Regulation,
    /// 部门规章.
    Rule,
    /// 国务院及国务院办公厅文件.
    StateCouncil,
    /// 规范性文件.
    Normative,
}

/// A heading: 编, 章, 节 or a numbered heading of a policy document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 for the outermost.
    pub level: u8,
    /// The number as worded, such as 第二章; empty when there is none.
    pub label: String,
    /// The words after the number.
    pub title: String,
    /// Index into [`Document::blocks`] of the first block under the heading.
    pub block: usize,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Block {
    /// An article of law.
    Article {
        /// Its number.
        number: ArticleNumber,
        /// Its paragraphs and items; the first without the number.
        paragraphs: Vec<String>,
    },
    /// A paragraph outside any article.
    Paragraph {
        /// The text.
        text: String,
    },
}

/// The number of an article: 第二十九条, or 第一百二十条之一 where one was inserted.
///
/// Its text form is the law's own wording, in Chinese numerals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArticleNumber {
    /// The main number.
    pub number: u16,
    /// 之一, 之二 …; 0 for none.
    pub inserted: u16,
}

/// A text that is not an [`ArticleNumber`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an article number such as 第二十九条")]
pub struct InvalidArticleNumber(pub String);

impl ArticleNumber {
    /// The article number at the start of `text`, with what follows it.
    #[must_use]
    pub fn parse_prefix(text: &str) -> Option<(Self, &str)> {
        let (number, rest) = parse_numeral(text.strip_prefix('第')?)?;
        let rest = rest.strip_prefix('条')?;
        match rest.strip_prefix('之').and_then(parse_numeral) {
            Some((inserted, rest)) => Some((Self { number, inserted }, rest)),
            None => Some((Self { number, inserted: 0 }, rest)),
        }
    }
}

impl TryFrom<String> for ArticleNumber {
    type Error = InvalidArticleNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match Self::parse_prefix(&text) {
            Some((number, "")) => Ok(number),
            _ => Err(InvalidArticleNumber(text)),
        }
    }
}

impl From<ArticleNumber> for String {
    fn from(number: ArticleNumber) -> Self {
        number.to_string()
    }
}

impl fmt::Display for ArticleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}条", numeral(self.number))?;
        if self.inserted > 0 {
            write!(f, "之{}", numeral(self.inserted))
        } else {
            Ok(())
        }
    }
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Reads a Chinese numeral (or plain digits) below 10,000 from the start of `text`.
pub(super) fn parse_numeral(text: &str) -> Option<(u16, &str)> {
    let (mut total, mut pending, mut end) = (0_u16, None::<u16>, 0);
    for (at, character) in text.char_indices() {
        let unit = match character {
            '十' => Some(10),
            '百' => Some(100),
            '千' => Some(1000),
            _ => None,
        };
        if let Some(unit) = unit {
            total = total.checked_add(pending.take().unwrap_or(1).checked_mul(unit)?)?;
        } else if let Some(digit) = DIGITS.iter().position(|&d| d == character) {
            pending = Some(digit as u16);
        } else if let Some(digit) = character.to_digit(10) {
            pending = Some(pending.unwrap_or(0).checked_mul(10)?.checked_add(digit as u16)?);
        } else {
            break;
        }
        end = at + character.len_utf8();
    }
    (end > 0).then(|| (total.saturating_add(pending.unwrap_or(0)), &text[end..]))
}

/// Writes a number below 10,000 as laws do: 十, 二十九, 一百零四, 一千二百六十.
fn numeral(number: u16) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        if !(unit == 10 && digit == 1 && number < 20) {
            text.push(DIGITS[usize::from(digit)]);
        }
        text.push_str(name);
    }
    if text.is_empty() { "零".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_number_reads_back_from_its_own_words() {
        for number in 1..2000 {
            for inserted in [0, 1, 12] {
                let article = ArticleNumber { number, inserted };
                assert_eq!(ArticleNumber::try_from(article.to_string()), Ok(article));
            }
        }
    }

    #[test]
    fn numbers_are_worded_as_in_statutes() {
        let worded = |number| ArticleNumber { number, inserted: 0 }.to_string();
        assert_eq!(worded(10), "第十条");
        assert_eq!(worded(29), "第二十九条");
        assert_eq!(worded(104), "第一百零四条");
        assert_eq!(worded(110), "第一百一十条");
        assert_eq!(worded(1260), "第一千二百六十条");
    }

    #[test]
    fn text_behind_the_number_is_returned() {
        let (number, rest) = ArticleNumber::parse_prefix("第九条 申领居住证").unwrap();
        assert_eq!((number.number, rest), (9, " 申领居住证"));
        assert!(ArticleNumber::parse_prefix("第条").is_none());
        assert!(ArticleNumber::parse_prefix("条例").is_none());
    }
}
