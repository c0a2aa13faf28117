//! What a row says about a hit.

use catalog::record::{DocumentType, Kind, ValidityState};
use catalog::search::{Hit, MatchReason};
use catalog::typeset;
use terminal_api::interface::Language;

use super::describe::Described;
use super::runs::{Run, runs};
use super::width::width;
use crate::words::Words;

/// Separates the items of a line.
const BETWEEN: &str = "\u{3000}";

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Under the field, while typing: kinds mixed, the best hit marked.
    Typing,
    /// On the results page, kinds mixed.
    Mixed,
    /// On the results page, one kind under its name.
    OfKind,
}

/// The sizes that decide how much of a title fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Large text.
    pub large: bool,
    /// The panel lies.
    pub landscape: bool,
}

impl Look {
    /// The room for a title, in its own size.
    fn room(self, list: List, tag: &str) -> f32 {
        // What the card, its icon and its caret leave of the column, and what a tag takes of it.
        let column = match (list, self.landscape) {
            (_, false) => 984.0,
            (List::Typing, true) => 746.0,
            (_, true) => 1054.0,
        };
        let (size, tag_size) = if self.large { (44.0, 36.0) } else { (34.0, 28.0) };
        let tag = if tag.is_empty() {
            0.0
        } else {
            width(tag) * tag_size + 60.0
        };
        (column - 196.0 - tag) / size
    }
}

/// A row in finished words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The whole title, spoken.
    pub title: String,
    /// The title on its line.
    pub runs: Vec<Run>,
    /// The line below.
    pub meta: String,
    /// What must not be overlooked; empty if nothing.
    pub tag: String,
}

impl Row {
    /// The row of `hit`. `area` is the name of its area, `best` whether it is the best of all.
    #[must_use]
    pub fn new(
        hit: &Hit,
        described: &Described,
        area: Option<&str>,
        best: bool,
        (list, look): (List, Look),
        words: &Words,
    ) -> Self {
        let tag = match hit.validity {
            ValidityState::Repealed | ValidityState::Superseded => validity_word(hit.validity, words),
            _ if best => words.get("search-best"),
            _ => String::new(),
        };
        let mut meta = Vec::new();
        if words.language() == Language::En {
            meta.extend(described.title_en.clone());
        }
        if list != List::OfKind {
            meta.push(words.get(&format!("hit-kind-{}", hit.kind.as_str())));
        }
        let reason = reason(hit, list, words);
        facts(hit.kind, described, area, words, &mut meta);
        if let Some(reason) = reason {
            // Why it was found matters more than the last of the facts.
            if meta.len() > 2 {
                meta.pop();
            }
            meta.push(reason);
        }
        Self {
            title: hit.title.clone(),
            runs: runs(&hit.title, &hit.highlights, look.room(list, &tag)),
            meta: typeset(&meta.join(BETWEEN), catalog::Language::Zh),
            tag,
        }
    }
}

/// The word for a validity.
#[must_use]
pub fn validity_word(validity: ValidityState, words: &Words) -> String {
    words.get(match validity {
        ValidityState::InForce => "hit-validity-in-force",
        ValidityState::BasisSuperseded => "hit-validity-basis-superseded",
        ValidityState::Superseded => "hit-validity-superseded",
        ValidityState::Repealed => "hit-validity-repealed",
        ValidityState::Unknown => "hit-validity-unknown",
    })
}

fn facts(kind: Kind, described: &Described, area: Option<&str>, words: &Words, meta: &mut Vec<String>) {
    if let Some(doc_type) = described.doc_type {
        meta.push(words.get(match doc_type {
            DocumentType::Law => "document-type-law",
            DocumentType::Regulation => "document-type-regulation",
            DocumentType::Rule => "document-type-rule",
            DocumentType::StateCouncil => "document-type-state-council",
            DocumentType::Normative => "document-type-normative",
        }));
        meta.extend(described.number.clone());
        if let Some(version) = &described.version {
            meta.push(words.with("document-version", [("date", version.as_str().into())]));
        }
        return;
    }
    if kind != Kind::Area {
        meta.extend(area.map(str::to_owned));
    }
    match (&described.publisher, kind) {
        (Some(publisher), _) => meta.push(publisher.clone()),
        (None, Kind::Entry | Kind::Guide | Kind::ServiceItem) => {
            meta.push(words.get("hit-publisher-unknown"));
        }
        (None, _) => {}
    }
}

