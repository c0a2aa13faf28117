//! Opening an index and answering queries.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::candidate::{Candidates, Evidences, Found};
use super::fold::Folded;
use super::matching::Findings;
use super::names::{Brief, NameTable};
use super::query::{Looks, Parsed, Token};
use super::result::{Hit, Query, Results};
use super::snippet::{self, Needles};
use super::text::Texts;
use super::{Built, FOLDER, IndexError, build, file, ranking};
use crate::store::Store;

/// The search index of one generation, read-only. It starts no threads and takes no locks on the folder.
pub struct Index {
    pub(super) names: NameTable,
    pub(super) briefs: Vec<Brief>,
    pub(super) texts: Texts,
    workspace: Mutex<Workspace>,
}

/// What is kept between queries to spare the allocation.
#[derive(Default)]
struct Workspace {
    findings: Findings,
    evidence: Evidences,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("records", &self.names.records.len())
            .finish_non_exhaustive()
    }
}

/// The folder of the index, resolved once: what is read later comes from the same generation.
fn resolved(generation: &Path) -> Result<PathBuf, IndexError> {
    let folder = generation.join(FOLDER);
    folder
        .canonicalize()
        .map_err(|source| IndexError::Absent { path: folder, source })
}

impl Index {
    /// Builds the index of `store` in [`FOLDER`] inside the generation `folder`, in place of any other.
    pub fn build(folder: &Path, store: &Store) -> Result<Built, IndexError> {
        build::build(folder, store, None)
    }

    /// Like [`build`](Self::build), and takes from the index of the generation `before` whatever texts have
    /// not changed since. The answers are the same as of an index built anew, which it becomes where the one
    /// before is missing, damaged or of another version.
    pub fn build_after(before: &Path, folder: &Path, store: &Store) -> Result<Built, IndexError> {
        build::build(folder, store, Some(before))
    }

    /// Looks whether the index of a generation `folder`, or of the link `current` to one, is whole, without
    /// opening it: reads all of it, and compares the check sums.
    pub fn check(folder: &Path) -> Result<(), IndexError> {
        let folder = resolved(folder)?;
        file::check(&folder, file::NAMES)?;
        file::check_parts(&folder)
    }

    /// Opens the index of a generation `folder`, or of the link `current` to one.
    pub fn open(folder: &Path) -> Result<Self, IndexError> {
        let folder = resolved(folder)?;
        let mut names: NameTable = file::read(&folder, file::NAMES)?;
        if !names.is_sound() {
            return Err(IndexError::Damaged {
                path: folder,
                finding: "the names refer to what is not there".to_owned(),
            });
        }
        let extent = std::mem::take(&mut names.extent);
        Ok(Self {
            texts: Texts::open(&folder, extent)?,
            briefs: names.briefs(),
            names,
            workspace: Mutex::default(),
        })
    }

    /// Answers a query. Any text is a query; there are no operators and no errors.
    #[must_use]
    pub fn search(&self, query: &Query) -> Results {
        let mut parsed = Parsed::new(&query.text);
        let mut workspace = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        let Workspace { findings, evidence } = &mut *workspace;
        findings.search(&self.names, &self.briefs, &mut parsed);
        let weights = self.weights(&parsed.tokens);
        let mut candidates = Candidates::gather(self, &parsed, &weights, findings, evidence);
        let ranked = candidates.rank();

        let mut counts = BTreeMap::new();
        for found in &ranked {
            let facets = self.names.facets(found.record);
            if query.filter.wants_but_for_kind(&facets) {
                *counts.entry(facets.kind).or_insert(0) += 1;
            }
        }
        let wanted = |found: &&Found| query.filter.wants_facets(&self.names.facets(found.record));
        let page: Vec<&Found> = ranked.iter().filter(wanted).collect();
        let needles = candidates.needles();
        Results {
            total: page.len(),
            counts,
            suggestion: page
                .first()
                .and_then(|first| candidates.account(first).correction),
            hits: page
                .iter()
                .skip(query.offset)
                .take(query.limit)
                .map(|found| self.hit(found, &needles, &candidates))
                .collect(),
        }
    }

    /// How much each token says: content words more than question words, rare ones more than common ones.
    pub(super) fn weights(&self, tokens: &[Token]) -> Vec<f32> {
        let all = self.texts.len() as f32;
        let rarest = (1.0 + all).ln();
        let weight = |token: &Token| {
            let rarity = match (&token.looks, self.texts.frequency(token)) {
                (Looks::Pair(..), Some(0)) => ranking::UNSEEN * rarest,
                (Looks::Pair(..), Some(seen)) => {
                    (1.0 + (all - seen as f32 + 0.5).max(0.5) / (seen as f32 + 0.5)).ln()
                }
                // Letters between gaps are a word, known or not.
                (Looks::Letters(_), _) => rarest,
                _ => ranking::UNSEEN * rarest,
            };
            token.content * rarity.max(0.5)
        };
        tokens.iter().map(weight).collect()
    }

    fn hit(&self, found: &Found, needles: &Needles, candidates: &Candidates<'_>) -> Hit {
        let entry = &self.names.records[found.record as usize];
        let account = candidates.account(found);
        let title = Folded::new(&entry.title, usize::MAX);
        let mut highlights = snippet::highlights(&title, needles);
        if let Some(range) = &account.spelled_in_title {
            highlights = snippet::bytes(&title, [range.clone()]);
        }
        let snippet = account.passage.and_then(|address| {
            let passage = self.texts.passage(address)?;
            snippet::snippet(&passage, &Folded::new(&passage, usize::MAX), needles)
        });
        Hit {
            id: entry.id.clone(),
            kind: entry.kind,
            title: entry.title.clone(),
            area: entry.area.clone(),
            body: self.names.body_of(entry).map(str::to_owned),
            addressees: entry.addressees.clone(),
            validity: entry.validity,
            highlights,
            reason: account.reason,
            snippet,
            article: account.article,
            score: found.score,
        }
    }
}
