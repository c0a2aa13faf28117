//! Taking apart what was typed.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::citation::{without_article, without_number};
use super::fold::{Folded, Script};
use super::lexicon::Syllable;
use super::number::Number;
use super::pinyin;
use crate::record::ArticleNumber;

/// So many characters of a query count. Tokens are bits of a `u64`, and there is at most one a character.
pub(super) const LONGEST: usize = 64;

/// A query, taken apart.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub folded: Folded,
    /// What is looked for, at most 64.
    pub tokens: Vec<Token>,
    /// The document number that the query is, or names in full beside other words. Those alone are tokens then.
    pub number: Option<Number>,
    /// The article that is asked for. Its words are no tokens.
    pub article: Option<ArticleNumber>,
    /// Letters, digits and hyphens as typed in one piece, lower case: perhaps an item code or a record id.
    pub code: Option<String>,
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub looks: Looks,
    /// The folded characters of the query it stands for.
    pub range: Range<usize>,
    /// How much it says what is meant, before rarity is taken into account: 1 for content words, little
    /// for the words questions are made of.
    pub content: f32,
}

/// What a token looks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Looks {
    /// Two neighbouring Han characters.
    Pair(char, char),
    /// A Han character that stands alone.
    Single(char),
    /// Letters: an English word, perhaps unfinished, or pinyin.
    Letters(String),
    /// Two syllables that were spelled out.
    Sound(Syllable, Syllable),
    /// Digits.
    Digits(String),
}

/// Words of which questions are made. They are part of the language, not of any content.
const QUESTION_WORDS: &[&str] = &[
    "怎么办理",
    "怎样办理",
    "如何办理",
    "怎么申请",
    "怎么办",
    "怎么弄",
    "怎么样",
    "怎么",
    "怎样",
    "如何",
    "咋办",
    "咋",
    "哪里",
    "哪儿",
    "在哪",
    "去哪",
    "哪个",
    "哪些",
    "什么时候",
    "什么地方",
    "为什么",
    "需要什么",
    "要什么",
    "带什么",
    "什么",
    "需要",
    "要带",
    "多少钱",
    "多少",
    "多久",
    "几天",
    "多长时间",
    "可以",
    "能不能",
    "可不可以",
    "能否",
    "是否",
    "是不是",
    "有没有",
    "要不要",
    "请问",
    "想问",
    "我想",
    "我要",
    "想要",
    "帮我",
    "一下",
    "手续",
    "流程",
    "材料",
    "条件",
    "办理",
    "申请",
    "有关",
    "关于",
    "以及",
    "或者",
    "的",
    "了",
    "吗",
    "呢",
    "吧",
    "啊",
    "我",
    "要",
    "想",
    "去",
    "在",
    "办",
    "得",
    "把",
    "给",
];

/// The same by their first characters, in the same order.
static QUESTIONS: LazyLock<FxHashMap<char, Vec<&str>>> = LazyLock::new(|| {
    let mut questions: FxHashMap<char, Vec<&str>> = FxHashMap::default();
    for word in QUESTION_WORDS {
        let first = word.chars().next().expect("no word is empty");
        questions.entry(first).or_default().push(word);
    }
    questions
});

/// English words that say nothing about the matter.
const ENGLISH_STOP_WORDS: &[&str] = &[
    "a", "an", "and", "apply", "at", "by", "can", "do", "for", "get", "how", "i", "in", "is", "me", "my",
    "need", "of", "on", "or", "the", "to", "want", "what", "where", "with",
];

impl Parsed {
    /// Takes `text` apart. Never fails: whatever it is, it is text.
    pub(super) fn new(text: &str) -> Self {
        let start = text.trim_start();
        let cut = start
            .char_indices()
            .nth(4 * LONGEST)
            .map_or(start.len(), |(at, _)| at);
        let text = &start[..cut];
        let (rest, article) = without_article(text);
        let (rest, number) = match without_number(&rest) {
            (rest, Some(number)) => (rest, Some(number)),
            (rest, None) => (rest, Number::parse(text)),
        };
        let folded = Folded::new(&rest, LONGEST);
        Self {
            tokens: tokens(&folded),
            number,
            article,
            code: code(text),
            folded,
        }
    }
}

