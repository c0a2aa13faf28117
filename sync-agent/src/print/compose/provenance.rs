//! Where the content comes from, in the small lines at the end of a slip.

use catalog::record::{ProvenanceMark, Record};
use catalog::release::Signature;
use hardware::slip::Element;

use super::composer::Composer;

/// Source, date of the data, time of the print, id.
pub(super) fn footer(composer: &mut Composer<'_>, record: &Record) {
    let mut lines = Vec::new();
    if let Some(provenance) = record.provenance() {
        lines.push(match (&provenance.source, provenance.mark) {
            (Some(source), _) => {
                let title = source.title.as_str().into();
                match source.date.as_deref() {
                    Some(date) if !source.title.contains(date) => {
                        composer.say_with("footer-source-dated", [("title", title), ("date", date.into())])
                    }
                    _ => composer.say_with("footer-source", [("title", title)]),
                }
            }
            (None, ProvenanceMark::Generated) => composer.say("footer-generated"),
            (None, _) => composer.say("footer-editors"),
        });
        if provenance.truncated {
            lines.push(composer.say("footer-truncated"));
        }
    }
    lines.extend(dates(composer));
    let reference = match record {
        Record::Document(_) | Record::Interpretation(_) | Record::Dataset(_) | Record::Plan(_) => {
            "footer-reference-text"
        }
        _ => "footer-reference",
    };
    lines.push(composer.say_with(reference, [("id", record.id().as_str().into())]));
    composer.push(Element::Footer { lines });
}

/// The same for a list, whose records have sources of their own.
pub(super) fn list_footer(composer: &mut Composer<'_>) {
    let lines = dates(composer).to_vec();
    composer.push(Element::Footer { lines });
}

fn dates(composer: &Composer<'_>) -> [String; 2] {
    let as_of = composer.context.as_of.to_string();
    let claim = match composer.context.signature {
        Signature::Verified => "footer-as-of-verified",
        Signature::Absent => "footer-as-of",
    };
    let printed = composer.context.printed_at.strftime("%Y-%m-%d %H:%M").to_string();
    [
        composer.say_with(claim, [("date", as_of.into())]),
        composer.say_with("footer-printed", [("time", printed.into())]),
    ]
}
