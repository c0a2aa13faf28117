//! What a QR code carries to the phone: the public address of a record's page or, where a terminal has
//! none, the essentials as plain text. Only published content goes in; nothing about the resident can.

mod essentials;
mod fit;

use url::Url;

use crate::Language;
use crate::record::{Record, RecordId};

use essentials::essentials;

/// The most that a QR code of version 15 at error correction level M holds in byte mode (ISO/IEC 18004,
/// table 7).
pub const CAPACITY: usize = 412;

/// Addresses longer than this many characters make codes that old phones read badly.
pub const COMFORTABLE_ADDRESS: usize = 60;

/// The content of a QR code.
///
/// Encode it in byte mode throughout: encoders that look for shorter modes take UTF-8 for Shift JIS, and
/// phones then show something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// What the code says.
    pub text: String,
    /// What it is.
    pub kind: PayloadKind,
}

/// What a QR code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadKind {
    /// An address that the phone opens.
    WebAddress,
    /// Text that the phone shows without any network.
    PlainText,
}

impl Payload {
    /// Whether the address is longer than is [comfortable](COMFORTABLE_ADDRESS).
    #[must_use]
    pub fn is_long_address(&self) -> bool {
        self.kind == PayloadKind::WebAddress && self.text.chars().count() > COMFORTABLE_ADDRESS
    }
}

/// What the code of one record carries: its address below `public_url`, or else its essentials.
#[must_use]
pub fn payload(record: &Record, public_url: Option<&Url>, language: Language) -> Payload {
    match public_url {
        Some(base) => Payload {
            text: address(base, record.id()),
            kind: PayloadKind::WebAddress,
        },
        None => Payload {
            text: essentials(record, language).within(CAPACITY),
            kind: PayloadKind::PlainText,
        },
    }
}

/// What one code for a list of records carries: a line each, with the address or the most important
/// fact; as many as fit.
#[must_use]
pub fn for_list(records: &[&Record], public_url: Option<&Url>, language: Language) -> Payload {
    let lines = records.iter().map(|record| {
        let content = essentials(record, language);
        match public_url {
            Some(base) => format!("{} {}", content.title, address(base, record.id())),
            None => content.in_one_line(),
        }
    });
    let title = essentials::list_title(records.len(), language);
    Payload {
        text: fit::whole_lines(&title, lines, CAPACITY),
        kind: PayloadKind::PlainText,
    }
}

/// The address of a record's phone page: `URL/i/ID`.
#[must_use]
pub fn address(public_url: &Url, id: &RecordId) -> String {
    format!("{}/i/{id}", public_url.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Kind;
    use crate::source::sample;

    fn record(id: &str) -> &'static Record {
        let mut records = sample().records.iter();
        records.find(|record| record.id().as_str() == id).unwrap()
    }

    #[test]
    fn every_record_of_the_sample_fits_a_code_in_both_languages() {
        for record in sample()
            .records
            .iter()
            .filter(|record| record.kind().is_public_page())
        {
            for language in Language::ALL {
                let payload = payload(record, None, language);
                assert!(payload.text.len() <= CAPACITY, "{}", record.id());
                assert_eq!(payload.kind, PayloadKind::PlainText);
                assert!(payload.text.contains(record.id().as_str()), "{}", payload.text);
            }
        }
    }

    #[test]
    fn the_capacity_is_that_of_a_code_that_phones_still_read() {
        let fits = |bytes: usize| {
            let mut code = fast_qr::QRBuilder::new("x".repeat(bytes));
            code.mode(fast_qr::Mode::Byte).ecl(fast_qr::ECL::M);
            code.version(fast_qr::Version::V15).build().is_ok()
        };
        assert!(fits(CAPACITY) && !fits(CAPACITY + 1));
    }

    #[test]
    fn a_guide_says_what_to_bring_how_long_and_how_much() {
        let text = payload(record("guide-006"), None, Language::Zh).text;
        for part in [
            "居住证申领",
            "时限：",
            "15日",
            "费用：",
            "材料：",
            "依据：",
            "guide-006",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn what_the_source_does_not_give_is_said_to_be_missing() {
        let text = payload(record("guide-001"), None, Language::Zh).text;
        assert!(text.contains("费用：未提供"), "{text}");
    }

    #[test]
    fn a_text_out_of_force_says_so() {
        let text = payload(record("guide-010"), None, Language::Zh).text;
        assert!(text.contains("依据已修订"), "{text}");
        let text = payload(record("law-3069"), None, Language::En).text;
        assert!(text.contains("old text"), "{text}");
    }

    #[test]
    fn with_a_public_address_the_code_is_short() {
        for base in [
            "https://mc.example.cn",
            "https://mc.example.cn/",
            "https://mc.example.cn/zw/",
        ] {
            let base = Url::parse(base).unwrap();
            let payload = payload(record("guide-001"), Some(&base), Language::Zh);
            assert!(payload.text.ends_with("/i/guide-001"));
            assert!(!payload.text.contains("//i"));
            assert!(!payload.is_long_address());
        }
        let long =
            Url::parse("https://a-very-long-name-of-a-host.of-some-city.gov.cn/open/government").unwrap();
        assert!(payload(record("guide-001"), Some(&long), Language::Zh).is_long_address());
    }

    #[test]
    fn a_list_names_whole_records_only() {
        let guides: Vec<&Record> = sample()
            .records
            .iter()
            .filter(|r| r.kind() == Kind::Guide)
            .collect();
        let text = for_list(&guides[..20], None, Language::Zh).text;
        assert!(text.len() <= CAPACITY);
        assert!(text.starts_with("我的清单（20项）"));
        assert!(text.ends_with('…'));
        let url = Url::parse("https://mc.example.cn").unwrap();
        let text = for_list(&guides[..2], Some(&url), Language::En).text;
        assert_eq!(text.matches("https://mc.example.cn/i/guide-").count(), 2);
    }
}
