//! Which names hold a pair of characters, a pair of sounds, a word.

use serde::{Deserialize, Serialize};

use super::lexicon::Syllable;

/// What names are looked up by, packed into a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Feature(u64);

impl Feature {
    /// Two neighbouring characters.
    pub(super) fn pair(first: char, second: char) -> Self {
        Self::pack(0, u32::from(first), u32::from(second))
    }

    /// Two characters with one between them.
    pub(super) fn gapped(first: char, second: char) -> Self {
        Self::pack(1, u32::from(first), u32::from(second))
    }

    /// Two neighbouring syllables.
    pub(super) fn sound(first: Syllable, second: Syllable) -> Self {
        Self::pack(2, u32::from(first), u32::from(second))
    }

    /// One character.
    pub(super) fn single(character: char) -> Self {
        Self::pack(3, u32::from(character), 0)
    }

    fn pack(kind: u64, first: u32, second: u32) -> Self {
        Self(kind << 42 | u64::from(first) << 21 | u64::from(second))
    }
}

/// For each feature, the names that have it, in order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Postings {
    features: Vec<Feature>,
    ends: Vec<u32>,
    names: Vec<u32>,
}

impl Postings {
    /// Makes the lists from pairs of a feature and a name, in any order and with repetitions.
    pub(super) fn new(mut pairs: Vec<(Feature, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut postings = Self::default();
        for (feature, name) in pairs {
            if postings.features.last() != Some(&feature) {
                postings.features.push(feature);
                postings.ends.push(postings.names.len() as u32);
            }
            postings.names.push(name);
            if let Some(end) = postings.ends.last_mut() {
                *end += 1;
            }
        }
        postings
    }

    /// The names that have the feature.
    pub(super) fn get(&self, feature: Feature) -> &[u32] {
        let Ok(at) = self.features.binary_search(&feature) else {
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
