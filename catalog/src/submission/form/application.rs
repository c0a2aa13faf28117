//! 政府信息公开申请, with the fields of article 29 of 《政府信息公开条例》 (2019).

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::judge::{LINE, TEXT, citizen_number, credit_code, email, filled, optional, phone};
use super::{InvalidForm, masked};

/// An application for disclosure.
///
/// Handing it in at a terminal is not the statutory receipt; that is the day on which the body confirms it
/// (article 31).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct DisclosureApplication {
    /// Who applies.
    pub applicant: Applicant,
    /// The body that is to disclose; where absent, the body that runs the terminal decides.
    pub body: Option<String>,
    /// 所需信息: name, document number, or another feature by which it can be found.
    pub wanted: String,
    /// 用途. No longer statutory since 2019: never asked for as a condition.
    pub purpose: Option<String>,
    /// 提供形式.
    #[zeroize(skip)]
    pub medium: DeliveryMedium,
    /// 获取方式.
    #[zeroize(skip)]
    pub way: DeliveryWay,
}

/// Who applies.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Applicant {
    /// 公民.
    Citizen(Citizen),
    /// 法人或者其他组织.
    Organisation(Organisation),
}

/// 公民.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Citizen {
    /// 姓名.
    pub name: String,
    /// 工作单位.
    pub employer: Option<String>,
    /// 证件名称.
    #[zeroize(skip)]
    pub document: IdentityDocument,
    /// 证件号码.
    pub number: String,
    /// 联系电话.
    pub phone: String,
    /// 联系地址.
    pub address: String,
    /// 邮政编码.
    pub postcode: Option<String>,
    /// 电子邮箱.
    pub email: Option<String>,
}

/// 法人或者其他组织.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Organisation {
    /// 名称.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 法定代表人.
    pub representative: String,
    /// 联系人.
    pub contact: String,
    /// 联系电话.
    pub phone: String,
    /// 联系地址.
    pub address: String,
    /// 邮政编码.
    pub postcode: Option<String>,
    /// 电子邮箱.
    pub email: Option<String>,
}

/// What a citizen proves his or her identity with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityDocument {
    /// 居民身份证; its number has a check digit.
    ResidentCard,
    /// 港澳台居民居住证; its number has the same check digit.
    ResidencePermit,
    /// 外国人永久居留身份证.
    ForeignPermanentResident,
    /// 护照.
    Passport,
    /// Another.
    Other,
}

/// 提供形式: in what form the information is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryMedium {
    /// 纸面.
    Paper,
    /// 电子文档.
    Electronic,
    /// Either.
    Any,
}

/// 获取方式: how it is to reach the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

masked!(DisclosureApplication, Applicant, Citizen, Organisation);

impl DisclosureApplication {
    pub(super) fn check(&self) -> Result<(), InvalidForm> {
        let reachable = match &self.applicant {
            Applicant::Citizen(citizen) => citizen.check()?,
            Applicant::Organisation(organisation) => organisation.check()?,
        };
        optional("body", self.body.as_deref(), LINE)?;
        filled("wanted", &self.wanted, TEXT)?;
        optional("purpose", self.purpose.as_deref(), TEXT)?;
        if self.way == DeliveryWay::Email && !reachable {
            return Err(InvalidForm::Missing("email"));
        }
        Ok(())
    }
}

impl Citizen {
    /// Whether the citizen is reachable by electronic mail.
    fn check(&self) -> Result<bool, InvalidForm> {
        filled("name", &self.name, LINE)?;
        optional("employer", self.employer.as_deref(), LINE)?;
        match self.document {
            IdentityDocument::ResidentCard | IdentityDocument::ResidencePermit => {
                citizen_number(&self.number)?;
            }
            _ => filled("identity_number", &self.number, LINE)?,
        }
        contact(
            &self.phone,
            &self.address,
            self.postcode.as_deref(),
            self.email.as_deref(),
        )
    }
}

impl Organisation {
    fn check(&self) -> Result<bool, InvalidForm> {
        filled("name", &self.name, LINE)?;
        credit_code(&self.credit_code)?;
        filled("representative", &self.representative, LINE)?;
        filled("contact", &self.contact, LINE)?;
        contact(
            &self.phone,
            &self.address,
            self.postcode.as_deref(),
            self.email.as_deref(),
        )
    }
}

fn contact(
    number: &str,
    address: &str,
    postcode: Option<&str>,
    mail: Option<&str>,
) -> Result<bool, InvalidForm> {
    phone(number)?;
    filled("address", address, LINE)?;
    let is_postcode = |code: &str| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if postcode.is_some_and(|code| !is_postcode(code)) {
        return Err(InvalidForm::Wrong("postcode"));
    }
    mail.map_or(Ok(()), email)?;
    Ok(mail.is_some())
}
