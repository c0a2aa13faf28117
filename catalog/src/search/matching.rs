//! Which parts of a query which names hold, and how surely.

use std::ops::RangeInclusive;

use super::fold::is_han;
use super::names::{Brief, NameTable, SHORT, sounds, stem};
use super::pinyin::{Spelled, Strictness};
use super::query::{Looks, Parsed, Token};
use super::ranking;
use super::wanted::Wanted;

/// How surely a part of a query was found; the credit for each is in [`ranking`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Character for character.
    Exact,
    /// By whole pinyin, an English word, or official words for what was said.
    Near,
    /// By sound, initials or as an abbreviation.
    Sound,
    /// Despite a wrong, missing or superfluous character; in the beginning of a longer word.
    Partly,
    /// In the agency, the area or the heading.
    Context,
    /// In the text.
    Text,
}

impl Grade {
    /// How many there are.
    pub(super) const COUNT: usize = 6;
    /// All of them, in the order of [`Marks`].
    const ALL: [Self; Self::COUNT] = [
        Self::Exact,
        Self::Near,
        Self::Sound,
        Self::Partly,
        Self::Context,
        Self::Text,
    ];
    /// Those of names, without guesses.
    pub(super) const NAMED: [Self; 3] = [Self::Exact, Self::Near, Self::Sound];
}

/// The parts of a query that were found, a bit a token, by grade.
pub(super) type Marks = [u64; Grade::COUNT];

/// What of the marks does not rest on a guess: by characters, by sound, by other words for the same.
pub(super) fn sure(marks: &Marks) -> Marks {
    let mut sure = Marks::default();
    for grade in Grade::NAMED {
        sure[grade as usize] = marks[grade as usize];
    }
    sure
}

/// What of the marks rests on the characters themselves.
pub(super) fn exact(marks: &Marks) -> Marks {
    let mut exact = Marks::default();
    exact[Grade::Exact as usize] = marks[Grade::Exact as usize];
    exact
}

/// What was found in the names, kept between queries to spare the allocation. There are tens of thousands
/// of names, of which a query touches few.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// For each name, its place among the touched, counted from one; zero for all others.
    places: Vec<u32>,
    /// The marks of the touched.
    marks: Vec<Marks>,
    /// The names that have marks.
    pub touched: Vec<u32>,
    /// The names that were spelled by pinyin.
    pub spelled: Vec<Spelled>,
}

impl Findings {
    /// Forgets the last query.
    pub(super) fn reset(&mut self, names: usize) {
        if self.places.len() == names {
            for &name in &self.touched {
                self.places[name as usize] = 0;
            }
        } else {
            self.places = vec![0; names];
        }
        self.marks.clear();
        self.touched.clear();
        self.spelled.clear();
    }

    /// What was found in a name.
    pub(super) fn of(&self, name: u32) -> &Marks {
        static NOTHING: Marks = [0; Grade::COUNT];
        let place = self.places[name as usize] as usize;
        place.checked_sub(1).map_or(&NOTHING, |place| &self.marks[place])
    }

    /// Notes that a name holds the tokens in `bits`.
    pub(super) fn mark(&mut self, name: u32, grade: Grade, bits: u64) {
        let place = &mut self.places[name as usize];
        if *place == 0 {
            self.touched.push(name);
            self.marks.push(Marks::default());
            *place = self.touched.len() as u32;
        }
        self.marks[*place as usize - 1][grade as usize] |= bits;
    }

    fn mark_all(&mut self, names: &[u32], grade: Grade, bits: u64) {
        for &name in names {
            self.mark(name, grade, bits);
        }
    }

    /// Looks for all parts of the query in all names.
    pub(super) fn search(&mut self, table: &NameTable, briefs: &[Brief], query: &mut Parsed) {
        self.reset(table.names.len());
        let has_letters = query
            .tokens
            .iter()
            .any(|token| matches!(token.looks, Looks::Letters(_)));
        if has_letters {
            self.spell(table, query);
        }
        let last = query.folded.len();
        for (number, token) in query.tokens.iter().enumerate() {
            self.look(table, token, 1 << number, token.range.end == last);
        }
        let wanted = Wanted::new(query);
        for &(feature, grade, bits) in wanted.iter() {
            self.mark_all(table.postings.get(feature), grade, bits);
        }
        self.abbreviate(table, query);
        self.hear(table, briefs, query, &wanted);
        self.forgive_ends(table, query);
    }

