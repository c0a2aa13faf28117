//! What residents fill in. Wiped from memory when dropped; the `Debug` forms say nothing.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};
use zlink::introspect::CustomType;

/// 依申请公开: the fields of article 29 of 《政府信息公开条例》.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct DisclosureApplication {
    /// Who applies.
    pub applicant: Applicant,
    /// The body that is to disclose, where the applicant names one.
    pub body: Option<String>,
    /// 所需信息: name, document number, or another feature by which it can be found.
    pub wanted: String,
    /// 用途; never mandatory.
    pub purpose: Option<String>,
    /// 提供形式.
    #[zeroize(skip)]
    pub medium: DeliveryMedium,
    /// 获取方式.
    #[zeroize(skip)]
    pub way: DeliveryWay,
}

/// Who applies.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct Applicant {
    /// A citizen or an organisation.
    #[zeroize(skip)]
    pub kind: ApplicantKind,
    /// 姓名 or 名称.
    pub name: String,
    /// Of a citizen: 工作单位.
    pub employer: Option<String>,
    /// Of a citizen: 证件名称.
    #[zeroize(skip)]
    pub document: Option<IdentityDocument>,
    /// 证件号码, or 统一社会信用代码.
    pub number: String,
    /// Of an organisation: 法定代表人.
    pub representative: Option<String>,
    /// Of an organisation: 联系人.
    pub contact: Option<String>,
    /// 联系电话.
    pub phone: String,
    /// 联系地址.
    pub address: String,
    /// 邮政编码.
    pub postcode: Option<String>,
    /// 电子邮箱.
    pub email: Option<String>,
}

/// A sort of applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// 公民.
    Citizen,
    /// 法人或者其他组织.
    Organisation,
}

/// What a citizen proves his or her identity with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum IdentityDocument {
    /// 居民身份证.
    ResidentCard,
    /// 港澳台居民居住证.
    ResidencePermit,
    /// 外国人永久居留身份证.
    ForeignPermanentResident,
    /// 护照.
    Passport,
    /// Another.
    Other,
}

/// 提供形式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum DeliveryMedium {
    /// 纸面.
    Paper,
    /// 电子文档.
    Electronic,
    /// Either.
    Any,
}

/// 获取方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum DeliveryWay {
    /// 邮寄.
    Post,
    /// 电子邮件.
    Email,
    /// 自行领取.
    PickUp,
    /// 当场查阅.
    Inspect,
}

/// 意见建议与投诉.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct Suggestion {
    /// What sort.
    #[zeroize(skip)]
    pub sort: SuggestionKind,
    /// What the resident says.
    pub text: String,
    /// The id of the record that it is about, where it is about one.
    pub record: Option<String>,
    /// The resident's name, where given.
    pub name: Option<String>,
    /// A telephone number to answer to, where given.
    pub phone: Option<String>,
}

/// What sort of suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// 意见建议.
    Proposal,
    /// 投诉.
    Complaint,
    /// 政策咨询.
    Question,
}

/// 数据纠错.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct Correction {
    /// The id of the record.
    pub record: String,
    /// The generation of the content that showed it.
    pub generation: u64,
    /// What is wrong, by the label on the page.
    pub field: Option<String>,
    /// What the resident says.
    pub text: String,
    /// A telephone number to answer to, where given.
    pub phone: Option<String>,
}

/// An anonymous rating.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct Rating {
    /// The grade.
    #[zeroize(skip)]
    pub grade: Grade,
    /// The id of the record that it is about; the terminal where absent.
    pub record: Option<String>,
    /// What the resident adds.
    pub text: Option<String>,
}

/// The five grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum Grade {
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意.
    FairlySatisfied,
    /// 不满意.
    Dissatisfied,
    /// 非常不满意.
    VeryDissatisfied,
}

/// `Debug` that tells a type's name and nothing of the resident.
macro_rules! masked {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
masked!(DisclosureApplication, Applicant, Suggestion, Correction, Rating);
