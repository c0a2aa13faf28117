//! The characters and sounds of a query that are looked for in names.

use rustc_hash::FxHashMap;

use super::feature::{Feature, Written};
use super::lexicon;
use super::matching::{Grade, Marks};
use super::names::SHORT;
use super::query::{Looks, Parsed};

/// Each feature that is looked for, with the tokens it is evidence of.
pub(super) struct Wanted {
    features: Vec<(Feature, Grade, u64)>,
    marks: FxHashMap<Feature, Marks>,
    /// A bit for each, by which most others are told from them.
    bits: u64,
}

impl Wanted {
    /// What to look for: the characters, how they sound, and what is left of them by one mistake.
    pub(super) fn new(query: &Parsed) -> Self {
        let mut features = Vec::new();
        for (number, token) in query.tokens.iter().enumerate() {
            let token_bit = 1 << number;
            match token.looks {
                Looks::Pair(first, second) => {
                    features.push((Feature::pair(first, second), Grade::Exact, token_bit));
                    let sounds = (lexicon::reading(first), lexicon::reading(second));
                    if sounds.0 > 0 && sounds.1 > 0 {
                        features.push((Feature::sound(sounds.0, sounds.1), Grade::Sound, token_bit));
                    }
                }
                Looks::Single(character) => {
                    features.push((Feature::single(character), Grade::Exact, token_bit));
                }
                Looks::Sound(first, second) => {
                    features.push((Feature::sound(first, second), Grade::Near, token_bit));
                }
                Looks::Letters(_) | Looks::Digits(_) => {}
            }
        }
        forgive(query, &mut features);
        let mut marks: FxHashMap<Feature, Marks> = FxHashMap::default();
        for &(feature, grade, bits) in &features {
            marks.entry(feature).or_default()[grade as usize] |= bits;
        }
        let bits = features
            .iter()
            .fold(0, |bits, (feature, ..)| bits | bit(*feature));
        Self {
            features,
            marks,
            bits,
        }
    }

    /// The features, in the order of the tokens.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Feature, Grade, u64)> {
        self.features.iter()
    }

    /// What of the query something that residents say holds, and how many of its characters that is. A short
    /// word with another character is another word.
    pub(super) fn found_in(&self, said: Written<'_>) -> (Marks, usize) {
        let (mut found, mut held) = (Marks::default(), 0);
        // Up to where the characters are counted.
        let mut counted = 0;
        for at in 1..said.chars.len() {
            let [pair, sound] = said.ending_at(at);
            let gapped = said.gapped_at(at).filter(|_| said.chars.len() > SHORT);
            let by_two = [pair, sound].map(|feature| self.add(feature, &mut found));
            let by_three = self.add(gapped, &mut found);
            let begin = match (by_two.contains(&true), by_three) {
                (_, true) => at - 2,
                (true, false) => at - 1,
                (false, false) => continue,
            };
            held += at + 1 - begin.max(counted);
            counted = at + 1;
        }
        (found, held)
    }

    /// Adds what a feature is evidence of; tells whether it is wanted.
    fn add(&self, feature: Option<Feature>, found: &mut Marks) -> bool {
        let marks = feature
            .filter(|feature| self.bits & bit(*feature) != 0)
            .and_then(|feature| self.marks.get(&feature));
        for (sum, bits) in found.iter_mut().zip(marks.into_iter().flatten()) {
            *sum |= bits;
        }
        marks.is_some()
    }
}

fn bit(feature: Feature) -> u64 {
    1 << (feature.packed().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

/// Forgives one wrong, missing or superfluous character.
fn forgive(query: &Parsed, features: &mut Vec<(Feature, Grade, u64)>) {
    let pair = |index: usize| match query.tokens.get(index).map(|token| &token.looks) {
        Some(&Looks::Pair(first, second)) => Some((first, second)),
        _ => None,
    };
    for index in 0..query.tokens.len() {
        let Some((first, second)) = pair(index) else {
            continue;
        };
        // 居民身证: the name has a character between the two.
        features.push((Feature::gapped(first, second), Grade::Partly, 1 << index));
        let joined = pair(index + 1)
            .filter(|_| query.tokens[index + 1].range.start == query.tokens[index].range.start + 1);
        if let Some((_, third)) = joined {
            let both = 0b11 << index;
            // 公枳金: the name has another character between the first and the third.
            features.push((Feature::gapped(first, third), Grade::Partly, both));
            // 公积积金: the name has the first and the third side by side.
            features.push((Feature::pair(first, third), Grade::Partly, both));
        }
    }
}
