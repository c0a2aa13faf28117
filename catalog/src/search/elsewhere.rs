//! Words for what a terminal does not have.

use std::ops::Range;

use fst::Set;
use serde::{Deserialize, Serialize, Serializer};

use super::fold;
use super::names::{english_words, stem};
use super::query::{Looks, Token};

/// So many English words in a row are one name at most: lord of the rings.
const LONGEST_PHRASE: usize = 5;

/// The words, each folded, in two finite-state sets.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Elsewhere {
    /// Those with Chinese characters.
    words: Words,
    /// English ones by their stems, with a space between two of them.
    phrases: Words,
}

/// A part of a query that leads elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lead {
    /// The tokens inside the word, a bit each.
    pub inside: u64,
    /// The pairs of characters over its ends, where it is so short that it may be the seam of two others: 金家 in
    /// 养老金家里人.
    pub seams: u64,
}

impl Elsewhere {
    pub(super) fn new<'a>(words: impl IntoIterator<Item = &'a String>) -> Self {
        let (english, chinese): (Vec<&str>, Vec<&str>) = words
            .into_iter()
            .map(String::as_str)
            .partition(|word| word.is_ascii());
        let folded = chinese
            .into_iter()
            .map(|word| fold::key(word).into_iter().collect());
        let stems = english
            .into_iter()
            .map(|phrase| english_words(phrase).collect::<Vec<_>>().join(" "));
        Self {
            words: Words::new(folded.collect()),
            phrases: Words::new(stems.collect()),
        }
    }

    /// Whether an English word by itself leads elsewhere.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.phrases.0.contains(stem(word))
    }

    /// The parts of a query of these folded characters that lead elsewhere.
    pub(super) fn leads(&self, chars: &[char], tokens: &[Token]) -> Vec<Lead> {
        let mut leads = Vec::new();
        for start in 0..chars.len() {
            self.words.beginning(&chars[start..], |length| {
                leads.push(lead(start..start + length, tokens));
            });
        }
        self.add_phrases(tokens, &mut leads);
        // A single character is no token where others stand beside it.
        leads.retain(|lead| lead.inside != 0);
        leads
    }

    fn add_phrases(&self, tokens: &[Token], leads: &mut Vec<Lead>) {
        for first in 0..tokens.len() {
            let (mut phrase, mut inside) = (String::new(), 0);
            for (at, token) in tokens.iter().enumerate().skip(first).take(LONGEST_PHRASE) {
                let Looks::Letters(word) = &token.looks else {
                    break;
                };
                if !phrase.is_empty() {
                    phrase.push(' ');
                }
                phrase.push_str(&stem(word));
                inside |= 1 << at;
                if self.phrases.0.contains(&phrase) {
                    leads.push(Lead { inside, seams: 0 });
                }
            }
        }
    }
}

fn lead(word: Range<usize>, tokens: &[Token]) -> Lead {
    let mut lead = Lead { inside: 0, seams: 0 };
    for (at, token) in tokens.iter().enumerate() {
        match token.looks {
            Looks::Sound(..) => {}
            _ if word.start <= token.range.start && token.range.end <= word.end => lead.inside |= 1 << at,
            Looks::Pair(..) if word.len() == 2 => {
                let begins = token.range.end == word.start + 1;
                let ends = token.range.start + 1 == word.end;
                if begins || ends {
                    lead.seams |= 1 << at;
                }
            }
            _ => {}
        }
    }
    lead
}

/// Words in a finite-state set.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<u8>")]
struct Words(Set<Vec<u8>>);

impl Words {
    fn new(mut words: Vec<String>) -> Self {
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        Self(Set::from_iter(words).expect("the words are in order"))
    }

    /// Tells the lengths of all words that begin where `chars` do.
    fn beginning(&self, chars: &[char], mut tell: impl FnMut(usize)) {
        let set = self.0.as_fst();
        let mut node = set.root();
        for (at, character) in chars.iter().enumerate() {
            for &byte in character.encode_utf8(&mut [0; 4]).as_bytes() {
                let Some(step) = node.find_input(byte) else {
                    return;
                };
                node = set.node(node.transition_addr(step));
            }
            if node.is_final() {
                tell(at + 1);
            }
        }
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_fst().as_bytes().serialize(serializer)
    }
}

impl TryFrom<Vec<u8>> for Words {
    type Error = fst::Error;

    fn try_from(bytes: Vec<u8>) -> Result<Self, fst::Error> {
        Set::new(bytes).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::Parsed;

    fn elsewhere() -> Elsewhere {
        let words = ["电视剧", "金家", "iPhone", "Lord of the Rings", "K歌"];
        Elsewhere::new(&words.map(str::to_owned))
    }

    /// What leads elsewhere in a text, as the characters of its tokens.
    fn words(text: &str) -> Vec<String> {
        let parsed = Parsed::new(text);
        let leads = elsewhere().leads(&parsed.folded.chars, &parsed.tokens);
        let inside = |lead: Lead| {
            let tokens = parsed.tokens.iter().enumerate();
            let tokens = tokens.filter(|&(at, _)| lead.inside >> at & 1 == 1);
            let ranges: Vec<_> = tokens.map(|(_, token)| token.range.clone()).collect();
            let (first, last) = (ranges.first().unwrap(), ranges.last().unwrap());
            parsed.folded.chars[first.start..last.end].iter().collect()
        };
        leads.into_iter().map(inside).collect()
    }

    #[test]
    fn words_are_found_wherever_they_stand_and_only_whole() {
        assert_eq!(words("离婚律师电视剧"), ["电视剧"]);
        assert_eq!(words("買iphone手机"), ["iphone"]);
        assert_eq!(words("lord of the rings dvd"), ["lordoftherings"]);
        assert_eq!(words("K歌"), ["k歌"]);
        assert_eq!(words("lord of the manor"), [""; 0]);
        assert_eq!(words("电视"), [""; 0]);
        assert_eq!(words("iphones"), ["iphones"]);
    }

    #[test]
    fn a_short_word_knows_the_pairs_over_its_ends() {
        let parsed = Parsed::new("养老金家里人");
        let leads = elsewhere().leads(&parsed.folded.chars, &parsed.tokens);
        assert_eq!(
            leads,
            [Lead {
                inside: 0b00100,
                seams: 0b01010
            }]
        );
    }

    #[test]
    fn the_words_survive_their_file_and_nothing_else_passes_for_them() {
        let bytes = postcard::to_stdvec(&elsewhere()).unwrap();
        let again: Elsewhere = postcard::from_bytes(&bytes).unwrap();
        assert!(again.has_word("iphone") && !again.has_word("phone"));
        assert!(Words::try_from(b"no set".to_vec()).is_err());
    }
}
