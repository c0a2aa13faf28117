//! What names are looked up by: two neighbouring characters, two neighbouring sounds, and the like.

use super::fold::is_han;
use super::lexicon::Syllable;

/// Two characters or two sounds, packed into a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// The number; features are in its order.
    pub(super) const fn packed(self) -> u64 {
        self.0
    }

    fn pack(kind: u64, first: u32, second: u32) -> Self {
        Self(kind << 42 | u64::from(first) << 21 | u64::from(second))
    }
}

/// A name as it is written and read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    pub chars: &'a [char],
    /// The reading of each character.
    pub syllables: &'a [Syllable],
}

impl<'a> Written<'a> {
    /// Its neighbouring characters and sounds. Only Han characters are looked for by two.
    pub(super) fn neighbours(self) -> impl DoubleEndedIterator<Item = Feature> + 'a {
        (1..self.chars.len()).flat_map(move |at| self.at(at).into_iter().flatten())
    }

    /// Its characters with one between them.
    pub(super) fn gapped(self) -> impl Iterator<Item = Feature> + 'a {
        self.chars
            .windows(3)
            .filter(|window| is_han(window[0]) && is_han(window[2]))
            .map(|window| Feature::gapped(window[0], window[2]))
    }

    /// Its first and its last neighbours: a single mistake leaves those of one end.
    pub(super) fn ends(self) -> impl Iterator<Item = Feature> + 'a {
        let is_some = |found: &[Option<Feature>; 2]| found[0].is_some();
        let first = (1..self.chars.len()).map(move |at| self.at(at)).find(is_some);
        let last = (1..self.chars.len())
            .rev()
            .map(move |at| self.at(at))
            .find(is_some);
        first.into_iter().chain(last).flatten().flatten()
    }

    /// The pair that ends at a place, and how it sounds.
    fn at(self, at: usize) -> [Option<Feature>; 2] {
        let (first, second) = (self.chars[at - 1], self.chars[at]);
        if !is_han(first) || !is_han(second) {
            return [None; 2];
        }
        let sounds = (self.syllables[at - 1], self.syllables[at]);
        [
            Some(Feature::pair(first, second)),
            (sounds.0 > 0 && sounds.1 > 0).then(|| Feature::sound(sounds.0, sounds.1)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::lexicon::reading;

    #[test]
    fn a_name_is_looked_up_by_neighbours_or_by_its_ends_alone() {
        let chars: Vec<char> = "办社保卡ETC".chars().collect();
        let syllables: Vec<Syllable> = chars.iter().map(|&character| reading(character)).collect();
        let written = Written {
            chars: &chars,
            syllables: &syllables,
        };
        let pair = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            let sounds = (reading(chars[0]), reading(chars[1]));
            [
                Feature::pair(chars[0], chars[1]),
                Feature::sound(sounds.0, sounds.1),
            ]
        };
        let of = |pairs: &[&str]| pairs.iter().flat_map(|text| pair(text)).collect::<Vec<_>>();
        assert_eq!(
            written.neighbours().collect::<Vec<_>>(),
            of(&["办社", "社保", "保卡"])
        );
        assert_eq!(written.ends().collect::<Vec<_>>(), of(&["办社", "保卡"]));
        assert_eq!(
            written.gapped().collect::<Vec<_>>(),
            [Feature::gapped('办', '保'), Feature::gapped('社', '卡')]
        );
    }
}