    /// Looks for what residents say. It is looked up by its ends; what of the query it holds is then read
    /// in itself, where its sounds say that it may be all there, or all that was typed so far.
    fn hear(&mut self, table: &NameTable, briefs: &[Brief], query: &Parsed, wanted: &Wanted) {
        let typed = sounds(query.folded.chars.iter().copied());
        let spelled_out = query
            .tokens
            .iter()
            .any(|token| matches!(token.looks, Looks::Sound(..)));
        let mut heard: Vec<u32> = Vec::new();
        for &(feature, ..) in wanted.iter() {
            for &name in table.said.get(feature) {
                let brief = &briefs[name as usize];
                let missing = (brief.sounds & !typed).count_ones();
                let forgiven = u32::from(usize::from(brief.length) > SHORT);
                if missing <= forgiven || typed & !brief.sounds == 0 || spelled_out {
                    heard.push(name);
                }
            }
        }
        heard.sort_unstable();
        heard.dedup();
        for name in heard {
            let said = table.written(&table.names[name as usize]);
            let (found, held) = wanted.found_in(said);
            let chars = &query.folded.chars;
            let is_there = held as f32 >= ranking::SAID_WHOLE * said.chars.len() as f32
                || said.chars.starts_with(chars)
                || said.chars.iter().all(|character| chars.contains(character));
            if !is_there {
                continue;
            }
            for (grade, bits) in Grade::ALL.into_iter().zip(found) {
                if bits != 0 {
                    self.mark(name, grade, bits);
                }
            }
        }
    }

    /// Looks for letters and figures.
    fn look(&mut self, table: &NameTable, token: &Token, bit: u64, is_last: bool) {
        match &token.looks {
            // These are looked up by features.
            Looks::Pair(..) | Looks::Single(_) | Looks::Sound(..) => {}
            Looks::Letters(word) => {
                let word = stem(word);
                for (length, names) in table.words.beginning(&word) {
                    if length == word.len() {
                        self.mark_all(names, Grade::Near, bit);
                    } else if is_last && word.len() > 1 {
                        self.mark_all(names, Grade::Sound, bit);
                    }
                }
            }
            Looks::Digits(digits) => {
                let digits: Vec<char> = digits.chars().collect();
                let may_go_on = is_last && digits.len() > 1;
                for spelled in table.suffixes.find(table, &digits, Strictness::Exact) {
                    // 15 is no part of 12315, nor is 12, unless somebody is typing.
                    let (before, from) = table
                        .chars_of(&table.names[spelled.name as usize])
                        .split_at(usize::from(spelled.at));
                    let is_numeric = |character: Option<&char>| character.is_some_and(|c| c.is_numeric());
                    let goes_on = is_numeric(from.get(digits.len()));
                    if !is_numeric(before.last()) && (may_go_on || !goes_on) {
                        self.mark(spelled.name, Grade::Exact, bit);
                    }
                }
            }
        }
    }

