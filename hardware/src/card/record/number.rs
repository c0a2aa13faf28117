//! Numbers of identity cards and their check digits.

/// GB 11643: 17 digits and a check character by ISO 7064 MOD 11-2.
#[must_use]
pub fn is_valid_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((check, digits)) = number.as_bytes().split_last() else {
        return false;
    };
    if digits.len() != WEIGHTS.len() || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    b"10X98765432"[(sum % 11) as usize] == *check
}

/// The number of a residence permit for people of Hong Kong (81), Macao (82) or Taiwan (83).
pub(super) fn is_valid_permit_number(number: &str) -> bool {
    ["81", "82", "83"].iter().any(|area| number.starts_with(area)) && is_valid_number(number)
}

/// The number of a foreign permanent resident's card: of 2017, three letters of the nationality and
/// twelve digits; of 2023, one of GB 11643 that starts with 9.
pub(super) fn is_valid_foreign_number(number: &str) -> bool {
    let bytes = number.as_bytes();
    match bytes.len() {
        15 => bytes[..3].iter().all(u8::is_ascii_uppercase) && bytes[3..].iter().all(u8::is_ascii_digit),
        _ => number.starts_with('9') && is_valid_number(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_tells_a_number_from_a_slip_of_the_pen() {
        assert!(is_valid_number("11010519491231002X"));
        for bad in [
            "110105194912310021",
            "11010519491231002",
            "",
            "一1010519491231002X",
            "11010519491231002x",
        ] {
            assert!(!is_valid_number(bad), "{bad}");
        }
    }

    #[test]
    fn each_sort_of_card_has_numbers_of_its_own() {
        assert!(is_valid_permit_number("810000199408230021"));
        assert!(!is_valid_permit_number("11010519491231002X"));
        assert!(is_valid_foreign_number("EXA110000010101"));
        assert!(is_valid_foreign_number("911124198108030024"));
        assert!(!is_valid_foreign_number("11010519491231002X"));
        assert!(!is_valid_foreign_number("exa110000010101"));
    }
}
