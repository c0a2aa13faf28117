//! The passage of an interpretation that is nearest to an article.

use std::collections::HashSet;

use catalog::record::Interpretation;

use super::super::content::typeset;

/// A passage has at most this many characters: as many as the panel shows in every orientation.
const PASSAGE: usize = 90;
/// An article and a passage that share fewer pairs of characters than this have nothing to say to each other.
const NEAR: usize = 6;

/// A few sentences of an interpretation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// The sentences.
    pub(crate) text: String,
    /// Its pairs of neighbouring Han characters.
    pairs: HashSet<(char, char)>,
}

/// The passages of `interpretation`, in reading order.
#[must_use]
pub(crate) fn passages(interpretation: &Interpretation) -> Vec<Passage> {
    let mut passages = Vec::new();
    for paragraph in &interpretation.paragraphs {
        let mut text = String::new();
        for sentence in paragraph.split_inclusive(['。', '！', '？']) {
            if !text.is_empty() && text.chars().count() + sentence.chars().count() > PASSAGE {
                passages.push(Passage::new(&std::mem::take(&mut text)));
            }
            text.push_str(sentence.trim());
        }
        if !text.is_empty() {
            passages.push(Passage::new(&text));
        }
    }
    passages
}

impl Passage {
    fn new(text: &str) -> Self {
        let shown = if text.chars().count() > PASSAGE {
            text.chars().take(PASSAGE).chain("……".chars()).collect()
        } else {
            text.to_owned()
        };
        Self {
            text: typeset(&shown),
            pairs: pairs(text),
        }
    }

    /// The passage that shares most with `article`; `None` when none is near.
    #[must_use]
    pub(crate) fn nearest<'a>(passages: &'a [Self], article: &str) -> Option<&'a Self> {
        let wanted = pairs(article);
        let shared = |passage: &Self| passage.pairs.intersection(&wanted).count();
        let best = passages.iter().rev().max_by_key(|passage| shared(passage))?;
        (shared(best) >= NEAR).then_some(best)
    }
}

fn pairs(text: &str) -> HashSet<(char, char)> {
    let han: Vec<char> = text.chars().collect();
    let is_han = |character: char| catalog::typeset::is_han(character);
    han.windows(2)
        .filter(|pair| pair.iter().all(|&c| is_han(c)))
        .map(|pair| (pair[0], pair[1]))
        .collect()
}
