//! What speaks for each record.

use tantivy::DocAddress;

use crate::record::ArticleNumber;
use crate::search::matching::Marks;
use crate::search::ranking::Lies;
use crate::search::result::MatchReason;

/// The evidence for one record.
pub(super) struct Evidence {
    pub(super) record: u32,
    pub(super) marks: Marks,
    pub(super) best: Option<BestName>,
    /// The share of the query that a name counts for because it stands whole in it.
    pub(super) contained: f32,
    pub(super) passage: Option<(DocAddress, Option<ArticleNumber>)>,
    pub(super) exact: Option<MatchReason>,
    /// Whether its number only begins as was typed.
    pub(super) is_begun: bool,
    /// Whether its agency, area or heading is the whole query.
    pub(super) is_of_context: bool,
    /// Whether a passage of it is where a longer query was copied from.
    pub(super) is_verbatim: bool,
}

/// The name of a record that lies closest to the query.
#[derive(Clone, Copy)]
pub(super) struct BestName {
    pub(super) name: u32,
    pub(super) lies: Lies,
    pub(super) rank: f32,
}

impl Evidence {
    /// Takes `name` for the best one if it ranks above the best so far.
    pub(super) fn prefer(&mut self, name: BestName) {
        if self.best.is_none_or(|before| before.rank < name.rank) {
            self.best = Some(name);
        }
    }
}

/// The evidence for all records, kept between queries to spare the allocation.
#[derive(Default)]
pub(in crate::search) struct Evidences {
    all: Vec<Evidence>,
    /// For each record, the place of its evidence, counted from one; zero for all others.
    places: Vec<u32>,
}

impl Evidences {
    /// Forgets the last query.
    pub(super) fn reset(&mut self, records: usize) {
        if self.places.len() == records {
            for evidence in &self.all {
                self.places[evidence.record as usize] = 0;
            }
        } else {
            self.places = vec![0; records];
        }
        self.all.clear();
    }

    /// The evidence for a record.
    pub(super) fn of(&mut self, record: u32) -> &mut Evidence {
        let place = &mut self.places[record as usize];
        if *place == 0 {
            self.all.push(Evidence {
                record,
                marks: Marks::default(),
                best: None,
                contained: 0.0,
                passage: None,
                exact: None,
                is_begun: false,
                is_of_context: false,
                is_verbatim: false,
            });
            *place = self.all.len() as u32;
        }
        &mut self.all[*place as usize - 1]
    }

    /// All evidence, in the order in which it was found.
    pub(super) fn all(&self) -> &[Evidence] {
        &self.all
    }

    /// The same, to add to it.
    pub(super) fn all_mut(&mut self) -> &mut [Evidence] {
        &mut self.all
    }
}
