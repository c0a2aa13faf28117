//! Forms, empty, to be filled in by hand.

use catalog::record::{Field, Form};
use hardware::slip::{Element, RuleWeight, TextStyle};

use super::composer::Composer;

/// The height of a line to write on, in dots: 8 mm.
const WRITING_LINE: u32 = 64;

pub(super) fn body(composer: &mut Composer<'_>, form: &Form) {
    composer.title(&form.title, None);
    if let Some(note) = &form.note {
        composer.paragraph(note, TextStyle::Small);
    }
    for applicant in &form.applicant_types {
        let heading = composer.say_with("form-applicant", [("who", applicant.name.as_str().into())]);
        composer.push(Element::Heading { text: heading });
        fields(composer, &applicant.fields);
    }
    composer.heading("form-request");
    fields(composer, &form.request_fields);
    if !composer.is_large() && !form.rules.is_empty() {
        composer.heading("form-rules");
        for rule in &form.rules {
            composer.paragraph(&rule.topic, TextStyle::Strong);
            composer.paragraph(&rule.text, TextStyle::Small);
        }
    }
}

/// A field with answers to choose from has boxes, any other a line to write on.
fn fields(composer: &mut Composer<'_>, fields: &[Field]) {
    for field in fields {
        let key = if field.required {
            "form-required"
        } else {
            "form-optional"
        };
        let label = composer.say_with(key, [("label", field.label.as_str().into())]);
        composer.body(&label);
        if field.options.is_empty() {
            composer.push(Element::Feed { dots: WRITING_LINE });
            composer.push(Element::Rule {
                weight: RuleWeight::Thin,
            });
        }
        for option in &field.options {
            let text = composer.set(option);
            composer.push(Element::Tick {
                text,
                ticked: false,
                details: Vec::new(),
            });
        }
    }
}
