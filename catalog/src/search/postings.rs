//! Which names hold a pair of characters, a pair of sounds, a word.

use serde::{Deserialize, Serialize};

use super::column::{Column, Numbers};
use super::feature::Feature;

/// For each feature, the names that have it, in order.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// The [packed](Feature::packed) features, in order.
    features: Column<u64>,
    /// Where the names of each end.
    ends: Column<u32>,
    names: Column<u32>,
}

impl Postings {
    /// Makes the lists from pairs of a feature and a name, in any order and with repetitions.
    pub(super) fn new(mut pairs: Vec<(Feature, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let (mut features, mut ends, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (feature, name) in pairs {
            let feature = feature.packed();
            if features.last() != Some(&feature) {
                features.push(feature);
                ends.push(names.len() as u32);
            }
            names.push(name);
            if let Some(end) = ends.last_mut() {
                *end += 1;
            }
        }
        Self {
            features: features.into(),
            ends: ends.into(),
            names: names.into(),
        }
    }

    pub(super) fn columns(&mut self) -> [&mut dyn Numbers; 3] {
        [&mut self.features, &mut self.ends, &mut self.names]
    }

    /// The names that have the feature.
    pub(super) fn get(&self, feature: Feature) -> &[u32] {
        let Ok(at) = self.features.binary_search(&feature.packed()) else {
            return &[];
        };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.names[start as usize..self.ends[at] as usize]
    }

    /// Whether every list lies within the names.
    pub(super) fn is_sound(&self, names: usize) -> bool {
        self.features.len() == self.ends.len()
            && self.features.is_sorted()
            && self.ends.is_sorted()
            && self.ends.last().copied().unwrap_or(0) as usize == self.names.len()
            && self.names.iter().all(|&name| (name as usize) < names)
    }
}

/// For each English word, the names that have it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Words {
    words: Vec<(String, Vec<u32>)>,
}

impl Words {
    /// Makes the lists from pairs of a word and a name.
    pub(super) fn new(mut pairs: Vec<(String, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut words: Vec<(String, Vec<u32>)> = Vec::new();
        for (word, name) in pairs {
            match words.last_mut() {
                Some((last, names)) if *last == word => names.push(name),
                _ => words.push((word, vec![name])),
            }
        }
        Self { words }
    }

    /// The names that have a word beginning so, with the length of that word.
    pub(super) fn beginning<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (usize, &'a [u32])> {
        let from = self.words.partition_point(|(word, _)| word.as_str() < start);
        self.words[from..]
            .iter()
            .take_while(move |(word, _)| word.starts_with(start))
            .map(|(word, names)| (word.len(), names.as_slice()))
    }

    /// Whether every list lies within the names.
    pub(super) fn is_sound(&self, names: usize) -> bool {
        self.words.is_sorted()
            && self
                .words
                .iter()
                .all(|(_, list)| list.iter().all(|&name| (name as usize) < names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_gives_back_its_names() {
        let (first, second) = (Feature::pair('社', '保'), Feature::sound(3, 4));
        let postings = Postings::new(vec![(second, 7), (first, 2), (first, 1), (first, 2)]);
        assert_eq!(postings.get(first), [1, 2]);
        assert_eq!(postings.get(second), [7]);
        assert!(postings.get(Feature::single('社')).is_empty());
        assert!(postings.is_sound(8) && !postings.is_sound(7));
    }

    #[test]
    fn words_are_found_by_their_beginning() {
        let words = Words::new(vec![("birth".into(), 1), ("birds".into(), 2), ("tax".into(), 3)]);
        let found: Vec<_> = words.beginning("bir").collect();
        assert_eq!(found, [(5, &[2][..]), (5, &[1][..])]);
    }
}
