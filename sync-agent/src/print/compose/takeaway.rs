//! Local seam until the shared one lands.

use catalog::Language;
use catalog::record::Record;
use url::Url;
pub(super) struct Payload {
    pub(super) text: String,
    pub(super) kind: PayloadKind,
}
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PayloadKind {
    WebAddress,
    PlainText,
}
pub(super) fn payload(record: &Record, public_url: Option<&Url>, _: Language) -> Payload {
    match public_url {
        Some(base) => Payload {
            text: format!("{}/i/{}", base.as_str().trim_end_matches('/'), record.id()),
            kind: PayloadKind::WebAddress,
        },
        None => Payload {
            text: format!("{}\n{}", record.title(), record.id()),
            kind: PayloadKind::PlainText,
        },
    }
}
pub(super) fn for_list(records: &[&Record], _: Option<&Url>, _: Language) -> Payload {
    Payload {
        text: records
            .iter()
            .map(|r| r.title())
            .collect::<Vec<_>>()
            .join("\n")
            .chars()
            .take(120)
            .collect(),
        kind: PayloadKind::PlainText,
    }
}
