//! Narrowing what was found: by kind, area, body, addressee and validity.

use std::collections::BTreeMap;

use super::Hit;
use crate::record::{Addressee, Kind, RecordId, ValidityState};

/// What of the hits is wanted; the default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only records of this area.
    pub area: Option<RecordId>,
    /// Only records of this body, in the source's words.
    pub body: Option<String>,
    /// Only what is meant for these, and says so.
    pub addressee: Option<Addressee>,
    /// Only what has this validity.
    pub validity: Option<ValidityState>,
}

/// What a record is narrowed by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facets<'a> {
    pub kind: Kind,
    pub area: Option<&'a RecordId>,
    pub body: Option<&'a str>,
    pub addressees: &'a [Addressee],
    pub validity: ValidityState,
}

/// The parts of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Kind,
    Area,
    Body,
    Addressee,
    Validity,
}

impl Filter {
    /// Whether a hit is wanted.
    #[must_use]
    pub fn wants(&self, hit: &Hit) -> bool {
        self.passes(&hit.facets(), None)
    }

    /// Whether a record is wanted whatever its kind.
    pub(super) fn wants_but_for_kind(&self, facets: &Facets<'_>) -> bool {
        self.passes(facets, Some(Part::Kind))
    }

    /// Whether a record is wanted.
    pub(super) fn wants_facets(&self, facets: &Facets<'_>) -> bool {
        self.passes(facets, None)
    }

    fn passes(&self, facets: &Facets<'_>, but: Option<Part>) -> bool {
        let kind = || self.kind.is_none_or(|kind| facets.kind == kind);
        let area = || self.area.is_none() || facets.area == self.area.as_ref();
        let body = || self.body.is_none() || facets.body == self.body.as_deref();
        let addressee = || {
            self.addressee
                .is_none_or(|wanted| facets.addressees.contains(&wanted))
        };
        let validity = || self.validity.is_none_or(|validity| facets.validity == validity);
        (but == Some(Part::Kind) || kind())
            && (but == Some(Part::Area) || area())
            && (but == Some(Part::Body) || body())
            && (but == Some(Part::Addressee) || addressee())
            && (but == Some(Part::Validity) || validity())
    }
}

/// For each value of each part of a filter, how many hits choosing it would show, the other parts being
/// as they are. Values that would show nothing are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// By kind.
    pub kinds: BTreeMap<Kind, usize>,
    /// By area.
    pub areas: BTreeMap<RecordId, usize>,
    /// By body.
    pub bodies: BTreeMap<String, usize>,
    /// By addressee.
    pub addressees: BTreeMap<Addressee, usize>,
    /// By validity.
    pub validities: BTreeMap<ValidityState, usize>,
}

impl Counts {
    /// Counts `hits` under `filter`.
    #[must_use]
    pub fn of(hits: &[Hit], filter: &Filter) -> Self {
        let mut counts = Self::default();
        for hit in hits {
            let facets = hit.facets();
            let passes = |part| filter.passes(&facets, Some(part));
            if passes(Part::Kind) {
                *counts.kinds.entry(hit.kind).or_default() += 1;
            }
            if let Some(area) = hit.area.clone().filter(|_| passes(Part::Area)) {
                *counts.areas.entry(area).or_default() += 1;
            }
            if let Some(body) = hit.body.clone().filter(|_| passes(Part::Body)) {
                *counts.bodies.entry(body).or_default() += 1;
            }
            if passes(Part::Addressee) {
                for &addressee in &hit.addressees {
                    *counts.addressees.entry(addressee).or_default() += 1;
                }
            }
            if passes(Part::Validity) {
                *counts.validities.entry(hit.validity).or_default() += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::MatchReason;

    fn hit(kind: Kind, area: &str, body: &str, addressees: &[Addressee], validity: ValidityState) -> Hit {
        Hit {
            id: "guide-001".try_into().unwrap(),
            kind,
            title: String::new(),
            area: RecordId::try_from(area).ok(),
            body: (!body.is_empty()).then(|| body.to_owned()),
            addressees: addressees.to_vec(),
            validity,
            highlights: Vec::new(),
            reason: MatchReason::Title,
            snippet: None,
            article: None,
            score: 0.0,
        }
    }

    fn hits() -> Vec<Hit> {
        use Addressee::{Organisation, Person, Public};
        use ValidityState::{InForce, Repealed, Unknown};
        vec![
            hit(Kind::Guide, "area-sb", "社保局", &[Person, Organisation], InForce),
            hit(Kind::Document, "", "国务院", &[], InForce),
            hit(Kind::Document, "", "国务院", &[], Repealed),
            hit(Kind::Guide, "area-hj", "公安局", &[Person], Unknown),
            hit(Kind::Entry, "area-sb", "", &[Public], Unknown),
        ]
    }

    fn shown(filter: &Filter) -> usize {
        hits().iter().filter(|hit| filter.wants(hit)).count()
    }

    #[test]
    fn the_parts_of_a_filter_work_together() {
        assert_eq!(shown(&Filter::default()), 5);
        let persons = Filter {
            addressee: Some(Addressee::Person),
            ..Filter::default()
        };
        assert_eq!(shown(&persons), 2);
        let both = Filter {
            area: "area-sb".try_into().ok(),
            ..persons
        };
        assert_eq!(shown(&both), 1);
        let none = Filter {
            body: Some("公安局".to_owned()),
            ..both
        };
        assert_eq!(shown(&none), 0);
    }

    #[test]
    fn a_count_says_what_choosing_it_would_show() {
        let filters = [
            Filter::default(),
            Filter {
                kind: Some(Kind::Guide),
                ..Filter::default()
            },
            Filter {
                body: Some("国务院".to_owned()),
                validity: Some(ValidityState::InForce),
                ..Filter::default()
            },
        ];
        for filter in filters {
            let counts = Counts::of(&hits(), &filter);
            let with = |change: &dyn Fn(&mut Filter)| {
                let mut filter = filter.clone();
                change(&mut filter);
                shown(&filter)
            };
            for (&kind, &count) in &counts.kinds {
                assert_eq!(with(&|filter| filter.kind = Some(kind)), count);
            }
            for (area, &count) in &counts.areas {
                assert_eq!(with(&|filter| filter.area = Some(area.clone())), count);
            }
            for (body, &count) in &counts.bodies {
                assert_eq!(with(&|filter| filter.body = Some(body.clone())), count);
            }
            for (&addressee, &count) in &counts.addressees {
                assert_eq!(with(&|filter| filter.addressee = Some(addressee)), count);
            }
            for (&validity, &count) in &counts.validities {
                assert_eq!(with(&|filter| filter.validity = Some(validity)), count);
            }
        }
    }
}
