//! Codes of services and of the bodies that provide them.

use super::{Remark, Rule};
use crate::record::Record;

/// 统一社会信用代码 (GB 32100): 17 characters and a check digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditCode(String);

/// Why a text is no credit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCreditCode {
    /// It does not have 18 characters.
    #[error("{0:?} does not have 18 characters")]
    Length(String),
    /// It has a character that these codes do not use.
    #[error("{0:?} has a character outside 0-9 A-Z without I O S V Z")]
    Character(String),
    /// The last character does not check the others.
    #[error("the check digit of {code:?} should be {expected}")]
    CheckDigit {
        /// The code.
        code: String,
        /// The right last character.
        expected: char,
    },
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl TryFrom<&str> for CreditCode {
    type Error = InvalidCreditCode;

    fn try_from(code: &str) -> Result<Self, Self::Error> {
        if code.len() != 18 {
            return Err(InvalidCreditCode::Length(code.to_owned()));
        }
        let values: Option<Vec<usize>> = code
            .bytes()
            .map(|byte| ALPHABET.iter().position(|&known| known == byte))
            .collect();
        let values = values.ok_or_else(|| InvalidCreditCode::Character(code.to_owned()))?;
        // The weights are the powers of 3 modulo 31.
        let (sum, _) = values[..17].iter().fold((0, 1), |(sum, weight), value| {
            (sum + value * weight, weight * 3 % 31)
        });
        let expected = (31 - sum % 31) % 31;
        if values[17] == expected {
            Ok(Self(code.to_owned()))
        } else {
            Err(InvalidCreditCode::CheckDigit {
                code: code.to_owned(),
                expected: char::from(ALPHABET[expected]),
            })
        }
    }
}

impl AsRef<str> for CreditCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Judges 实施编码: 31 characters (credit code, level, basic code) or 33 for 业务办理项.
pub(super) fn remarks(record: &Record) -> Vec<Remark> {
    match record {
        Record::Guide(guide) => guide.item_code.as_deref().map(item_code).unwrap_or_default(),
        Record::ServiceItem(item) => item_code(&item.item_code),
        _ => Vec::new(),
    }
}

fn item_code(code: &str) -> Vec<Remark> {
    let usable = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if code.is_empty() || !code.chars().all(usable) {
        return vec![Remark::error(Rule::Code, format!("{code:?} is no item code"))];
    }
    if matches!(code.len(), 31 | 33) && !code.contains('-') {
        let agency = CreditCode::try_from(&code[..18]);
        return agency
            .err()
            .map(|error| Remark::error(Rule::Code, error.to_string()))
            .into_iter()
            .collect();
    }
    // Places publish forms of their own, such as several codes joined by hyphens.
    let mut remarks = vec![Remark::warning(
        Rule::Code,
        format!("item code {code} has {} characters, not 31 or 33", code.len()),
    )];
    let agencies = code.split('-').filter(|part| part.len() == 18);
    for error in agencies.filter_map(|part| CreditCode::try_from(part).err()) {
        remarks.push(Remark::warning(Rule::Code, error.to_string()));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Severity;

    #[test]
    fn a_published_credit_code_has_the_right_check_digit() {
        assert!(CreditCode::try_from("91350100M000100Y43").is_ok());
        assert_eq!(
            CreditCode::try_from("91350100M000100Y44"),
            Err(InvalidCreditCode::CheckDigit {
                code: "91350100M000100Y44".to_owned(),
                expected: '3',
            })
        );
        assert!(matches!(
            CreditCode::try_from("913501"),
            Err(InvalidCreditCode::Length(_))
        ));
        assert!(matches!(
            CreditCode::try_from("91350100I000100Y43"),
            Err(InvalidCreditCode::Character(_))
        ));
    }

    #[test]
    fn a_code_of_standard_length_must_check_and_other_forms_are_remarked() {
        let worst = |code: &str| item_code(code).iter().map(|remark| remark.severity).min();
        assert_eq!(worst("91350100M000100Y434320123456789"), None);
        assert_eq!(worst("91350100M000100Y444320123456789"), Some(Severity::Error));
        assert_eq!(worst("511Z07001006-511602000000-000"), Some(Severity::Warning));
        assert_eq!(worst("事项1"), Some(Severity::Error));
    }
}
