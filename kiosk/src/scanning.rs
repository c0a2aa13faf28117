//! What is shown to the scanner: a page's code opens it, and whoever shows another one is told what came of it.

use catalog::record::RecordId;
use terminal_api::interface::{CodeKind, CodeVerdict, Scan};

use crate::navigation::Place;
use crate::{App, printing};

/// Opens the page of the record that was scanned, from the attract screen too: whoever shows a code has begun a visit.
///
/// While a print is shown the scan is dropped: its sheet asks for an answer first. A code says nothing about who shows
/// it, so the dropped one is not remembered.
pub(crate) fn scanned(app: &App, scan: &Scan) {
    if printing::is_shown(app) {
        return;
    }
    let record = RecordId::try_from(scan.record.as_str())
        .ok()
        .and_then(|id| app.content().record(&id));
    let Some(record) = record.filter(|record| record.kind().is_public_page()) else {
        tell(app, "toast-scan-unknown");
        return;
    };
    begin_visit(app);
    let place = Place::record(record.id().clone());
    if app.place() != place {
        app.open(place);
    }
}

/// A receipt, or a staff member's card. Nothing on the screen asks for either yet; a resident must not wait for what
/// does not come.
pub(crate) fn special(app: &App, kind: CodeKind) {
    match kind {
        CodeKind::Receipt => tell(app, "toast-scan-receipt"),
        CodeKind::Staff => {}
    }
}

/// Staff showed a configuration code.
pub(crate) fn configured(app: &App, verdict: CodeVerdict) {
    tell(
        app,
        match verdict {
            CodeVerdict::Taken => "toast-settings-taken",
            CodeVerdict::Known => "toast-settings-known",
            CodeVerdict::Forged => "toast-settings-forged",
            CodeVerdict::Unreadable => "toast-settings-unreadable",
            CodeVerdict::Elsewhere => "toast-settings-elsewhere",
            CodeVerdict::Expired => "toast-settings-expired",
            CodeVerdict::Superseded => "toast-settings-superseded",
            CodeVerdict::NotKept => "toast-settings-not-kept",
        },
    );
}

/// Tells it below the page; the attract screen has no place for it.
fn tell(app: &App, key: &str) {
    begin_visit(app);
    app.toast(&app.words().get(key));
}

fn begin_visit(app: &App) {
    app.touched();
    if app.place() == Place::Attract {
        app.home();
    }
}
