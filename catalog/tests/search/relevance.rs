//! The relevance set, `tests/relevance/queries.jsonl`: what residents type and what they mean.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::first_five;

#[derive(Deserialize)]
struct Case {
    class: String,
    query: String,
    /// Any of these among the first five is right; with none, the answer must be empty.
    expect: Vec<String>,
}

/// Of all queries, so many must be answered within the first five; of each class, so many.
const OVERALL: f64 = 0.95;
const EACH_CLASS: f64 = 0.90;

#[test]
fn the_right_record_is_among_the_first_five() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/relevance/queries.jsonl");
    let cases: Vec<Case> = std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(cases.len() >= 150);
    let mut classes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in &cases {
        let found = first_five(&case.query);
        let right = if case.expect.is_empty() {
            found.is_empty()
        } else {
            found.iter().any(|id| case.expect.contains(id))
        };
        let (good, all) = classes.entry(&case.class).or_default();
        *good += usize::from(right);
        *all += 1;
        if !right {
            println!(
                "{:<18} {} wants {:?}, finds {found:?}",
                case.class, case.query, case.expect
            );
        }
    }
    let share = |(good, all): (usize, usize)| good as f64 / all as f64;
    for (class, counts) in &classes {
        println!("{class:<18} {:>3} of {:>3}", counts.0, counts.1);
    }
    let total = classes
        .values()
        .fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    println!("{:<18} {:>3} of {:>3}", "all", total.0, total.1);
    assert!(share(total) >= OVERALL, "{total:?}");
    let weak: Vec<_> = classes
        .iter()
        .filter(|(_, counts)| share(**counts) < EACH_CLASS)
        .collect();
    assert!(weak.is_empty(), "{weak:?}");
}
