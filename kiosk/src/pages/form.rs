//! A form: what is asked, and the rules a resident should know. It can be printed empty or taken along.

use catalog::record::{Field, Form, Record};

use super::content::provenance::{self, law_title};
use super::content::{Action, Block, Context, Head, Icon, LinkRow, Page, Row, RowValue, Tone, typeset};

/// The page of `form`.
#[must_use]
pub(crate) fn page(form: &Form, cx: &Context<'_>) -> Page {
    let mut body = Vec::new();
    for applicant in &form.applicant_types {
        let who = typeset(&applicant.name);
        body.push(heading(cx.say_with("form-applicant", &[("who", &who)])));
        body.extend(applicant.fields.iter().map(|field| asked(field, cx)));
    }
    body.push(heading(cx.say("form-request")));
    body.extend(form.request_fields.iter().map(|field| asked(field, cx)));
    body.push(heading(cx.say("form-rules")));
    body.extend(form.rules.iter().map(|rule| {
        let article = rule.article.to_string();
        let text = rule.text.strip_prefix(&article).unwrap_or(&rule.text);
        Block::Clause {
            label: typeset(&rule.topic),
            text: typeset(text.trim()),
            note: Some(article),
        }
    }));
    body.extend(basis(form, cx));
    let (title, subtitle) = cx.named(
        &form.title,
        (!cx.chinese()).then(|| cx.say("form-title")).as_deref(),
    );
    let mut identity = vec![Block::Notice {
        tone: Tone::Plain,
        title: cx.say("form-here-title"),
        text: cx.say("form-here-text"),
    }];
    if let Some(note) = &form.note {
        identity.push(Block::Text {
            text: typeset(note),
            tone: Tone::Quiet,
        });
    }
    Page {
        head: Head {
            crumbs: vec![cx.say("record-form")],
            title,
            subtitle,
            tag: None,
        },
        identity,
        body,
        provenance: provenance::line(&Record::Form(form.clone()), cx),
        shortcut: None,
    }
}

fn heading(text: String) -> Block {
    Block::Heading { text, remark: None }
}

fn asked(field: &Field, cx: &Context<'_>) -> Block {
    let required = cx.say(if field.required {
        "form-required"
    } else {
        "form-optional"
    });
    let text = if field.options.is_empty() {
        required
    } else {
        let options: Vec<String> = field.options.iter().map(|option| typeset(option)).collect();
        cx.say_with(
            "form-options",
            &[("required", &required), ("options", &cx.list(&options))],
        )
    };
    Block::Row(Row {
        label: typeset(&field.label),
        inferred: false,
        value: RowValue::Text(text),
    })
}

fn basis(form: &Form, cx: &Context<'_>) -> Option<Block> {
    let (id, article) = &form.basis;
    let Some(Record::Document(document)) = cx.records.record(id) else {
        return None;
    };
    Some(Block::Link(LinkRow {
        icon: Icon::Basis,
        title: law_title(&document.title),
        meta: article.to_string(),
        action: Action::Open(id.clone(), Some(*article)),
    }))
}
