//! Resolves references between records into links.
//!
//! Links are made in both directions, without doubles, in the order of relation, kind and id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::citation_key;
use crate::record::{
    ArticleNumber, Citation, Document, Guide, Kind, Link, ProvenanceMark, Record, RecordId, Relation,
    Validity, ValidityState,
};

/// A reference to a record that is not in the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// The record that holds the reference.
    pub record: RecordId,
    /// The field, as the source names it.
    pub field: &'static str,
    /// What it names.
    pub target: String,
}

/// Completes citations, fills every record's links, and derives the validity of guides from the texts
/// they rest on. References to nothing are returned and dropped.
pub fn resolve(records: &mut [Record]) -> Vec<Unresolved> {
    let index = Index::new(records);
    let mut unresolved = Vec::new();
    let mut graph = Graph::default();
    for record in records.iter_mut() {
        complete_citations(record, &index, &mut unresolved);
    }
    for record in records.iter() {
        references(record, &index, &mut graph, &mut unresolved);
    }
    same_area(records, &mut graph);
    for record in records.iter_mut() {
        if let Record::Guide(guide) = record {
            let bases = guide.legal_basis.iter().map(|basis| &basis.document);
            guide.validity = rests_on(bases, &index, &guide.validity);
            number_source(guide, &index);
        }
        if let Record::Plan(plan) = record
            && let (Some(source), Some(document)) =
                (&mut plan.provenance.source, index.entries.get(&plan.document))
        {
            source.title = format!("《{}》附件", document.title);
        }
        let links = graph.links(record.id(), &index);
        if let Some(place) = record.links_mut() {
            *place = links;
        }
        if let Record::LifeEvent(event) = record {
            for list in [&mut event.guides, &mut event.areas, &mut event.documents] {
                list.retain(|id| index.entries.contains_key(id));
            }
        }
        if let Record::Synonyms(synonyms) = record {
            for entry in &mut synonyms.entries {
                entry.targets.retain(|id| index.entries.contains_key(id));
            }
        }
    }
    unresolved
}

/// What other records need to know of a record.
struct Indexed {
    kind: Kind,
    title: String,
    doc_no: Option<String>,
    validity: Validity,
}

struct Index {
    entries: BTreeMap<RecordId, Indexed>,
    by_name: HashMap<String, RecordId>,
}

impl Index {
    fn new(records: &[Record]) -> Self {
        let mut entries = BTreeMap::new();
        let mut by_name = HashMap::new();
        for record in records {
            let document = match record {
                Record::Document(document) => Some(document),
                _ => None,
            };
            let indexed = Indexed {
                kind: record.kind(),
                title: record.title().to_owned(),
                doc_no: document.and_then(|document| document.doc_no.clone()),
                validity: record.validity().cloned().unwrap_or_default(),
            };
            entries.insert(record.id().clone(), indexed);
            for name in document.into_iter().flat_map(names_of) {
                by_name.entry(name).or_insert_with(|| record.id().clone());
            }
        }
        Self { entries, by_name }
    }

    fn has(&self, id: &RecordId, kind: Kind) -> bool {
        self.entries.get(id).is_some_and(|indexed| indexed.kind == kind)
    }
}

/// The names under which a document is cited. A number alone is no name.
fn names_of(document: &Document) -> Vec<String> {
    let short = document
        .short_title
        .iter()
        .filter(|short| document.doc_no.as_ref() != Some(short));
    std::iter::once(&document.title)
        .chain(short)
        .map(|name| citation_key(name))
        .collect()
}

fn complete_citations(record: &mut Record, index: &Index, unresolved: &mut Vec<Unresolved>) {
    let Record::Entry(entry) = record else {
        return;
    };
    let own = (entry.id.clone(), &mut entry.citations);
    let variants = entry.variants.iter_mut();
    let all =
        std::iter::once(own).chain(variants.map(|variant| (variant.id.clone(), &mut variant.citations)));
    for (holder, citations) in all {
        for citation in citations {
            complete_citation(citation, index, |target| {
                unresolved.push(Unresolved {
                    record: entry.id.clone(),
                    field: if holder == entry.id {
                        "basis_links"
                    } else {
                        "basis_links of a variant"
                    },
                    target,
                });
            });
        }
    }
}

fn complete_citation(citation: &mut Citation, index: &Index, mut broken: impl FnMut(String)) {
    if let Some(id) = citation.document.take_if(|id| !index.has(id, Kind::Document)) {
        broken(id.to_string());
    }
    if citation.document.is_none() {
        citation.document = index.by_name.get(&citation_key(&citation.cited)).cloned();
    }
    if let Some(document) = citation.document.as_ref().and_then(|id| index.entries.get(id)) {
        citation.doc_no.clone_from(&document.doc_no);
    }
}

