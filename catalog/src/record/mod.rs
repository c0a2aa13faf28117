//! The records of a release.
//!
//! A record is what staff publish and a resident reads: it has a stable id, a kind, and says where it
//! comes from. Fields that the source does not give are `None` or empty and are shown as 未提供; nothing
//! is invented on the way.

mod area;
mod attachment;
mod common;
mod dataset;
mod document;
mod entry;
mod form;
mod guide;
mod interpretation;
mod life_event;
mod plan;
mod service_item;
mod time_limit;
mod vocabulary;

use serde::{Deserialize, Serialize};

pub use area::Area;
pub use attachment::{Attachment, BlobDigest, InvalidBlobDigest, MediaType};
pub use common::{
    Addressee, Bilingual, Citation, Link, Provenance, ProvenanceMark, RecordId, Relation, Source, Validity,
    ValidityState,
};
pub use dataset::{Dataset, DatasetKind};
pub use document::{ArticleNumber, Block, Document, DocumentType, Heading};
pub use entry::{Audience, Disclosure, Entry, EntryVariant, InferredField, Level};
pub use form::{ApplicantType, Field, Form, Rule};
pub use guide::{
    Binds, Condition, Duration, Fee, FeeKind, Guide, GuideSection, LegalBasis, Limit, Material, PlainLimit,
    Situation, Step,
};
pub use interpretation::Interpretation;
pub use life_event::{Group, LifeEvent};
pub use plan::{Plan, Task};
pub use service_item::ServiceItem;
pub use time_limit::{DayUnit, TimeLimit, TimeLimitKind};
pub use vocabulary::{
    DayKind, Glossary, GlossaryEntry, Holiday, Holidays, ItemField, ItemFields, Synonym, Synonyms,
};

/// One published record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(
    clippy::large_enum_variant,
    reason = "records are handled one at a time, or all of one kind"
)]
pub enum Record {
    /// A field of disclosure (公开领域).
    Area(Area),
    /// A line of the standard disclosure catalogue (标准目录行).
    Entry(Entry),
    /// How a matter is handled (办事指南).
    Guide(Guide),
    /// The full text of a law, regulation or policy document.
    Document(Document),
    /// What the government says a policy means (政策解读).
    Interpretation(Interpretation),
    /// An open data set (开放数据).
    Dataset(Dataset),
    /// A line of the list of government services (政务服务事项).
    ServiceItem(ServiceItem),
    /// A table of tasks annexed to a document.
    Plan(Plan),
    /// A form that a resident can fill in.
    Form(Form),
    /// A life event or a group of residents, with what concerns it.
    LifeEvent(LifeEvent),
    /// Words residents use for official names.
    Synonyms(Synonyms),
    /// Chinese and English names.
    Glossary(Glossary),
    /// The State Council's calendar of holidays and make-up workdays.
    Holidays(Holidays),
    /// The elements a service item may carry (实施清单要素).
    ItemFields(ItemFields),
}

/// The kind of a [`Record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// See [`Record::Area`].
    Area,
    /// See [`Record::Entry`].
    Entry,
    /// See [`Record::Guide`].
    Guide,
    /// See [`Record::Document`].
    Document,
    /// See [`Record::Interpretation`].
    Interpretation,
    /// See [`Record::Dataset`].
    Dataset,
    /// See [`Record::ServiceItem`].
    ServiceItem,
    /// See [`Record::Plan`].
    Plan,
    /// See [`Record::Form`].
    Form,
    /// See [`Record::LifeEvent`].
    LifeEvent,
    /// See [`Record::Synonyms`].
    Synonyms,
    /// See [`Record::Glossary`].
    Glossary,
    /// See [`Record::Holidays`].
    Holidays,
    /// See [`Record::ItemFields`].
    ItemFields,
}

impl Kind {
    /// All kinds, in the order in which lists show them.
    pub const ALL: [Self; 14] = [
        Self::Guide,
        Self::Document,
        Self::Entry,
        Self::Interpretation,
        Self::Dataset,
        Self::ServiceItem,
        Self::Plan,
        Self::Form,
        Self::Area,
        Self::LifeEvent,
        Self::Synonyms,
        Self::Glossary,
        Self::Holidays,
        Self::ItemFields,
    ];

    /// The kind's name in files, databases and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Entry => "entry",
            Self::Guide => "guide",
            Self::Document => "document",
            Self::Interpretation => "interpretation",
            Self::Dataset => "dataset",
            Self::ServiceItem => "service-item",
            Self::Plan => "plan",
            Self::Form => "form",
            Self::LifeEvent => "life-event",
            Self::Synonyms => "synonyms",
            Self::Glossary => "glossary",
            Self::Holidays => "holidays",
            Self::ItemFields => "item-fields",
        }
    }

    /// The kind with this [name](Self::as_str).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether residents find records of this kind by searching and may take them along.
    #[must_use]
    pub const fn is_public_page(self) -> bool {
        matches!(
            self,
            Self::Entry
                | Self::Guide
                | Self::Document
                | Self::Interpretation
                | Self::Dataset
                | Self::ServiceItem
                | Self::Plan
                | Self::Form
        )
    }
}