/// Why the hit was found, where its title does not show it.
fn reason(hit: &Hit, list: List, words: &Words) -> Option<String> {
    // A name that the title holds needs no saying, nor do initials.
    let other = |key: &str, name: &String| {
        (!hit.title.contains(name.as_str()) && !name.is_ascii())
            .then(|| words.with(key, [("text", name.as_str().into())]))
    };
    match &hit.reason {
        MatchReason::Title | MatchReason::DocumentNumber(_) | MatchReason::Context(_) => None,
        MatchReason::Alias(name) => other("hit-alias", name),
        MatchReason::Said(name) => other("hit-said", name),
        MatchReason::Synonym(name) => other("hit-synonym", name),
        // The line under the search field says it for all.
        MatchReason::Pinyin(name) => {
            other("hit-alias", name).or_else(|| (list != List::Typing).then(|| words.get("hit-pinyin")))
        }
        MatchReason::Similar(_) => Some(words.get("hit-similar")),
        MatchReason::English(name) | MatchReason::Code(name) => Some(name.clone()),
        MatchReason::Text => Some(match hit.article {
            Some(article) => words.with("hit-article", [("text", article.to_string().into())]),
            None => words.get("hit-text"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use catalog::record::{DocumentType, Kind, RecordId, ValidityState};
    use catalog::search::{Hit, MatchReason};
    use terminal_api::interface::Language;

    use super::{Described, List, Look, Row};
    use crate::words::Words;

    const LOOK: Look = Look {
        large: false,
        landscape: false,
    };

    fn hit(title: &str, kind: Kind, reason: MatchReason) -> Hit {
        Hit {
            id: RecordId::try_from("guide-001").expect("an id"),
            kind,
            title: title.to_owned(),
            area: None,
            body: None,
            addressees: Vec::new(),
            validity: ValidityState::Unknown,
            highlights: Vec::new(),
            reason,
            snippet: None,
            article: None,
            score: 0.0,
        }
    }

    fn row(hit: &Hit, described: &Described, list: List, language: Language) -> Row {
        Row::new(
            hit,
            described,
            Some("公共法律服务"),
            true,
            (list, LOOK),
            &Words::new(language),
        )
    }

    #[test]
    fn a_guide_says_kind_area_and_agency() {
        let guide = hit("法律援助申请", Kind::Guide, MatchReason::Title);
        let described = Described {
            publisher: Some("法律援助机构".into()),
            ..Described::default()
        };
        let row = row(&guide, &described, List::Typing, Language::Zh);
        assert_eq!(row.meta, "办事指南\u{3000}公共法律服务\u{3000}法律援助机构");
        assert_eq!(row.tag, "最接近");
    }

    #[test]
    fn an_unknown_agency_is_said_to_be_unknown() {
        let entry = hit("提供法律援助", Kind::Entry, MatchReason::Title);
        let row = row(&entry, &Described::default(), List::OfKind, Language::Zh);
        assert_eq!(row.meta, "公共法律服务\u{3000}单位未提供");
    }

    #[test]
    fn a_document_says_its_type_number_and_version() {
        let law = hit("法律援助条例", Kind::Document, MatchReason::Title);
        let described = Described {
            doc_type: Some(DocumentType::Regulation),
            number: Some("国务院令第385号".into()),
            version: Some("2003-07-21".into()),
            ..Described::default()
        };
        let row = row(&law, &described, List::OfKind, Language::Zh);
        assert_eq!(
            row.meta,
            "行政法规\u{3000}国务院令第\u{2009}385\u{2009}号\u{3000}2003-07-21\u{2009}版"
        );
    }

    #[test]
    fn a_repealed_text_is_marked_before_all_else() {
        let mut law = hit("旧条例", Kind::Document, MatchReason::Title);
        law.validity = ValidityState::Repealed;
        assert_eq!(
            row(&law, &Described::default(), List::Typing, Language::Zh).tag,
            "已废止"
        );
    }

    #[test]
    fn what_residents_say_leads_back_to_the_official_name() {
        let guide = hit("出生户口登记", Kind::Guide, MatchReason::Alias("报户口".into()));
        let row = row(&guide, &Described::default(), List::Mixed, Language::Zh);
        assert!(row.meta.ends_with("又叫“报户口”"), "{}", row.meta);
    }

    #[test]
    fn a_name_that_the_title_holds_and_initials_are_not_repeated() {
        for name in ["flyz", "法律援助"] {
            let guide = hit("法律援助申请", Kind::Guide, MatchReason::Alias(name.into()));
            let row = row(&guide, &Described::default(), List::Typing, Language::Zh);
            assert!(!row.meta.contains(name), "{}", row.meta);
        }
    }

    #[test]
    fn english_gives_the_english_name_first_and_keeps_the_chinese_title() {
        let guide = hit("居住证申领", Kind::Guide, MatchReason::Title);
        let described = Described {
            title_en: Some("Residence permit".into()),
            ..Described::default()
        };
        let row = row(&guide, &described, List::Typing, Language::En);
        assert_eq!(row.title, "居住证申领");
        assert!(
            row.meta.starts_with("Residence permit\u{3000}Service guide"),
            "{}",
            row.meta
        );
    }
}
