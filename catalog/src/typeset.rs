//! Chinese typography, applied when text is shown and never stored in data.

use crate::Language;

/// Between Han and Latin: a fifth of an em in the font of the product.
const THIN_SPACE: char = '\u{2009}';

/// Sets running text for the screen, the slip and the page.
///
/// In Chinese, a thin space stands between Han characters and Latin letters or digits (第 663 号,
/// CSV 文件), but not around a number that belongs to a date or a time (11月22日, 起15日内), and half-width
/// brackets that touch Han characters become full-width. English text stays as it is.
#[must_use]
pub fn typeset(text: &str, language: Language) -> String {
    match language {
        Language::Zh => space_out(&full_width_brackets(text)),
        Language::En => text.to_owned(),
    }
}

/// A document number with the brackets of the standard (GB/T 9704): 国发〔2019〕5号.
#[must_use]
pub fn fold_document_number(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '﹝' | '[' | '［' | '【' => '〔',
            '﹞' | ']' | '］' | '】' => '〕',
            other => other,
        })
        .collect()
}

/// Whether a character is a Han ideograph.
#[must_use]
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// A letter or digit of a Western script, or a sign that sticks to one.
fn is_western(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '%' | '℃' | '°') || ('\u{c0}'..='\u{24f}').contains(&c)
}

fn space_out(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut result = String::with_capacity(text.len() + text.len() / 8);
    for (at, &character) in characters.iter().enumerate() {
        // A plain space between Han and Latin is the same gap typed by hand.
        let gap = at
            .checked_sub(1)
            .map(|before| characters[before])
            .is_some_and(|before| {
                (is_han(before) && is_western(character)) || (is_western(before) && is_han(character))
            });
        if gap && !joins_a_date(&characters, at) {
            result.push(THIN_SPACE);
        }
        if character == ' ' && between_scripts(&characters, at) {
            if !joins_a_date_across(&characters, at) {
                result.push(THIN_SPACE);
            }
        } else {
            result.push(character);
        }
    }
    result
}

fn between_scripts(characters: &[char], at: usize) -> bool {
    let before = at
        .checked_sub(1)
        .and_then(|before| characters.get(before))
        .copied();
    let after = characters.get(at + 1).copied();
    match before.zip(after) {
        Some((before, after)) => {
            (is_han(before) && is_western(after)) || (is_western(before) && is_han(after))
        }
        None => false,
    }
}

/// Whether the number that begins or ends at the border `at` carries 年 月 日 时 分 秒.
fn joins_a_date(characters: &[char], at: usize) -> bool {
    dated(&characters[..at], &characters[at..])
}

fn joins_a_date_across(characters: &[char], space: usize) -> bool {
    dated(&characters[..space], &characters[space + 1..])
}

fn dated(before: &[char], after: &[char]) -> bool {
    const UNITS: [char; 6] = ['年', '月', '日', '时', '分', '秒'];
    let digit = |c: &&char| c.is_ascii_digit();
    let unit = |c: Option<&char>| c.is_some_and(|c| UNITS.contains(c));
    let starts = after.iter().take_while(digit).count();
    let ends = before.iter().rev().take_while(digit).count();
    (starts > 0 && unit(after.get(starts))) || (ends > 0 && unit(after.first()))
}

fn full_width_brackets(text: &str) -> String {
    if !text.contains(['(', ')']) {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let mut result = characters.clone();
    let mut open: Vec<usize> = Vec::new();
    for (at, &character) in characters.iter().enumerate() {
        match character {
            '(' => open.push(at),
            ')' => {
                if let Some(start) = open.pop()
                    && touches_han(&characters, start, at)
                {
                    result[start] = '（';
                    result[at] = '）';
                }
            }
            _ => {}
        }
    }
    result.into_iter().collect()
}

/// Whether the brackets hold Han characters or follow one directly.
fn touches_han(characters: &[char], open: usize, close: usize) -> bool {
    characters[open..close].iter().copied().any(is_han)
        || open
            .checked_sub(1)
            .is_some_and(|before| is_han(characters[before]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        typeset(text, Language::Zh).replace(THIN_SPACE, "_")
    }

    #[test]
    fn a_thin_space_stands_between_han_and_latin() {
        assert_eq!(shown("第663号"), "第_663_号");
        assert_eq!(shown("CSV文件"), "CSV_文件");
        assert_eq!(shown("积极运用 GB/T 24412 标准"), "积极运用_GB/T 24412_标准");
        assert_eq!(shown("占90.7%的企业"), "占_90.7%_的企业");
    }

    #[test]
    fn numbers_of_dates_and_times_keep_close() {
        assert_eq!(shown("自受理之日起15日内"), "自受理之日起15日内");
        assert_eq!(shown("2019年4月3日修订"), "2019年4月3日修订");
        assert_eq!(shown("今天 9时30分"), "今天9时30分");
        assert_eq!(shown("20个工作日"), "20_个工作日");
    }

    #[test]
    fn punctuation_needs_no_space() {
        assert_eq!(shown("（2020年）、A；B"), "（2020年）、A；B");
        assert_eq!(shown("国发〔2019〕5号"), "国发〔2019〕5_号");
        assert_eq!(shown("苏州工业园区·斜塘街道"), "苏州工业园区·斜塘街道");
    }

    #[test]
    fn brackets_at_han_characters_are_full_width() {
        assert_eq!(shown("办公厅(室)是"), "办公厅（室）是");
        assert_eq!(shown("f(x) and (y)"), "f(x) and (y)");
        assert_eq!(shown("一)"), "一)");
    }

    #[test]
    fn typesetting_twice_changes_nothing_more() {
        let text = "第663号(室) 9时 CSV 文件";
        let once = typeset(text, Language::Zh);
        assert_eq!(typeset(&once, Language::Zh), once);
    }

    #[test]
    fn english_is_left_alone() {
        assert_eq!(
            typeset("State Council Order 663", Language::En),
            "State Council Order 663"
        );
    }

    #[test]
    fn document_numbers_get_their_own_brackets() {
        assert_eq!(fold_document_number("苏府办﹝2017﹞288号"), "苏府办〔2017〕288号");
        assert_eq!(fold_document_number("国发[2019] 5号"), "国发〔2019〕5号");
    }
}
