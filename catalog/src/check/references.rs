//! References that resolve, but not to what they should.

use std::collections::{HashMap, HashSet};

use super::dates;
use super::{Remark, Rule};
use crate::record::{ArticleNumber, Block, Document, Guide, Interpretation, Record, RecordId};

/// The articles and dates of all documents.
pub(super) struct Library<'a>(HashMap<&'a RecordId, (&'a Document, HashSet<ArticleNumber>)>);

impl<'a> Library<'a> {
    pub(super) fn new(records: &'a [Record]) -> Self {
        let documents = records.iter().filter_map(|record| match record {
            Record::Document(document) => Some((&document.id, (document, articles(document)))),
            _ => None,
        });
        Self(documents.collect())
    }

    pub(super) fn remarks(&self, record: &Record) -> Vec<Remark> {
        match record {
            Record::Guide(guide) => self.guide(guide),
            Record::Form(form) => {
                let rules = form.rules.iter().map(|rule| rule.article);
                let cited = std::iter::once(form.basis.1).chain(rules);
                cited
                    .filter_map(|article| self.missing(&form.basis.0, article))
                    .collect()
            }
            Record::Interpretation(interpretation) => self.late(interpretation).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The articles of each basis, and those named beside the statements, which must be in some basis.
    fn guide(&self, guide: &Guide) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = guide
            .legal_basis
            .iter()
            .flat_map(|basis| {
                basis
                    .articles
                    .iter()
                    .map(move |&article| (&basis.document, article))
            })
            .filter_map(|(document, article)| self.missing(document, article))
            .collect();
        let known: Vec<_> = guide
            .legal_basis
            .iter()
            .filter_map(|basis| self.0.get(&basis.document))
            .collect();
        if known.is_empty() {
            return remarks;
        }
        let mut seen = HashSet::new();
        for article in named(guide).filter(|&article| seen.insert(article)) {
            if !known.iter().any(|(_, articles)| articles.contains(&article)) {
                let message = format!("{article} is in none of its legal bases");
                remarks.push(Remark::error(Rule::MissingArticle, message));
            }
        }
        remarks
    }

    fn missing(&self, document: &RecordId, article: ArticleNumber) -> Option<Remark> {
        let (text, articles) = self.0.get(document)?;
        (!articles.contains(&article)).then(|| {
            Remark::error(
                Rule::MissingArticle,
                format!("《{}》 has no {article}", text.title),
            )
        })
    }

    /// A policy and its interpretation are to be published together.
    fn late(&self, interpretation: &Interpretation) -> Option<Remark> {
        let (policy, _) = self.0.get(interpretation.document.as_ref()?)?;
        let explained = dates::parse(interpretation.published.as_deref()?)?;
        let published = dates::parse(policy.published.as_deref().or(policy.version_date.as_deref())?)?;
        (explained > published).then(|| {
            let message = format!("published on {explained}, after its policy of {published}");
            Remark::warning(Rule::LateInterpretation, message)
        })
    }
}

fn articles(document: &Document) -> HashSet<ArticleNumber> {
    let numbers = document.blocks.iter().filter_map(|block| match block {
        Block::Article { number, .. } => Some(*number),
        Block::Paragraph { .. } => None,
    });
    numbers.collect()
}

/// The articles that a guide names beside its statements.
fn named(guide: &Guide) -> impl Iterator<Item = ArticleNumber> {
    let conditions = guide
        .who
        .iter()
        .chain(&guide.refusal)
        .map(|condition| condition.article);
    let materials = guide.materials.iter().map(|material| material.article);
    let steps = guide.steps.iter().map(|step| step.article);
    let limits = guide.limits.iter().map(|limit| limit.article);
    let sections = guide.sections.iter().map(|section| section.article);
    conditions
        .chain(materials)
        .chain(steps)
        .chain(limits)
        .chain(sections)
        .chain([guide.fee.article])
        .flatten()
}