/// Collects what `record` refers to, in both directions.
fn references(record: &Record, index: &Index, graph: &mut Graph, unresolved: &mut Vec<Unresolved>) {
    let id = record.id();
    let mut known = |field: &'static str, target: &RecordId, kind: Kind| {
        let known = index.has(target, kind);
        if !known {
            unresolved.push(Unresolved {
                record: id.clone(),
                field,
                target: target.to_string(),
            });
        }
        known
    };
    match record {
        Record::Entry(entry) => {
            for document in entry
                .citations
                .iter()
                .filter_map(|citation| citation.document.as_ref())
            {
                graph.pair(id, Relation::Basis, document, Relation::BasisOf, &[]);
            }
        }
        Record::Guide(guide) => {
            for basis in &guide.legal_basis {
                if known("legal_basis", &basis.document, Kind::Document) {
                    graph.pair(
                        id,
                        Relation::Basis,
                        &basis.document,
                        Relation::BasisOf,
                        &basis.articles,
                    );
                }
            }
        }
        Record::Interpretation(interpretation) => {
            if let Some(policy) = &interpretation.document
                && known("policy_id", policy, Kind::Document)
            {
                graph.pair(id, Relation::Interprets, policy, Relation::InterpretedBy, &[]);
            }
        }
        Record::Plan(plan) if known("policy_id", &plan.document, Kind::Document) => {
            graph.pair(id, Relation::AnnexOf, &plan.document, Relation::Annex, &[]);
        }
        Record::Form(form) => {
            let (document, article) = &form.basis;
            if known("legal_basis", document, Kind::Document) {
                graph.pair(id, Relation::Basis, document, Relation::BasisOf, &[*article]);
            }
        }
        Record::LifeEvent(event) => {
            for guide in &event.guides {
                known("guide_ids", guide, Kind::Guide);
            }
            for area in &event.areas {
                known("areas", area, Kind::Area);
            }
            for document in &event.documents {
                known("policy_ids", document, Kind::Document);
            }
        }
        Record::Synonyms(synonyms) => {
            for target in synonyms.entries.iter().flat_map(|entry| &entry.targets) {
                if !index.entries.contains_key(target) {
                    unresolved.push(Unresolved {
                        record: id.clone(),
                        field: "target_ids",
                        target: target.to_string(),
                    });
                }
            }
        }
        _ => {}
    }
}

/// Entries, guides and data sets of one area lead to each other.
fn same_area(records: &[Record], graph: &mut Graph) {
    let mut areas: BTreeMap<&RecordId, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let (Some(area), Some(_)) = (record.area(), relation_to(record.kind())) {
            areas.entry(area).or_default().push(record);
        }
    }
    for members in areas.values() {
        for from in members {
            for to in members {
                let siblings = from.kind() == to.kind() && from.kind() != Kind::Dataset;
                if let (false, false, Some(relation)) =
                    (siblings, from.id() == to.id(), relation_to(to.kind()))
                {
                    graph.add(from.id(), relation, to.id(), &[]);
                }
            }
        }
    }
}

fn relation_to(kind: Kind) -> Option<Relation> {
    match kind {
        Kind::Entry => Some(Relation::Entry),
        Kind::Guide => Some(Relation::Guide),
        Kind::Dataset => Some(Relation::Dataset),
        _ => None,
    }
}

/// Links by the record that holds them.
#[derive(Default)]
struct Graph(HashMap<RecordId, BTreeMap<(Relation, RecordId), BTreeSet<ArticleNumber>>>);

impl Graph {
    fn add(&mut self, from: &RecordId, relation: Relation, to: &RecordId, articles: &[ArticleNumber]) {
        let links = self.0.entry(from.clone()).or_default();
        links.entry((relation, to.clone())).or_default().extend(articles);
    }

    fn pair(
        &mut self,
        from: &RecordId,
        there: Relation,
        to: &RecordId,
        back: Relation,
        articles: &[ArticleNumber],
    ) {
        self.add(from, there, to, articles);
        self.add(to, back, from, articles);
    }

    fn links(&mut self, id: &RecordId, index: &Index) -> Vec<Link> {
        let links = self.0.remove(id).unwrap_or_default();
        let mut links: Vec<Link> = links
            .into_iter()
            .filter_map(|((relation, id), articles)| {
                let target = index.entries.get(&id)?;
                Some(Link {
                    relation,
                    kind: target.kind,
                    title: target.title.clone(),
                    articles: articles.into_iter().collect(),
                    id,
                })
            })
            .collect();
        links.sort_by(|a, b| (a.relation, a.kind, &a.id).cmp(&(b.relation, b.kind, &b.id)));
        links
    }
}

/// Names the laws that a guide was arranged from with their numbers: 《居住证暂行条例》（国务院令第663号）.
fn number_source(guide: &mut Guide, index: &Index) {
    if guide.provenance.mark != ProvenanceMark::LawDerived {
        return;
    }
    let named = guide.legal_basis.iter().map(|basis| {
        let number = index
            .entries
            .get(&basis.document)
            .and_then(|document| document.doc_no.as_ref());
        let number = number.map(|number| format!("（{number}）")).unwrap_or_default();
        format!("《{}》{number}", basis.title)
    });
    if let Some(source) = &mut guide.provenance.source {
        source.title = named.collect();
    }
}

/// A guide is as good as the texts it rests on: superseded with any of them, in force up to the earliest
/// day with all of them, unknown when it rests on none.
fn rests_on<'a>(bases: impl Iterator<Item = &'a RecordId>, index: &Index, stated: &Validity) -> Validity {
    if stated.state != ValidityState::Unknown {
        return stated.clone();
    }
    let bases: Vec<&Validity> = bases
        .filter_map(|id| index.entries.get(id).map(|document| &document.validity))
        .collect();
    let out_of_force = |state| matches!(state, ValidityState::Superseded | ValidityState::Repealed);
    if let Some(basis) = bases.iter().find(|basis| out_of_force(basis.state)) {
        return Validity {
            state: ValidityState::BasisSuperseded,
            as_of: None,
            note: basis.note.clone(),
        };
    }
    if !bases.is_empty() && bases.iter().all(|basis| basis.state == ValidityState::InForce) {
        return Validity {
            state: ValidityState::InForce,
            as_of: bases.iter().filter_map(|basis| basis.as_of.clone()).min(),
            note: None,
        };
    }
    stated.clone()
}
