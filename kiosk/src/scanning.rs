//! A code that a resident showed to the scanner opens its page.

use catalog::record::RecordId;
use terminal_api::interface::Scan;

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
        app.toast(&app.words().get("toast-scan-unknown"));
        return;
    };
    app.touched();
    if app.place() == Place::Attract {
        app.home();
    }
    let place = Place::record(record.id().clone());
    if app.place() != place {
        app.open(place);
    }
}
