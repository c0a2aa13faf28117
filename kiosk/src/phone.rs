//! 带到手机: a QR code with the text itself, or with the public address where there is one.

mod code;

use std::cell::Cell;
use std::rc::Rc;

use catalog::Language;
use catalog::record::Record;
use catalog::takeaway::{self, Payload, PayloadKind};
use url::Url;

use crate::printing::chosen;
use crate::{App, ui};

/// What the sheet shows.
#[derive(Debug, Default)]
pub(crate) struct Phone {
    kind: Cell<Option<ui::PhoneKind>>,
}

/// Answers what is pressed on the sheet. Called once.
pub(crate) fn attach(app: &Rc<App>) {
    app.global::<ui::Actions>().on_take_along(app.react(open));
    let sheet = app.global::<ui::Phone>();
    sheet.on_close(app.react(close));
    let weak = app.weak();
    sheet.on_choose(move |kind| {
        if let Some(app) = weak.upgrade() {
            app.phone().kind.set(Some(kind));
            show(&app);
        }
    });
}

/// Opens the sheet for the page that is open, with the text that needs no network.
pub(crate) fn open(app: &App) {
    app.phone().kind.set(Some(ui::PhoneKind::Text));
    show(app);
}

/// Closes the sheet.
pub(crate) fn close(app: &App) {
    app.phone().kind.set(None);
    app.global::<ui::Phone>().set_shown(false);
}

/// Shows the sheet as it stands.
pub(crate) fn show(app: &App) {
    let Some(kind) = app.phone().kind.get() else {
        return;
    };
    let (sheet, content) = (app.global::<ui::Phone>(), app.content());
    let records: Vec<Record> = chosen(app).iter().filter_map(|id| content.record(id)).collect();
    let public = content.public_url().and_then(|url| Url::parse(url).ok());
    let language = match app.session().language {
        terminal_api::interface::Language::Zh => Language::Zh,
        terminal_api::interface::Language::En => Language::En,
    };
    let url = public.as_ref().filter(|_| kind == ui::PhoneKind::Page);
    let Some(payload) = payload(&records, url, language) else {
        return close(app);
    };
    let code = match code::Code::new(&payload.text) {
        Ok(code) => code,
        Err(error) => {
            // Payloads are cut to fit; a code that cannot be made is a fault of ours.
            tracing::error!(%error, "no code for this page");
            return close(app);
        }
    };
    let holds = match payload.kind {
        PayloadKind::PlainText if records.len() == 1 => labels(&payload.text),
        _ => Vec::new(),
    };
    sheet.set_holds(match holds.as_slice() {
        [] => "".into(),
        labels => {
            let comma = if language == Language::Zh { "、" } else { ", " };
            app.words()
                .with("phone-holds", [("text", labels.join(comma).into())])
                .into()
        }
    });
    sheet.set_kind(kind);
    sheet.set_has_page(public.is_some());
    sheet.set_code(code.image());
    sheet.set_modules(i32::try_from(code.modules()).expect("a code has at most 177 modules"));
    sheet.set_shown(true);
}

fn payload(records: &[Record], url: Option<&Url>, language: Language) -> Option<Payload> {
    match records {
        [] => None,
        [record] => Some(takeaway::payload(record, url, language)),
        several => Some(takeaway::for_list(
            &several.iter().collect::<Vec<_>>(),
            url,
            language,
        )),
    }
}

/// What a text is about: the words before the colons that its lines begin with.
fn labels(text: &str) -> Vec<&str> {
    /// Longer beginnings are sentences.
    const LABEL: usize = 12;
    text.lines()
        .skip(1)
        .filter_map(|line| line.split_once(['：', ':']))
        .map(|(label, _)| label.trim())
        .filter(|label| !label.is_empty() && label.chars().count() <= LABEL)
        .take(6)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::labels;

    #[test]
    fn the_labels_of_a_text_tell_what_it_holds() {
        assert_eq!(
            labels("居住证申领\n时限：15日\n材料：身份证、相片\n编号 guide-006"),
            ["时限", "材料"]
        );
        assert_eq!(labels("Residence permit\nFee: free"), ["Fee"]);
    }
}
