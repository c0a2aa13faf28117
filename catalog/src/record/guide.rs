//! 办事指南: how a matter is handled.

use serde::{Deserialize, Serialize};

use super::{ArticleNumber, Attachment, Link, Provenance, RecordId, Validity};

/// A service guide. The page is built from the structured part; [`sections`](Self::sections) hold the
/// articles of law behind each statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// `guide-` and a number.
    pub id: RecordId,
    /// 事项名称.
    pub name: String,
    /// The English name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// The area's record.
    pub area: RecordId,
    /// 实施主体.
    pub agency: String,
    /// 适用对象: 自然人, 法人 …
    pub target: Vec<String>,
    /// What residents call it.
    pub aliases: Vec<String>,
    /// One sentence: who may do what.
    pub summary: String,
    /// Who may apply.
    pub who: Vec<Condition>,
    /// What to bring.
    pub materials: Vec<Material>,
    /// How it goes.
    pub steps: Vec<Step>,
    /// All limits in the articles, on either side.
    pub limits: Vec<Limit>,
    /// The one statutory limit that the page shows first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory_limit: Option<PlainLimit>,
    /// What the office promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_limit: Option<PlainLimit>,
    /// What it costs.
    pub fee: Fee,
    /// At which body to apply, in the law's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub where_to_apply: Option<String>,
    /// Who may act for the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// 结果名称.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// How long the result is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_validity: Option<String>,
    /// When it is refused.
    pub refusal: Vec<Condition>,
    /// Cases that need other materials.
    pub situations: Vec<Situation>,
    /// What can be done against a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// 事项编码 (实施编码).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_code: Option<String>,
    /// The window's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_address: Option<String>,
    /// 办理时间.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_hours: Option<String>,
    /// 咨询电话.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_consult: Option<String>,
    /// 监督电话.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_supervise: Option<String>,
    /// Where the guide applies: the whole country, or the place that published it.
    pub region: String,
    /// The laws behind it.
    pub legal_basis: Vec<LegalBasis>,
    /// The text of the articles, by topic.
    pub sections: Vec<GuideSection>,
    /// Whether the texts it rests on are still in force.
    pub validity: Validity,
    /// What the editors say about this guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Full texts of its bases, entries of its area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Pictures and PDFs that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A sentence with the article it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The sentence.
    pub text: String,
    /// The article, such as 第七条.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNumber>,
}

/// Something to bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// What it is.
    pub name: String,
    /// What counts as such.
    pub details: Vec<String>,
    /// In which case it is needed; `None`: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The article that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNumber>,
}

/// A step of the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// A few words.
    pub title: String,
    /// What happens.
    pub text: String,
    /// How long it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<PlainLimit>,
    /// The article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNumber>,
}

/// A length of time as the law words it: a number and 日, 工作日, 月, 年 …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// How many.
    pub number: u32,
    /// Of what, in the source's words.
    pub unit: String,
}

/// A limit in words and, where it is a plain number, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainLimit {
    /// The words.
    pub text: String,
    /// The figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Duration>,
}

/// One limit among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Which limit, such as 发证时限.
    pub label: String,
    /// The limit.
    #[serde(flatten)]
    pub limit: PlainLimit,
    /// The article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNumber>,
    /// Whom it binds.
    pub binds: Binds,
}

/// Whom a limit binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binds {
    /// The applicant.
    Resident,
    /// The agency.
    Office,
    /// Somebody else, such as an employer.
    Other,
}

/// What a matter costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// The short answer.
    pub kind: FeeKind,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNumber>,
}

/// The short answer to "what does it cost".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeeKind {
    /// Nothing.
    Free,
    /// Something.
    Charged,
    /// Free in some cases.
    Mixed,
    /// The source does not say.
    Unknown,
}

/// A case with needs of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    /// The case, such as 未满16周岁.
    pub label: String,
    /// Indices into [`Guide::materials`].
    pub materials: Vec<usize>,
    /// What to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A law behind a guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalBasis {
    /// The full text.
    pub document: RecordId,
    /// Its title.
    pub title: String,
    /// The date of the version that was used.
    pub version: String,
    /// The articles that were used.
    pub articles: Vec<ArticleNumber>,
}

/// The text behind one topic of a guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideSection {
    /// The topic, such as 材料与办理期限.
    pub field: String,
    /// The article, when the text is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNumber>,
    /// The text, verbatim.
    pub text: String,
}