    /// Tries the whole query as pinyin. Where that leads nowhere, letters that are whole syllables, and
    /// not the beginning of an English word in some name, are looked for by pairs of sounds instead.
    fn spell(&mut self, table: &NameTable, query: &mut Parsed) {
        let typed = &query.folded.chars;
        let all = u64::MAX >> (64 - query.tokens.len().clamp(1, 64));
        let mut strictness = Strictness::Exact;
        self.spelled = table.suffixes.find(table, typed, strictness);
        if self.spelled.is_empty() && typed.len() > 2 {
            strictness = Strictness::Dialect;
            self.spelled = table.suffixes.find(table, typed, strictness);
            // Initials alone could be mixed up with those of anything: null is not 路烂了.
            self.spelled.retain(|spelled| spelled.whole + 1 >= spelled.length);
        }
        for index in 0..self.spelled.len() {
            let spelled = self.spelled[index];
            let whole =
                spelled.whole + 1 >= spelled.length && spelled.length > 1 || spelled.whole == spelled.length;
            let grade = match strictness {
                Strictness::Exact if whole => Grade::Near,
                Strictness::Exact => Grade::Sound,
                Strictness::Dialect => Grade::Partly,
            };
            self.mark(spelled.name, grade, all);
        }
        if self.spelled.is_empty() {
            let tokens = std::mem::take(&mut query.tokens);
            query.tokens = tokens
                .into_iter()
                .flat_map(|token| {
                    let sounds = if is_english(table, &token) {
                        Vec::new()
                    } else {
                        token.sounds()
                    };
                    if sounds.is_empty() { vec![token] } else { sounds }
                })
                .take(64)
                .collect();
        }
    }

    /// Names that differ from a longer query in its first or its last character: 法律援肋 for 法律援助.
    fn forgive_ends(&mut self, table: &NameTable, query: &Parsed) {
        let typed = &query.folded.chars;
        let (Some(last), true) = (
            query.tokens.len().checked_sub(1),
            query.tokens.len() >= LONGER && typed.iter().copied().all(is_han),
        ) else {
            return;
        };
        let all = u64::MAX >> (64 - query.tokens.len());
        for at in 0..self.touched.len() {
            let exact = self.marks[at][Grade::Exact as usize];
            let missing = all & !exact;
            if missing != 1 && missing != 1 << last {
                continue;
            }
            let chars = table.chars_of(&table.names[self.touched[at] as usize]);
            let rest = if missing == 1 {
                &typed[1..]
            } else {
                &typed[..typed.len() - 1]
            };
            let begins = |begin: usize| {
                let end = begin + rest.len();
                chars[begin..].starts_with(rest)
                    && if missing == 1 {
                        begin > 0
                    } else {
                        end < chars.len()
                    }
            };
            if (0..chars.len()).any(begins) {
                self.marks[at][Grade::Partly as usize] |= missing;
            }
        }
    }

    /// Names that the query abbreviates: 噪声法 for 噪声污染防治法, 道交法 for 道路交通安全法.
    fn abbreviate(&mut self, table: &NameTable, query: &Parsed) {
        let typed = &query.folded.chars;
        if !ABBREVIATION.contains(&typed.len()) || !typed.iter().copied().all(is_han) {
            return;
        }
        let all = u64::MAX >> (64 - query.tokens.len().clamp(1, 64));
        for at in 0..self.touched.len() {
            let name = self.touched[at];
            if is_abbreviation(typed, table.chars_of(&table.names[name as usize])) {
                self.mark(name, Grade::Sound, all);
            }
        }
    }
}

/// So many pairs of characters are a longer query: what is left of it without one still says what is meant.
const LONGER: usize = 3;

/// So many characters an abbreviation may have.
const ABBREVIATION: RangeInclusive<usize> = 3..=8;

/// Whether `short` is `long` with characters left out, but for the first and the last.
fn is_abbreviation(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.first() == long.first()
        && short.last() == long.last()
        && short.len() < long.len()
        && short
            .iter()
            .all(|wanted| rest.any(|character| character == wanted))
}

fn is_english(table: &NameTable, token: &Token) -> bool {
    match &token.looks {
        Looks::Letters(word) => {
            table.words.beginning(&stem(word)).next().is_some() || table.elsewhere.has_word(word)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_keeps_the_first_and_the_last_character_and_the_order() {
        let is = |short: &str, long: &str| {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            is_abbreviation(&chars(short), &chars(long))
        };
        assert!(is("噪声法", "噪声污染防治法") && is("道交法", "道路交通安全法"));
        assert!(!is("噪声法", "噪声法") && !is("法声噪", "噪声污染防治法"));
        assert!(!is("噪声", "噪声污染防治法") && !is("污染法", "噪声污染防治法"));
    }
}
