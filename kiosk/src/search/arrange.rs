//! Hits by kinds, by areas and by validity.

use std::collections::BTreeMap;

use catalog::record::{Kind, RecordId, ValidityState};
use catalog::search::Hit;

/// The kinds that have a tab, in their order. Areas are found too; they have no tab beside the filter by area.
pub const KINDS: [Kind; 8] = [
    Kind::Guide,
    Kind::Document,
    Kind::Entry,
    Kind::Interpretation,
    Kind::Dataset,
    Kind::ServiceItem,
    Kind::Plan,
    Kind::Form,
];

/// What of the hits is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// One kind, or all.
    pub kind: Option<Kind>,
    /// One area, or all.
    pub area: Option<RecordId>,
    /// One validity, or all.
    pub validity: Option<ValidityState>,
}

impl Filter {
    fn is_kind(&self, hit: &Hit) -> bool {
        self.kind.is_none_or(|kind| hit.kind == kind)
    }

    fn is_area(&self, hit: &Hit) -> bool {
        self.area
            .as_ref()
            .is_none_or(|area| hit.area.as_ref() == Some(area))
    }

    fn is_validity(&self, hit: &Hit) -> bool {
        self.validity.is_none_or(|validity| hit.validity == validity)
    }
}

/// The hits that the filter lets through, by their places, the best first.
#[must_use]
pub fn shown(hits: &[Hit], filter: &Filter) -> Vec<usize> {
    let passes = |hit: &Hit| filter.is_kind(hit) && filter.is_area(hit) && filter.is_validity(hit);
    (0..hits.len()).filter(|&place| passes(&hits[place])).collect()
}

/// How many hits each kind would show.
#[must_use]
pub fn kinds(hits: &[Hit], filter: &Filter) -> BTreeMap<Kind, usize> {
    count(
        hits.iter()
            .filter(|hit| filter.is_area(hit) && filter.is_validity(hit))
            .map(|hit| hit.kind),
    )
}

/// How many hits each area would show.
#[must_use]
pub fn areas(hits: &[Hit], filter: &Filter) -> BTreeMap<RecordId, usize> {
    let passing = hits
        .iter()
        .filter(|hit| filter.is_kind(hit) && filter.is_validity(hit));
    count(passing.filter_map(|hit| hit.area.clone()))
}

/// How many hits each validity would show, in the order of [`ValidityState`]'s meaning: in force first.
#[must_use]
pub fn validities(hits: &[Hit], filter: &Filter) -> Vec<(ValidityState, usize)> {
    const STATES: [ValidityState; 5] = [
        ValidityState::InForce,
        ValidityState::BasisSuperseded,
        ValidityState::Superseded,
        ValidityState::Repealed,
        ValidityState::Unknown,
    ];
    let passing: Vec<&Hit> = hits
        .iter()
        .filter(|hit| filter.is_kind(hit) && filter.is_area(hit))
        .collect();
    STATES
        .into_iter()
        .map(|state| (state, passing.iter().filter(|hit| hit.validity == state).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The shown hits by kinds. The kind of the best hit comes first.
#[must_use]
pub fn groups(hits: &[Hit], filter: &Filter) -> Vec<(Kind, Vec<usize>)> {
    let mut groups: Vec<(Kind, Vec<usize>)> = Vec::new();
    for place in shown(hits, filter) {
        let kind = hits[place].kind;
        match groups.iter_mut().find(|(group, _)| *group == kind) {
            Some((_, places)) => places.push(place),
            None => groups.push((kind, vec![place])),
        }
    }
    groups
}

/// Shares `rows` among groups of these sizes, in turn, so that every group shows something before one shows more.
#[must_use]
pub fn share(sizes: &[usize], rows: usize) -> Vec<usize> {
    let mut shares = vec![0; sizes.len()];
    let mut left = rows.min(sizes.iter().sum());
    while left > 0 {
        for (share, &size) in shares.iter_mut().zip(sizes) {
            if left > 0 && *share < size {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

fn count<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use catalog::record::{Kind, RecordId, ValidityState};
    use catalog::search::{Hit, MatchReason};

    use super::{Filter, areas, groups, kinds, share, shown, validities};

    fn hit(kind: Kind, area: Option<&str>, validity: ValidityState) -> Hit {
        Hit {
            id: RecordId::try_from("guide-001").expect("an id"),
            kind,
            title: String::new(),
            area: area.map(|id| RecordId::try_from(id).expect("an id")),
            validity,
            highlights: Vec::new(),
            reason: MatchReason::Title,
            snippet: None,
            article: None,
            score: 0.0,
        }
    }

    fn hits() -> Vec<Hit> {
        use ValidityState::{InForce, Repealed, Unknown};
        vec![
            hit(Kind::Guide, Some("area-sb"), Unknown),
            hit(Kind::Document, None, InForce),
            hit(Kind::Document, None, Repealed),
            hit(Kind::Guide, Some("area-hj"), Unknown),
            hit(Kind::Entry, Some("area-sb"), Unknown),
        ]
    }

    #[test]
    fn filters_work_together_and_keep_the_order() {
        let hits = hits();
        let area = RecordId::try_from("area-sb").ok();
        assert_eq!(shown(&hits, &Filter::default()), [0, 1, 2, 3, 4]);
        assert_eq!(
            shown(
                &hits,
                &Filter {
                    area: area.clone(),
                    ..Filter::default()
                }
            ),
            [0, 4]
        );
        assert_eq!(
            shown(
                &hits,
                &Filter {
                    area,
                    kind: Some(Kind::Entry),
                    ..Filter::default()
                }
            ),
            [4]
        );
        let repealed = Filter {
            validity: Some(ValidityState::Repealed),
            ..Filter::default()
        };
        assert_eq!(shown(&hits, &repealed), [2]);
    }

    #[test]
    fn a_count_says_what_choosing_it_would_show() {
        let hits = hits();
        let filter = Filter {
            kind: Some(Kind::Guide),
            ..Filter::default()
        };
        for (kind, count) in kinds(&hits, &filter) {
            assert_eq!(
                shown(
                    &hits,
                    &Filter {
                        kind: Some(kind),
                        ..filter.clone()
                    }
                )
                .len(),
                count
            );
        }
        for (area, count) in areas(&hits, &filter) {
            assert_eq!(
                shown(
                    &hits,
                    &Filter {
                        area: Some(area),
                        ..filter.clone()
                    }
                )
                .len(),
                count
            );
        }
        let all = Filter::default();
        for (validity, count) in validities(&hits, &all) {
            assert_eq!(
                shown(
                    &hits,
                    &Filter {
                        validity: Some(validity),
                        ..all.clone()
                    }
                )
                .len(),
                count
            );
        }
    }

    #[test]
    fn groups_stand_in_the_order_of_their_best_hits() {
        let grouped = groups(&hits(), &Filter::default());
        assert_eq!(
            grouped,
            [
                (Kind::Guide, vec![0, 3]),
                (Kind::Document, vec![1, 2]),
                (Kind::Entry, vec![4])
            ]
        );
    }

    #[test]
    fn rows_are_shared_in_turn() {
        assert_eq!(share(&[8, 3, 7], 8), [3, 3, 2]);
        assert_eq!(share(&[1, 9], 8), [1, 7]);
        assert_eq!(share(&[1, 1], 8), [1, 1]);
        assert_eq!(share(&[5, 5, 5], 2), [1, 1, 0]);
        assert_eq!(share(&[], 4), Vec::<usize>::new());
    }
}
