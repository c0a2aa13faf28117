//! Places in lists that change as little as possible from one release to the next.
//!
//! A place is part of a row. Were places simply counted, one new record at the top would change every
//! row, and every terminal would fetch everything. So records that stay in order keep their places, and
//! new ones go into the gaps.

use std::collections::HashMap;

use catalog::record::RecordId;

/// The gap between places that are given out afresh.
const GAP: i64 = 1 << 20;

/// A place for each id, strictly rising, keeping as many of the previous places as possible.
pub(super) fn places(previous: &HashMap<RecordId, i64>, ids: &[&RecordId]) -> Vec<i64> {
    let known: Vec<(usize, i64)> = ids
        .iter()
        .enumerate()
        .filter_map(|(index, id)| Some((index, *previous.get(*id)?)))
        .collect();
    let kept = longest_rising(&known);
    fill(&kept, ids.len()).unwrap_or_else(|| (0..).step_by(GAP as usize).take(ids.len()).collect())
}

/// The longest part of `known` in which the places rise (patience sorting).
fn longest_rising(known: &[(usize, i64)]) -> Vec<(usize, i64)> {
    // tails[n]: the entry with the smallest place that ends a rising part of n + 1 entries.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; known.len()];
    for (entry, &(_, place)) in known.iter().enumerate() {
        let length = tails.partition_point(|&tail| known[tail].1 < place);
        before[entry] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() {
            tails.push(entry);
        } else {
            tails[length] = entry;
        }
    }
    let mut kept = Vec::with_capacity(tails.len());
    let mut next = tails.last().copied();
    while let Some(entry) = next {
        kept.push(known[entry]);
        next = before[entry];
    }
    kept.reverse();
    kept
}

/// Spreads the other entries over the gaps; `None` when one is too narrow.
fn fill(kept: &[(usize, i64)], count: usize) -> Option<Vec<i64>> {
    let mut places = Vec::with_capacity(count);
    let mut low: Option<i64> = None;
    for &(index, high) in kept {
        let new = (index - places.len()) as i64;
        let (start, step) = match low {
            Some(low) => (low, (high - low) / (new + 1)),
            None => (high.checked_sub(GAP.checked_mul(new + 1)?)?, GAP),
        };
        if step == 0 && new > 0 {
            return None;
        }
        places.extend((1..=new).map(|nth| start + step * nth));
        places.push(high);
        low = Some(high);
    }
    while places.len() < count {
        let next = match low {
            Some(low) => low.checked_add(GAP)?,
            None => 0,
        };
        places.push(next);
        low = Some(next);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<RecordId> {
        names
            .iter()
            .map(|&name| RecordId::try_from(name).unwrap())
            .collect()
    }

    /// The places of `names` after `previous` had theirs.
    fn next(previous: &[(RecordId, i64)], names: &[&str]) -> Vec<(RecordId, i64)> {
        let ids = ids(names);
        let references: Vec<&RecordId> = ids.iter().collect();
        let places = places(&previous.iter().cloned().collect(), &references);
        assert!(places.is_sorted_by(|a, b| a < b), "{names:?} got {places:?}");
        ids.into_iter().zip(places).collect()
    }

    fn changed(old: &[(RecordId, i64)], new: &[(RecordId, i64)]) -> Vec<String> {
        let changed = new.iter().filter(|entry| !old.contains(entry));
        changed.map(|(id, _)| id.to_string()).collect()
    }

    #[test]
    fn new_records_anywhere_leave_the_others_in_place() {
        let old = next(&[], &["a", "b", "c"]);
        let new = next(&old, &["x", "y", "a", "z", "b", "c", "w"]);
        assert_eq!(changed(&old, &new), ["x", "y", "z", "w"]);
    }

    #[test]
    fn removing_changes_no_place_and_moving_changes_one() {
        let old = next(&[], &["a", "b", "c", "d"]);
        assert!(changed(&old, &next(&old, &["a", "d"])).is_empty());
        assert_eq!(changed(&old, &next(&old, &["d", "a", "b", "c"])), ["d"]);
    }

    #[test]
    fn a_gap_that_is_used_up_gives_everyone_a_new_place() {
        let mut order = vec!["first".to_owned(), "last".to_owned()];
        let mut places = next(&[], &["first", "last"]);
        for n in 0..64 {
            order.insert(1, format!("n{n}"));
            let names: Vec<&str> = order.iter().map(String::as_str).collect();
            places = next(&places, &names);
        }
        assert_eq!(places.len(), 66);
    }
}
