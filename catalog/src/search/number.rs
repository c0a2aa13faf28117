//! Document numbers in any usual writing: 国办发〔2017〕47号, 国办发2017年47号, \[2017\]47, 国令711.

use serde::{Deserialize, Serialize};

use super::fold::{Folded, Script};
use crate::record::ArticleNumber;

/// A document number, or part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Number {
    /// The issuer's characters without 第 and 令, such as 国办发; empty when not given.
    pub issuer: Vec<char>,
    /// The year, where the numbering has years.
    pub year: Option<u16>,
    /// The number; `None` before any of it is typed.
    pub serial: Option<u32>,
    /// Whether more figures may follow.
    pub is_open: bool,
}

/// What may stand behind a number.
const AFTER: &[&str] = &[
    "号",
    "年",
    "年第",
    "号令",
    "号文",
    "号文件",
    "号通知",
    "号文件通知",
    "号文件的通知",
    "号公告",
];

impl Number {
    /// Reads a text that is a document number and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let folded = Folded::new(&with_figures(text), 64);
        let mut issuer = Vec::new();
        let mut figures: Vec<&[char]> = Vec::new();
        let mut ordinal = false;
        let mut is_open = true;
        for run in folded.runs() {
            let characters = &folded.chars[run.range];
            match run.script {
                Script::Digit => figures.push(characters),
                Script::Han if figures.is_empty() => issuer.extend_from_slice(characters),
                Script::Han if AFTER.contains(&&*String::from_iter(characters)) => {
                    ordinal = true;
                    is_open = !characters.contains(&'号');
                }
                Script::Han if matches!(characters, ['第']) => {}
                _ => return None,
            }
        }
        let marked = ordinal || issuer.iter().any(|character| matches!(character, '令' | '第'));
        let ordered = issuer.contains(&'令') || issuer.contains(&'第');
        issuer.retain(|character| !matches!(character, '令' | '第'));
        let value = |figures: &[char]| -> Option<u32> {
            (figures.len() <= 6)
                .then(|| figures.iter().collect::<String>().parse().ok())
                .flatten()
        };
        let is_year = |value: u32| (1949..2100).contains(&value);
        let (year, serial) = match figures.as_slice() {
            [year, number] => {
                let year = value(year).filter(|&year| is_year(year))?;
                (Some(year as u16), Some(value(number)?))
            }
            [figure] => match value(figure)? {
                year if is_year(year) && !issuer.is_empty() && !ordered => (Some(year as u16), None),
                number => (None, Some(number)),
            },
            _ => return None,
        };
        let plausible = if issuer.is_empty() {
            year.is_some() || marked
        } else {
            issuer.len() <= 12
        };
        plausible.then_some(Self {
            issuer,
            year,
            serial,
            is_open,
        })
    }

    /// Whether it says who issued it and where it ends.
    pub(super) const fn is_whole(&self) -> bool {
        !self.issuer.is_empty() && self.serial.is_some() && !self.is_open
    }

    /// Whether it is the number that `self` begins: 12 of 121.
    pub(super) fn is_begun(&self, whole: &Self) -> bool {
        self.serial.is_some() && self.serial != whole.serial
    }

    /// Whether `self`, perhaps partial, can mean the complete number `other`. The issuer may be shortened
    /// (国令 for 国务院令) as long as its characters come in order.
    pub(super) fn can_mean(&self, other: &Self) -> bool {
        let mut rest = other.issuer.iter();
        let issuer = self.issuer.is_empty()
            || self
                .issuer
                .iter()
                .all(|wanted| rest.any(|character| character == wanted));
        issuer
            && (self.year.is_none() || self.year == other.year)
            && match (self.serial, other.serial) {
                (None, _) => true,
                (Some(typed), Some(serial)) if self.is_open => begins(typed, serial),
                (typed, serial) => typed == serial,
            }
    }
}

/// Whether the figures of `number` begin with those of `typed`.
fn begins(typed: u32, number: u32) -> bool {
    number.to_string().starts_with(&typed.to_string())
}

