//! Hits by kinds, and in rows.

use catalog::record::Kind;
use catalog::search::{Filter, Hit};

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

/// The hits that the filter lets through, by their places, the best first.
#[must_use]
pub fn shown(hits: &[Hit], filter: &Filter) -> Vec<usize> {
    (0..hits.len())
        .filter(|&place| filter.wants(&hits[place]))
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

#[cfg(test)]
mod tests {
    use catalog::record::{Kind, RecordId, ValidityState};
    use catalog::search::{Filter, Hit, MatchReason};

    use super::{groups, share, shown};

    fn hit(kind: Kind, area: Option<&str>, validity: ValidityState) -> Hit {
        Hit {
            id: RecordId::try_from("guide-001").expect("an id"),
            kind,
            title: String::new(),
            area: area.map(|id| RecordId::try_from(id).expect("an id")),
            body: None,
            addressees: Vec::new(),
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