impl Record {
    /// The kind of this record.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Area(_) => Kind::Area,
            Self::Entry(_) => Kind::Entry,
            Self::Guide(_) => Kind::Guide,
            Self::Document(_) => Kind::Document,
            Self::Interpretation(_) => Kind::Interpretation,
            Self::Dataset(_) => Kind::Dataset,
            Self::ServiceItem(_) => Kind::ServiceItem,
            Self::Plan(_) => Kind::Plan,
            Self::Form(_) => Kind::Form,
            Self::LifeEvent(_) => Kind::LifeEvent,
            Self::Synonyms(_) => Kind::Synonyms,
            Self::Glossary(_) => Kind::Glossary,
            Self::Holidays(_) => Kind::Holidays,
            Self::ItemFields(_) => Kind::ItemFields,
        }
    }

    /// The record's stable id, unique over all kinds.
    #[must_use]
    pub fn id(&self) -> &RecordId {
        match self {
            Self::Area(record) => &record.id,
            Self::Entry(record) => &record.id,
            Self::Guide(record) => &record.id,
            Self::Document(record) => &record.id,
            Self::Interpretation(record) => &record.id,
            Self::Dataset(record) => &record.id,
            Self::ServiceItem(record) => &record.id,
            Self::Plan(record) => &record.id,
            Self::Form(record) => &record.id,
            Self::LifeEvent(record) => &record.id,
            Self::Synonyms(record) => &record.id,
            Self::Glossary(record) => &record.id,
            Self::Holidays(record) => &record.id,
            Self::ItemFields(record) => &record.id,
        }
    }

    /// The Chinese title that lists and pages show; empty for vocabularies.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Area(record) => &record.name,
            Self::Entry(record) => &record.level2,
            Self::Guide(record) => &record.name,
            Self::Document(record) => &record.title,
            Self::Interpretation(record) => &record.title,
            Self::Dataset(record) => &record.title,
            Self::ServiceItem(record) => &record.name,
            Self::Plan(record) => &record.title,
            Self::Form(record) => &record.title,
            Self::LifeEvent(record) => &record.name.zh,
            Self::Synonyms(_) | Self::Glossary(_) | Self::Holidays(_) | Self::ItemFields(_) => "",
        }
    }

    /// The id of the area the record belongs to.
    #[must_use]
    pub fn area(&self) -> Option<&RecordId> {
        match self {
            Self::Entry(record) => Some(&record.area),
            Self::Guide(record) => Some(&record.area),
            Self::Dataset(record) => record.area.as_ref(),
            Self::Area(record) => Some(&record.id),
            _ => None,
        }
    }

    /// The body that published the content or answers for it, where the source names one.
    #[must_use]
    pub fn publisher(&self) -> Option<&str> {
        match self {
            Self::Entry(record) => record.subject.as_deref(),
            Self::Guide(record) => Some(&record.agency),
            Self::Document(record) => record.issuer.as_deref(),
            Self::Dataset(record) => record.provider.as_deref(),
            Self::ServiceItem(record) => Some(&record.department),
            _ => None,
        }
    }

    /// For whom it is meant, each once; empty where the source does not say.
    #[must_use]
    pub fn addressees(&self) -> Vec<Addressee> {
        let mut addressees: Vec<Addressee> = match self {
            Self::Guide(guide) => guide
                .target
                .iter()
                .filter_map(|word| Addressee::from_target(word))
                .collect(),
            Self::Entry(entry) => entry.audience.iter().map(Addressee::from).collect(),
            _ => Vec::new(),
        };
        addressees.sort_unstable();
        addressees.dedup();
        addressees
    }

    /// Where the content comes from; vocabularies have none.
    #[must_use]
    pub fn provenance(&self) -> Option<&Provenance> {
        match self {
            Self::Entry(record) => Some(&record.provenance),
            Self::Guide(record) => Some(&record.provenance),
            Self::Document(record) => Some(&record.provenance),
            Self::Interpretation(record) => Some(&record.provenance),
            Self::Dataset(record) => Some(&record.provenance),
            Self::ServiceItem(record) => Some(&record.provenance),
            Self::Plan(record) => Some(&record.provenance),
            Self::Form(record) => Some(&record.provenance),
            _ => None,
        }
    }

    /// Whether the content is in force, as far as the source says.
    #[must_use]
    pub fn validity(&self) -> Option<&Validity> {
        match self {
            Self::Guide(record) => Some(&record.validity),
            Self::Document(record) => Some(&record.validity),
            _ => None,
        }
    }

    /// Related records, resolved at publication.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        match self {
            Self::Entry(record) => &record.links,
            Self::Guide(record) => &record.links,
            Self::Document(record) => &record.links,
            Self::Interpretation(record) => &record.links,
            Self::Dataset(record) => &record.links,
            Self::Plan(record) => &record.links,
            _ => &[],
        }
    }

    /// The record as JSON without what was derived from others: what whoever answers for it can sign.
    #[must_use]
    pub fn own_json(&self) -> String {
        let mut own = self.clone();
        if let Some(links) = own.links_mut() {
            links.clear();
        }
        if let Self::Guide(guide) = &mut own {
            guide.validity = Validity::default();
        }
        serde_json::to_string(&own).expect("record types have string keys only")
    }

    /// The pictures and PDFs that belong to the record.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Guide(record) => &record.attachments,
            Self::Document(record) => &record.attachments,
            _ => &[],
        }
    }

    /// The place of the attachments; `None` for kinds that have none.
    pub(crate) fn attachments_mut(&mut self) -> Option<&mut Vec<Attachment>> {
        match self {
            Self::Guide(record) => Some(&mut record.attachments),
            Self::Document(record) => Some(&mut record.attachments),
            _ => None,
        }
    }

    /// The place of the related records, for resolution.
    pub(crate) fn links_mut(&mut self) -> Option<&mut Vec<Link>> {
        match self {
            Self::Entry(record) => Some(&mut record.links),
            Self::Guide(record) => Some(&mut record.links),
            Self::Document(record) => Some(&mut record.links),
            Self::Interpretation(record) => Some(&mut record.links),
            Self::Dataset(record) => Some(&mut record.links),
            Self::Plan(record) => Some(&mut record.links),
            _ => None,
        }
    }
}
