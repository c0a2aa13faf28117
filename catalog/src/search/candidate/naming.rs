//! Evidence from names: how much of the query they hold, and how it lies in them.

use super::Candidates;
use super::evidence::BestName;
use crate::search::matching::{self, Grade, Marks};
use crate::search::names::{Name, Owner, SHORT, Source};
use crate::search::pinyin::Spelled;
use crate::search::query::LONGEST;
use crate::search::ranking::{self, Fit, Lies, Said};

impl Candidates<'_> {
    /// Adds what a name holds to the evidence for `record`, to which it leads with this [aim](Lies::aim).
    pub(super) fn add_name(&mut self, record: u32, number: u32, marks: &Marks, aim: f32) {
        let marks = &self.without_guesses(*marks);
        let coverage = ranking::credit(marks, self.weights) / self.total;
        let name = &self.index.names.names[number as usize];
        let floor = match name.owner {
            Owner::Expansion(_) => ranking::said_floor(name.length),
            _ => ranking::NAME_FLOOR,
        };
        if coverage < floor {
            return;
        }
        let closeness = self.closeness(number, marks);
        // Of two characters, a sound alike is no word that was said, nor are two syllables among others.
        let said = match name.length {
            0..=2 => matching::exact(marks),
            _ => matching::sure(marks),
        };
        let contained =
            ranking::contained(self.closeness(number, &said), name.length).max(self.scattered(name, marks));
        let fit = self.fit(name, self.spelled.get(&number));
        let rank = (coverage * (0.5 + closeness / 2.0) + f32::from(fit as u8) / 4.0)
            * ranking::worth(name.source)
            * aim;
        let lies = Lies {
            closeness,
            fit,
            source: name.source,
            aim,
        };
        let evidence = self.evidence.of(record);
        evidence.contained = evidence.contained.max(contained);
        for (sum, bits) in evidence.marks.iter_mut().zip(marks) {
            *sum |= bits;
        }
        evidence.prefer(BestName {
            name: number,
            lies,
            rank,
        });
    }

    /// How far what residents say was typed. Part of it is nothing that was said: 周末去哪玩 is not about
    /// 周末装修.
    pub(super) fn said(&self, number: u32, marks: &Marks) -> Option<Said> {
        let name = &self.index.names.names[number as usize];
        // A short word with another character is another word, and in a longer sentence so is a longer one:
        // 查自己的社保 is not 自己交社保.
        let length = usize::from(name.length);
        let is_all = length + 1 >= self.parsed.folded.len();
        // Two sounds in a longer query are none either: 徇私 is not 熏死.
        let is_short = length < SHORT && name.source == Source::Synonym;
        let heard = if is_short && length < self.parsed.folded.len() {
            matching::exact(marks)
        } else {
            matching::sure(marks)
        };
        let stands = |marks: &Marks| {
            self.closeness(number, marks) >= ranking::SAID_WHOLE || self.scattered(name, marks) > 0.0
        };
        if stands(&heard) {
            Some(Said::Whole)
        } else if length > SHORT && is_all && stands(&self.without_guesses(*marks)) {
            Some(Said::Amiss)
        } else if self.spelled.contains_key(&number) || self.fit(name, None) >= Fit::Begins {
            Some(Said::Unfinished)
        } else {
            None
        }
    }

    /// A forgiven mistake counts beside something sure, or when it is all of a query of three characters
    /// or more: else 天气 would find 天然气.
    fn without_guesses(&self, mut marks: Marks) -> Marks {
        let all = u64::MAX >> (64 - self.parsed.tokens.len().clamp(1, 64));
        let guessed = marks[Grade::Partly as usize];
        let spelled_all = guessed == all && (self.parsed.tokens.len() > 1 || !self.spelled.is_empty());
        if matching::sure(&marks) == Marks::default() && !spelled_all {
            marks[Grade::Partly as usize] = 0;
        }
        marks
    }

    /// The share of a name's characters that the query accounts for.
    pub(super) fn closeness(&self, number: u32, marks: &Marks) -> f32 {
        let name = &self.index.names.names[number as usize];
        let length = f32::from(name.length.max(1));
        if let Some(spelled) = self.spelled.get(&number) {
            return f32::from(spelled.length) / length;
        }
        let found = marks.iter().fold(0, |found, bits| found | bits);
        let (mut characters, mut sounds) = (0_u64, 0);
        let mut left = found;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            match self.spans.get(at as usize) {
                // Neighbouring sounds share a syllable.
                Some(0) => {
                    sounds += if at > 0 && found >> (at - 1) & 1 == 1 {
                        1
                    } else {
                        2
                    }
                }
                Some(span) => characters |= span,
                None => {}
            }
        }
        ((characters.count_ones() + sounds) as f32 / length).min(1.0)
    }

    /// What a name counts for all of whose characters are in the query, though not in one piece: 社保从
    /// 上海转回来 holds 转社保.
    fn scattered(&self, name: &Name, marks: &Marks) -> f32 {
        let typed = &self.parsed.folded.chars;
        let is_longer = typed.len() > usize::from(name.length);
        if marks[Grade::Exact as usize] == 0 || name.source == Source::English || !is_longer {
            return 0.0;
        }
        let held = |character: &char| typed.contains(character);
        if self.index.names.chars_of(name).iter().all(held) {
            ranking::scattered(name.length)
        } else {
            0.0
        }
    }

    fn fit(&self, name: &Name, spelled: Option<&Spelled>) -> Fit {
        let (typed, chars) = (&self.parsed.folded.chars, self.index.names.chars_of(name));
        if let Some(spelled) = spelled {
            let all = spelled.length == name.length;
            return match spelled.at {
                0 if all && (spelled.whole == spelled.length || spelled.length > 2) => Fit::Same,
                0 => Fit::Begins,
                _ => Fit::Holds,
            };
        }
        let cut = typed.len() >= LONGEST && chars.starts_with(&typed[..LONGEST]);
        if typed == chars || cut {
            Fit::Same
        } else if typed.is_empty() || typed.len() > chars.len() {
            Fit::Loose
        } else if chars.starts_with(typed) {
            Fit::Begins
        } else if chars
            .windows(typed.len())
            .any(|window| window == typed.as_slice())
        {
            Fit::Holds
        } else {
            Fit::Loose
        }
    }
}