/// Takes words apart that are neither a number nor an article.
pub(super) fn tokens(words: &Folded) -> Vec<Token> {
    let content = content(words);
    let mut tokens = Vec::new();
    for run in words.runs() {
        tokens_of(words, run.script, run.range, &content, &mut tokens);
    }
    tokens.truncate(LONGEST);
    tokens
}

fn tokens_of(folded: &Folded, script: Script, range: Range<usize>, content: &[f32], tokens: &mut Vec<Token>) {
    let chars = &folded.chars;
    let text = || chars[range.clone()].iter().collect::<String>();
    match script {
        Script::Han if range.len() == 1 => tokens.push(Token {
            looks: Looks::Single(chars[range.start]),
            content: content[range.start],
            range,
        }),
        Script::Han => tokens.extend((range.start..range.end - 1).map(|at| {
            Token {
                looks: Looks::Pair(chars[at], chars[at + 1]),
                range: at..at + 2,
                content: content[at]
                    .min(content[at + 1])
                    .max((content[at] + content[at + 1]) / 4.0),
            }
        })),
        Script::Digit => tokens.push(Token {
            looks: Looks::Digits(text()),
            range,
            content: 1.0,
        }),
        Script::Latin => {
            let word = text();
            let content = if ENGLISH_STOP_WORDS.contains(&word.as_str()) {
                0.1
            } else {
                1.0
            };
            tokens.push(Token {
                looks: Looks::Letters(word),
                range,
                content,
            });
        }
    }
}

impl Token {
    /// The tokens for letters that are pinyin of two or more whole syllables; empty otherwise.
    pub(super) fn sounds(&self) -> Vec<Self> {
        let Looks::Letters(letters) = &self.looks else {
            return Vec::new();
        };
        let letters: Vec<char> = letters.chars().collect();
        let syllables = pinyin::cut(&letters).unwrap_or_default();
        syllables
            .windows(2)
            .map(|pair| Self {
                looks: Looks::Sound(pair[0], pair[1]),
                range: self.range.clone(),
                content: 1.0,
            })
            .collect()
    }
}

/// How much each character says: little inside the words of which questions are made.
fn content(folded: &Folded) -> Vec<f32> {
    let mut content = vec![1.0; folded.len()];
    let mut at = 0;
    while at < folded.len() {
        let mut words = QUESTIONS.get(&folded.chars[at]).into_iter().flatten();
        match words.find_map(|word| length_if_begins(&folded.chars[at..], word)) {
            Some(length) => {
                content[at..at + length].fill(0.12);
                at += length;
            }
            None => at += 1,
        }
    }
    // A query of nothing else means what it says.
    if content.iter().all(|&weight| weight < 1.0) {
        content.fill(1.0);
    }
    content
}

/// How many characters `word` has, if `chars` begin with it.
fn length_if_begins(chars: &[char], word: &str) -> Option<usize> {
    let mut length = 0;
    for character in word.chars() {
        if chars.get(length) != Some(&character) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// A text that could be an item code or a record id: no Han, and at least a digit among four characters.
fn code(text: &str) -> Option<String> {
    let code: String = Folded::new(text, 80).chars.into_iter().collect();
    let plausible = code.len() >= 4
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && code.bytes().any(|byte| byte.is_ascii_digit());
    plausible.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_words_say_little() {
        let parsed = Parsed::new("户口怎么办");
        let weights: Vec<_> = parsed.tokens.iter().map(|token| token.content).collect();
        assert!(weights[0] > 0.9 && weights[2] < 0.2, "{weights:?}");
        assert!(
            Parsed::new("怎么办")
                .tokens
                .iter()
                .all(|token| token.content > 0.9)
        );
    }

    #[test]
    fn a_query_has_no_more_tokens_than_bits() {
        let parsed = Parsed::new(&"社保 ".repeat(10_000));
        assert!(parsed.tokens.len() <= 64 && !parsed.tokens.is_empty());
    }
}