/// Numerals by their value.
const NUMERALS: &str = "零一二三四五六七八九";

/// Writes figures for numerals: 二〇一八 for 2018, 第三百八十七号 for 第387号.
fn with_figures(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let is_numeral = |character: &&char| digit(**character).is_some() || "十百千".contains(**character);
        let length = characters[at..].iter().take_while(is_numeral).count();
        let run = &characters[at..at + length];
        let numbered = characters.get(at + length) == Some(&'号');
        match figures(run, numbered) {
            Some(figures) => written.push_str(&figures),
            None => written.extend(&characters[at..at + length.max(1)]),
        }
        at += length.max(1);
    }
    written
}

/// The figures for a row of numerals. One alone is a number only before 号: 一 begins many a word.
fn figures(numerals: &[char], numbered: bool) -> Option<String> {
    let digits: Option<String> = numerals.iter().map(|&numeral| digit(numeral)).collect();
    if let Some(digits) = digits {
        return (numerals.len() > 1 || numbered && !numerals.is_empty()).then_some(digits);
    }
    let worded = format!("第{}条", String::from_iter(numerals));
    let (number, rest) = ArticleNumber::parse_prefix(&worded)?;
    rest.is_empty().then(|| number.number.to_string())
}

fn digit(numeral: char) -> Option<char> {
    // Documents print any of these circles.
    let numeral = if matches!(numeral, '〇' | '○' | '◯') {
        '零'
    } else {
        numeral
    };
    let value = NUMERALS.chars().position(|known| known == numeral)?;
    char::from_digit(value as u32, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(typed: &str, printed: &str) -> bool {
        Number::parse(typed)
            .zip(Number::parse(printed))
            .is_some_and(|(typed, printed)| typed.can_mean(&printed))
    }

    #[test]
    fn usual_writings_mean_the_printed_number() {
        for typed in [
            "国办发〔2017〕47号",
            "国办发2017年47号",
            "国办发[2017]47",
            "[2017]47",
            "〔2017〕47号",
            "国办发（2017）第47号",
            "國辦發〔2017〕47號",
            "国办发２０１７ 47",
            "国办发〔2017",
            "国发2017 47号",
            "国办发二〇一七年47号",
            "国办发二零一七 47",
            "国办发〔2017〕四十七号",
            "国办发二〇一七年第四十七号",
            "国办发二○一七年47号",
            "国办发〔2017〕47号文件",
            "国办发〔2017〕47号文",
            "国办发〔2017〕4",
        ] {
            assert!(means(typed, "国办发〔2017〕47号"), "{typed}");
        }
        for typed in [
            "国令711",
            "国令第711号",
            "国务院令第711号",
            "国务院令711",
            "711号令",
            "国务院令第七百一十一号",
            "国务院令 七百一十一号",
            "国令七一一号",
            "第711号",
        ] {
            assert!(means(typed, "国务院令第711号"), "{typed}");
        }
    }

    #[test]
    fn a_number_that_goes_on_is_told_from_the_one_that_was_typed() {
        let number = |text: &str| Number::parse(text).unwrap();
        let typed = number("国办发〔2018〕12");
        assert!(typed.is_begun(&number("国办发〔2018〕121号")));
        assert!(!typed.is_begun(&number("国办发〔2018〕12号")));
        assert!(!number("国办发〔2018").is_begun(&number("国办发〔2018〕12号")));
    }

    #[test]
    fn other_numbers_and_plain_words_are_not_taken_for_it() {
        assert!(!means("国办发〔2017〕48号", "国办发〔2017〕47号"));
        assert!(!means("苏府办〔2017〕47号", "国办发〔2017〕47号"));
        assert!(!means("国办发〔2017〕4号", "国办发〔2017〕47号"));
        assert!(!means("国令71号", "国务院令第711号"));
        for text in [
            "2017",
            "47",
            "社保",
            "60岁以上老人",
            "",
            "一二三",
            "12345 67890 1",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
