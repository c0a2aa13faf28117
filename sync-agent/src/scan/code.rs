//! What the terminal's own codes look like.

use catalog::record::RecordId;
use terminal_api::interface::{Code, CodeKind};
use url::Url;

/// Before the parts of a code that is none of a record: `MC-R-…` a receipt, `MC-S-…` a staff card, and
/// `MC-C-…` a configuration (`catalog::settings`).
const PREFIX: &str = "MC-";

/// What is told of a receipt or a staff card, if the text is one of them. A receipt's number opens what a resident
/// handed in: nobody is told it who was not shown it.
pub(super) fn special(text: &str) -> Option<Code> {
    let (kind, rest) = text.strip_prefix(PREFIX)?.split_once('-')?;
    let (kind, value) = match kind {
        "R" => (CodeKind::Receipt, number(rest, 8..=32).map(|_| None)?),
        "S" => (CodeKind::Staff, number(rest, 4..=16).map(Some)?),
        _ => return None,
    };
    Some(Code { kind, value })
}

/// Capital letters and digits.
fn number(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<String> {
    let is_number = length.contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_number.then(|| text.to_owned())
}

/// The record that a scanned text names, if the text is one of the terminal's own codes:
///
/// * the address of a phone page below one of the addresses in `own`: `https://…/i/ID`;
/// * a record's id, alone or behind a label, as on the last line of a code that carries text:
///   `编号：ID`, `ID: ID`.
pub(super) fn record(text: &str, own: &[Url]) -> Option<RecordId> {
    let text = text.trim();
    if let Ok(address) = Url::parse(text)
        && address.has_host()
    {
        return own.iter().find_map(|base| page(&address, base));
    }
    let id = text.rsplit(['：', ':']).next()?.trim();
    RecordId::try_from(id).ok()
}

/// The record whose page below `base` has this address.
fn page(address: &Url, base: &Url) -> Option<RecordId> {
    let same_place = address.scheme() == base.scheme()
        && address.host() == base.host()
        && address.port_or_known_default() == base.port_or_known_default()
        && address.username().is_empty()
        && address.password().is_none();
    if !same_place {
        return None;
    }
    let path = address.path().strip_prefix(base.path().trim_end_matches('/'))?;
    let id = path.strip_prefix("/i/")?;
    RecordId::try_from(id.strip_suffix('/').unwrap_or(id)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let own = [
            Url::parse("https://open.example.gov.cn/release/").unwrap(),
            Url::parse("http://127.0.0.1:8080").unwrap(),
        ];
        record(text, &own).map(String::from)
    }

    #[test]
    fn the_terminals_own_codes_are_read() {
        for text in [
            "https://open.example.gov.cn/release/i/guide-041",
            "https://OPEN.example.gov.cn:443/release/i/guide-041/",
            "http://127.0.0.1:8080/i/guide-041",
            "guide-041",
            "编号：guide-041",
            "ID: guide-041",
        ] {
            assert_eq!(read(text).as_deref(), Some("guide-041"), "{text}");
        }
    }

    #[test]
    fn receipts_and_staff_cards_are_known_by_their_form() {
        let kind = |text: &str| special(text).map(|code| (code.kind, code.value));
        assert_eq!(kind("MC-R-01JDXYZ7K2"), Some((CodeKind::Receipt, None)));
        let staff = Some((CodeKind::Staff, Some("4711".to_owned())));
        assert_eq!(kind("MC-S-4711"), staff);
        for bad in [
            "MC-R-short",
            "MC-R-lowercase01",
            "MC-R-01JDXYZ7K2 ",
            "MC-X-01JDXYZ7K2",
            "mc-r-01jdxyz7k2",
            "MC-R-../../../etc",
        ] {
            assert_eq!(kind(bad), None, "{bad}");
        }
    }

    #[test]
    fn everything_else_is_nobodys_business() {
        for text in [
            "https://evil.example/i/guide-041",
            "https://open.example.gov.cn.evil.example/release/i/guide-041",
            "https://open.example.gov.cn@evil.example/release/i/guide-041",
            "http://open.example.gov.cn/release/i/guide-041",
            "https://open.example.gov.cn/release/i/../../etc",
            "https://open.example.gov.cn/other/i/guide-041",
            "javascript:alert(1)",
            "WIFI:T:WPA;S:home;P:secret;;",
            "居民身份证 11010519491231002X",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
