//! The slip being composed, with the turns of phrase that all kinds share.

use catalog::record::{Record, Validity, ValidityState};
use catalog::takeaway::{Payload, PayloadKind};
use catalog::{Language, typeset};
use fluent_bundle::FluentValue;
use hardware::slip::{Element, Layout, Row, RuleWeight, Size, TextStyle};

use super::super::words::Words;
use super::{Context, Request, kind_key};

/// A slip being composed. Every text that goes through it is typeset.
pub(super) struct Composer<'a> {
    pub(super) context: &'a Context<'a>,
    words: Words,
    language: Language,
    layout: Layout,
}

impl<'a> Composer<'a> {
    pub(super) fn new(request: &Request<'_>, context: &'a Context<'a>) -> Self {
        Self {
            context,
            words: Words::new(request.language),
            language: request.language,
            layout: Layout::new(request.size),
        }
    }

    pub(super) fn finish(self) -> Layout {
        self.layout
    }

    /// Large print leaves out what a resident can do without at the counter; the code carries on.
    pub(super) fn is_large(&self) -> bool {
        self.layout.size == Size::Large
    }

    pub(super) fn say(&self, key: &str) -> String {
        self.set(&self.words.get(key))
    }

    pub(super) fn say_with<'b, const N: usize>(
        &self,
        key: &str,
        arguments: [(&'b str, FluentValue<'b>); N],
    ) -> String {
        self.set(&self.words.with(key, arguments))
    }

    /// Published text is Chinese on a slip in either language.
    #[expect(
        clippy::unused_self,
        reason = "reads as the composer's own way of setting text"
    )]
    pub(super) fn set(&self, text: &str) -> String {
        typeset(text.trim(), Language::Zh)
    }

    /// The value, or 未提供.
    pub(super) fn or_unknown(&self, value: Option<&str>) -> String {
        match value.map(str::trim) {
            Some(value) if !value.is_empty() => self.set(value),
            _ => self.say("unknown"),
        }
    }

    pub(super) fn push(&mut self, element: Element) {
        self.layout.elements.push(element);
    }

    pub(super) fn header(&mut self) {
        let place = (!self.context.place.is_empty()).then(|| self.set(self.context.place));
        let product = self.say("product");
        self.push(Element::Header { product, place });
        self.push(Element::Rule {
            weight: RuleWeight::Thick,
        });
    }

    /// The record's kind and area.
    pub(super) fn kicker(&mut self, record: &Record) {
        let kind = self.say(&kind_key(record.kind()));
        let area = record.area().and_then(|area| (self.context.area)(area));
        let text = [Some(kind), area]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\u{3000}");
        self.push(Element::Kicker { text });
    }

    /// The title; on an English slip the English name first, where there is one.
    pub(super) fn title(&mut self, chinese: &str, english: Option<&str>) {
        let chinese = self.set(chinese);
        match english.filter(|_| self.language == Language::En) {
            Some(english) => {
                self.push(Element::Title {
                    text: english.to_owned(),
                });
                self.push(Element::Paragraph {
                    text: chinese,
                    style: TextStyle::Strong,
                });
            }
            None => self.push(Element::Title { text: chinese }),
        }
    }

    pub(super) fn heading(&mut self, key: &str) {
        let text = self.say(key);
        self.push(Element::Heading { text });
    }

    pub(super) fn paragraph(&mut self, text: &str, style: TextStyle) {
        let text = self.set(text);
        self.push(Element::Paragraph { text, style });
    }

    pub(super) fn body(&mut self, text: &str) {
        self.paragraph(text, TextStyle::Body);
    }

    /// A section of running text; left out when the source gives none.
    pub(super) fn section(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.heading(key);
            self.body(text);
        }
    }

    /// Paragraphs up to about `limit` characters; says so when there is more.
    pub(super) fn running_text<'b>(&mut self, paragraphs: impl IntoIterator<Item = &'b str>, limit: usize) {
        let mut length = 0;
        for paragraph in paragraphs {
            if length > 0 && length + paragraph.chars().count() > limit {
                let more = self.say("continues");
                self.push(Element::Paragraph {
                    text: more,
                    style: TextStyle::Strong,
                });
                return;
            }
            length += paragraph.chars().count();
            self.body(paragraph);
        }
    }

    /// Label and value; a missing value is 未提供.
    pub(super) fn row(&self, key: &str, value: Option<&str>) -> Row {
        Row {
            label: self.say(key),
            value: self.or_unknown(value),
        }
    }

    pub(super) fn rows(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.push(Element::Rows {
            rows: rows.into_iter().collect(),
        });
    }

    /// A warning when the text is not the one to go by.
    pub(super) fn notice(&mut self, validity: &Validity) {
        let key = match validity.state {
            ValidityState::Superseded => "notice-superseded",
            ValidityState::BasisSuperseded => "notice-basis-superseded",
            ValidityState::Repealed => "notice-repealed",
            ValidityState::InForce | ValidityState::Unknown => return,
        };
        let text = self.say(key);
        self.push(Element::Paragraph {
            text,
            style: TextStyle::Strong,
        });
        if let Some(note) = validity.note.as_deref().filter(|_| !self.is_large()) {
            self.paragraph(note, TextStyle::Small);
        }
    }

    pub(super) fn qr(&mut self, payload: Payload, short_code: &str) {
        let hint = match payload.kind {
            PayloadKind::PlainText => "qr-offline",
            PayloadKind::WebAddress => "qr-online",
        };
        let element = Element::Qr {
            payload: payload.text,
            caption: self.say("qr-caption"),
            hints: vec![self.say(hint)],
            short_code: (!short_code.is_empty()).then(|| short_code.to_owned()),
        };
        self.push(element);
    }

    /// Names in a row, as the language separates them.
    pub(super) fn list<T: AsRef<str>>(&self, names: &[T]) -> String {
        let separator = match self.language {
            Language::Zh => "、",
            Language::En => ", ",
        };
        names
            .iter()
            .map(|name| self.set(name.as_ref()))
            .collect::<Vec<_>>()
            .join(separator)
    }
}
