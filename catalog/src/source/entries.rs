//! `catalog.json`, `catalog_variants.json`, `catalog_sources.json`: the standard catalogue.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::areas::Areas;
use super::names::{EnglishNames, cited_names};
use super::reader::{Located, Reader};
use super::{Found, Origin, ProblemKind, elements};
use crate::record::{
    Audience, Citation, Disclosure, Entry, EntryVariant, InferredField, Level, Provenance, ProvenanceMark,
    Record, RecordId, Source, TimeLimit,
};

/// A line of the catalogue, or another place's wording of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceLine {
    area: String,
    level1: String,
    level2: String,
    content: String,
    basis: Option<String>,
    time_limit: Option<String>,
    subject: Option<String>,
    channels: Option<Vec<String>>,
    audience: Vec<String>,
    mode: Mode,
    levels: Option<Vec<String>>,
    inferred: Option<Vec<InferredField>>,
    #[serde(default)]
    truncated: bool,
    provenance: ProvenanceMark,
    source: String,
    id: RecordId,
    basis_links: Option<Vec<BasisLink>>,
    /// Of catalogue lines only.
    no: Option<u32>,
    /// Of variants only.
    variant_of: Option<RecordId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BasisLink {
    cited: String,
    policy_id: Option<RecordId>,
}

#[derive(Clone, Copy, Deserialize)]
enum Mode {
    #[serde(rename = "主动")]
    Active,
    #[serde(rename = "依申请")]
    OnRequest,
    #[serde(rename = "主动、依申请")]
    Both,
}

/// A page that lines were transcribed from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcePage {
    key: String,
    url: Option<String>,
    title: String,
    jurisdiction: Option<String>,
    page_date: Option<String>,
    /// Official site, mirror or reprint; the record's provenance mark says it too.
    #[serde(rename = "host_kind")]
    _host_kind: Option<String>,
}

type Pages = HashMap<String, SourcePage>;

pub(super) fn read(reader: &mut Reader, areas: &Areas, names: &EnglishNames) -> Vec<Found> {
    let pages: Pages = reader
        .list::<SourcePage>("catalog_sources.json", None)
        .into_iter()
        .map(|page| (page.value.key.clone(), page.value))
        .collect();
    let lines: Vec<Located<SourceLine>> = reader.list("catalog.json", Some("core"));
    let mut variants = read_variants(reader, &pages, &lines);
    lines
        .into_iter()
        .filter_map(|Located { value, origin }| {
            let area = areas.id(reader, &value.area, &value.id, &origin)?;
            let Some(no) = value.no else {
                let kind = ProblemKind::Malformed("missing field `no`".to_owned());
                reader.problem(&origin, Some(value.id.to_string()), kind);
                return None;
            };
            let line = line(reader, &pages, value, &origin);
            let entry = Entry {
                area,
                no,
                level1_en: names.get(&line.level1),
                name_en: names.get(&line.level2),
                variants: variants.remove(&line.id).unwrap_or_default(),
                elements: elements::split(&line.content),
                id: line.id,
                level1: line.level1,
                level2: line.level2,
                content: line.content,
                basis: line.basis,
                citations: line.citations,
                time_limit: line.time_limit,
                subject: line.subject,
                channels: line.channels,
                audience: line.audience,
                mode: line.mode,
                levels: line.levels,
                inferred: line.inferred,
                provenance: line.provenance,
                links: Vec::new(),
            };
            Some((Record::Entry(entry), origin))
        })
        .collect()
}

/// Other places' wordings, by the line they belong to.
fn read_variants(
    reader: &mut Reader,
    pages: &Pages,
    lines: &[Located<SourceLine>],
) -> BTreeMap<RecordId, Vec<EntryVariant>> {
    let variants: Vec<Located<SourceLine>> = reader.list("catalog_variants.json", Some("variants"));
    let mut by_line: BTreeMap<RecordId, Vec<EntryVariant>> = BTreeMap::new();
    for Located { value, origin } in variants {
        let known = |id: &RecordId| lines.iter().any(|line| line.value.id == *id);
        match value.variant_of.clone() {
            Some(of) if known(&of) => {
                let variant = line(reader, pages, value, &origin);
                by_line.entry(of).or_default().push(variant);
            }
            other => {
                let kind = ProblemKind::BrokenReference {
                    field: "variant_of",
                    target: other.map(String::from).unwrap_or_default(),
                };
                reader.problem(&origin, Some(value.id.to_string()), kind);
            }
        }
    }
    by_line
}

/// The columns of a line; a variant has no others.
fn line(reader: &mut Reader, pages: &Pages, line: SourceLine, origin: &Origin) -> EntryVariant {
    let source = page(reader, pages, &line, origin);
    EntryVariant {
        citations: citations(line.basis_links, line.basis.as_deref()),
        id: line.id,
        level1: line.level1,
        level2: line.level2,
        content: line.content,
        basis: line.basis,
        time_limit: line.time_limit.as_deref().map(TimeLimit::parse),
        subject: line.subject,
        channels: line.channels,
        audience: line.audience.iter().map(|text| audience(text)).collect(),
        mode: match line.mode {
            Mode::Active => Disclosure::Active,
            Mode::OnRequest => Disclosure::OnRequest,
            Mode::Both => Disclosure::Both,
        },
        levels: line
            .levels
            .map(|levels| levels.iter().map(|text| level(text)).collect()),
        inferred: line.inferred.unwrap_or_default(),
        provenance: Provenance {
            mark: line.provenance,
            source,
            truncated: line.truncated,
        },
    }
}

fn page(reader: &mut Reader, pages: &Pages, line: &SourceLine, origin: &Origin) -> Option<Source> {
    let Some(page) = pages.get(&line.source) else {
        let kind = ProblemKind::BrokenReference {
            field: "source",
            target: line.source.clone(),
        };
        reader.problem(origin, Some(line.id.to_string()), kind);
        return None;
    };
    Some(Source {
        title: page.title.clone(),
        url: page.url.clone(),
        jurisdiction: page.jurisdiction.clone(),
        date: page.page_date.clone(),
    })
}

/// The citations that the source resolved, or the names in the text where it resolved none.
fn citations(links: Option<Vec<BasisLink>>, basis: Option<&str>) -> Vec<Citation> {
    let citation = |cited, document| Citation {
        cited,
        document,
        doc_no: None,
    };
    match links {
        Some(links) => links
            .into_iter()
            .map(|link| citation(link.cited, link.policy_id))
            .collect(),
        None => cited_names(basis.unwrap_or_default())
            .into_iter()
            .map(|cited| citation(cited, None))
            .collect(),
    }
}

fn audience(text: &str) -> Audience {
    let group = |name: &str| {
        let name = name.strip_prefix('（')?.strip_suffix('）')?;
        Some(name.to_owned())
    };
    match text.strip_prefix("特定群体") {
        Some(rest) => Audience::Group(group(rest)),
        None if text == "全社会" => Audience::Everyone,
        None => Audience::Group(Some(text.to_owned())),
    }
}

fn level(text: &str) -> Level {
    match text {
        "市级" => Level::City,
        "县级" => Level::County,
        "乡级" => Level::Township,
        "村级" => Level::Village,
        other => Level::Other(other.to_owned()),
    }
}
