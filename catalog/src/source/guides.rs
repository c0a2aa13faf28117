//! `guides.json`: how matters are handled.

use serde::Deserialize;

use super::areas::Areas;
use super::reader::{Located, Reader};
use super::{Found, Origin, ProblemKind};
use crate::record::{
    ArticleNumber, Binds, Condition, Duration, Fee, FeeKind, Guide, GuideSection, LegalBasis, Limit,
    Material, PlainLimit, Provenance, ProvenanceMark, Record, RecordId, Situation, Source, Step, Validity,
    ValidityState,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceGuide {
    id: RecordId,
    name: String,
    area: String,
    agency: String,
    target: Vec<String>,
    aliases: Vec<String>,
    legal_basis: Option<Vec<SourceBasis>>,
    sections: Vec<GuideSection>,
    statutory_limit: Option<SourceLimit>,
    promised_limit: Option<SourceLimit>,
    item_code: Option<String>,
    window_address: Option<String>,
    office_hours: Option<String>,
    phone_consult: Option<String>,
    phone_supervise: Option<String>,
    fee: Option<String>,
    region: String,
    provenance: ProvenanceMark,
    structured: Structured,
    note: Option<String>,
    currency: Option<Currency>,
    source_url: Option<String>,
    source_title: Option<String>,
    source_date: Option<String>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceBasis {
    policy_id: RecordId,
    title: String,
    version: String,
    articles: Vec<ArticleNumber>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceLimit {
    text: String,
    number: Option<u32>,
    unit: Option<String>,
}

/// The page's content, arranged from the sections.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Structured {
    summary: String,
    name_en: Option<String>,
    who: Vec<Condition>,
    materials: Vec<Material>,
    steps: Vec<SourceStep>,
    limits: Vec<SourceNamedLimit>,
    fee: Fee,
    #[serde(rename = "where")]
    place: Option<String>,
    proxy: Option<String>,
    result: Option<String>,
    validity: Option<String>,
    refusal: Vec<Condition>,
    situations: Vec<Situation>,
    remedy: Option<String>,
    /// How the arrangement was made; it is the same for all guides.
    #[serde(rename = "provenance")]
    _provenance: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceStep {
    title: String,
    text: String,
    limit: Option<SourceLimit>,
    article: Option<ArticleNumber>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceNamedLimit {
    label: String,
    number: Option<u32>,
    unit: Option<String>,
    text: String,
    article: Option<ArticleNumber>,
    binds: Binds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Currency {
    state: CurrencyState,
    /// The superseded texts; resolution finds them again among the legal bases.
    #[serde(rename = "policy_ids")]
    _policy_ids: Vec<RecordId>,
    note: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CurrencyState {
    BasisSuperseded,
}

pub(super) fn read(reader: &mut Reader, areas: &Areas) -> Vec<Found> {
    let guides: Vec<Located<SourceGuide>> = reader.list("guides.json", None);
    guides
        .into_iter()
        .filter_map(|Located { value, origin }| {
            let area = areas.id(reader, &value.area, &value.id, &origin)?;
            check_situations(reader, &value, &origin);
            Some((Record::Guide(guide(value, area)), origin))
        })
        .collect()
}

/// A situation names materials by index; one past the end would show the wrong papers or none.
fn check_situations(reader: &mut Reader, guide: &SourceGuide, origin: &Origin) {
    let materials = guide.structured.materials.len();
    let indices = guide
        .structured
        .situations
        .iter()
        .flat_map(|situation| &situation.materials);
    for index in indices.filter(|&&index| index >= materials) {
        let kind = ProblemKind::BrokenReference {
            field: "structured.situations.materials",
            target: index.to_string(),
        };
        reader.problem(origin, Some(guide.id.to_string()), kind);
    }
}

fn guide(source: SourceGuide, area: RecordId) -> Guide {
    let provenance = provenance(&source);
    let structured = source.structured;
    Guide {
        id: source.id,
        name: source.name,
        name_en: structured.name_en,
        area,
        agency: source.agency,
        target: source.target,
        aliases: source.aliases,
        summary: structured.summary,
        who: structured.who,
        materials: structured.materials,
        steps: structured.steps.into_iter().map(step).collect(),
        limits: structured.limits.into_iter().map(named_limit).collect(),
        statutory_limit: source.statutory_limit.map(limit),
        promised_limit: source.promised_limit.map(limit),
        fee: fee(structured.fee, source.fee),
        where_to_apply: structured.place,
        proxy: structured.proxy,
        result: structured.result,
        result_validity: structured.validity,
        refusal: structured.refusal,
        situations: structured.situations,
        remedy: structured.remedy,
        item_code: source.item_code,
        window_address: source.window_address,
        office_hours: source.office_hours,
        phone_consult: source.phone_consult,
        phone_supervise: source.phone_supervise,
        region: source.region,
        legal_basis: source
            .legal_basis
            .unwrap_or_default()
            .into_iter()
            .map(|basis| LegalBasis {
                document: basis.policy_id,
                title: basis.title,
                version: basis.version,
                articles: basis.articles,
            })
            .collect(),
        sections: source.sections,
        validity: source.currency.map(validity).unwrap_or_default(),
        note: source.note,
        provenance,
        links: Vec::new(),
        attachments: Vec::new(),
    }
}

/// The page a guide was transcribed from, or the laws it was arranged from.
fn provenance(guide: &SourceGuide) -> Provenance {
    let bases = guide.legal_basis.as_deref().unwrap_or_default();
    let page = guide.source_title.as_ref().map(|title| Source {
        title: title.clone(),
        url: guide.source_url.clone(),
        jurisdiction: Some(guide.region.clone()),
        date: guide.source_date.clone(),
    });
    let laws = || {
        let first = bases.first()?;
        let titles: Vec<String> = bases.iter().map(|basis| format!("《{}》", basis.title)).collect();
        Some(Source {
            title: titles.concat(),
            url: None,
            jurisdiction: None,
            date: Some(first.version.clone()),
        })
    };
    Provenance {
        mark: guide.provenance,
        source: page.or_else(laws),
        truncated: guide.truncated,
    }
}

fn limit(source: SourceLimit) -> PlainLimit {
    PlainLimit {
        text: source.text,
        duration: duration(source.number, source.unit),
    }
}

fn duration(number: Option<u32>, unit: Option<String>) -> Option<Duration> {
    number.zip(unit).map(|(number, unit)| Duration { number, unit })
}

fn named_limit(source: SourceNamedLimit) -> Limit {
    Limit {
        label: source.label,
        limit: PlainLimit {
            text: source.text,
            duration: duration(source.number, source.unit),
        },
        article: source.article,
        binds: source.binds,
    }
}

fn step(source: SourceStep) -> Step {
    Step {
        title: source.title,
        text: source.text,
        limit: source.limit.map(limit),
        article: source.article,
    }
}

/// The structured fee with the page's own words, where only those exist.
fn fee(structured: Fee, words: Option<String>) -> Fee {
    let kind = match (structured.kind, words.as_deref()) {
        (FeeKind::Unknown, Some("不收费" | "无收费" | "免费")) => FeeKind::Free,
        (kind, _) => kind,
    };
    Fee {
        kind,
        text: structured.text.or(words),
        article: structured.article,
    }
}

fn validity(currency: Currency) -> Validity {
    Validity {
        state: match currency.state {
            CurrencyState::BasisSuperseded => ValidityState::BasisSuperseded,
        },
        as_of: None,
        note: currency.note,
    }
}
