//! Whether a field may be handed in.

use crate::check::CreditCode;

/// The first field of a form that cannot be handed in as it is. It names the field, never its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidForm {
    /// Nothing stands in a field that must be filled in.
    #[error("{0} is empty")]
    Missing(&'static str),
    /// More stands in it than fits.
    #[error("{field} has more than {most} characters")]
    TooLong {
        /// The field.
        field: &'static str,
        /// How many characters fit.
        most: usize,
    },
    /// What stands in it is wrong, by its own check digit or its form.
    #[error("{0} is not valid")]
    Wrong(&'static str),
}

/// The length of a line.
pub(super) const LINE: usize = 200;
/// The length of a text.
pub(super) const TEXT: usize = 4000;

/// A field that must be filled in.
pub(super) fn filled(field: &'static str, text: &str, most: usize) -> Result<(), InvalidForm> {
    if text.trim().is_empty() {
        return Err(InvalidForm::Missing(field));
    }
    if text.chars().count() > most {
        return Err(InvalidForm::TooLong { field, most });
    }
    Ok(())
}

/// A field that may be absent, but not blank.
pub(super) fn optional(field: &'static str, text: Option<&str>, most: usize) -> Result<(), InvalidForm> {
    text.map_or(Ok(()), |text| filled(field, text, most))
}

/// A telephone number, with or without the area code.
pub(super) fn phone(text: &str) -> Result<(), InvalidForm> {
    filled("phone", text, 32)?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_phone = digits >= 7 && text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    is_phone.then_some(()).ok_or(InvalidForm::Wrong("phone"))
}

/// An address of electronic mail, as far as a form can judge it.
pub(super) fn email(text: &str) -> Result<(), InvalidForm> {
    filled("email", text, LINE)?;
    let is_email = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    (is_email && !text.contains(char::is_whitespace))
        .then_some(())
        .ok_or(InvalidForm::Wrong("email"))
}

/// 统一社会信用代码.
pub(super) fn credit_code(text: &str) -> Result<(), InvalidForm> {
    filled("credit_code", text, LINE)?;
    CreditCode::try_from(text)
        .map(drop)
        .map_err(|_| InvalidForm::Wrong("credit_code"))
}

/// 公民身份号码 (GB 11643): 17 digits and a check character by ISO 7064 MOD 11-2.
pub(super) fn citizen_number(text: &str) -> Result<(), InvalidForm> {
    filled("identity_number", text, LINE)?;
    let (digits, check) = text.split_at_checked(17).unwrap_or((text, ""));
    let sum = digits.bytes().enumerate().try_fold(0_u32, |sum, (place, byte)| {
        // The weight of a place is 2 to the power of the places behind it.
        let weight = 1_u32 << (17 - place.min(17));
        byte.is_ascii_digit()
            .then(|| sum + u32::from(byte - b'0') * (weight % 11))
    });
    let is_number = sum.is_some_and(|sum| {
        let expected = (12 - sum % 11) % 11;
        check
            == if expected == 10 {
                "X".to_owned()
            } else {
                expected.to_string()
            }
    });
    is_number
        .then_some(())
        .ok_or(InvalidForm::Wrong("identity_number"))
}
