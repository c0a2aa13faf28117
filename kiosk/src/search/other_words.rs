//! Names near to words for which nothing was found.

use catalog::search::{Index, Query};

/// How many names are offered, and how long one may be to stand in a row of chips.
const MOST: usize = 3;
const LONGEST: usize = 9;
/// Parts that are tried: a resident's words are short.
const TRIES: usize = 24;

/// Titles that are found by parts of `query`, the longest parts first.
pub(super) fn other_words(index: &Index, query: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in parts(query).into_iter().take(TRIES) {
        let hits = index
            .search(&Query {
                limit: 4,
                ..Query::new(part)
            })
            .hits;
        // One name of each part, so that the offers differ.
        let name = hits
            .into_iter()
            .map(|hit| hit.title)
            .find(|title| title.chars().count() <= LONGEST && !found.contains(title));
        found.extend(name);
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The parts of two characters and more, the longest first.
fn parts(query: &str) -> Vec<String> {
    let characters: Vec<char> = query.chars().filter(|c| c.is_alphanumeric()).collect();
    let lengths = (2..characters.len().min(8)).rev();
    lengths
        .flat_map(|length| characters.windows(length).map(|part| part.iter().collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_begin_with_the_longest_and_leave_the_whole_out() {
        assert_eq!(parts("电动车，牌"), ["电动车", "动车牌", "电动", "动车", "车牌"]);
        assert_eq!(parts("牌"), Vec::<String>::new());
        assert_eq!(parts(""), Vec::<String>::new());
    }
}
