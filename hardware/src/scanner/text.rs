//! Scans into text.

/// The text of a scan: UTF-8, else GB18030, without control characters and without characters that turn
/// the direction of text. `None` when it is neither encoding, or nothing is left.
#[must_use]
pub fn decode(scan: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(scan) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(scan)?,
    };
    let kept: String = text.chars().filter(|character| !is_hidden(*character)).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_comes_through_in_either_encoding() {
        let (gb, _, _) = encoding_rs::GB18030.encode("居住证 㛃");
        assert_eq!(decode(&gb).as_deref(), Some("居住证 㛃"));
        assert_eq!(decode("居住证".as_bytes()).as_deref(), Some("居住证"));
        assert_eq!(decode(&[0xff, 0xff]), None);
    }

    #[test]
    fn nothing_invisible_comes_through() {
        assert_eq!(
            decode("\u{202e}a\u{7}\u{200b}b\u{1b}".as_bytes()).as_deref(),
            Some("ab")
        );
        assert_eq!(decode(b"\x00 \x1f"), None);
    }
}
