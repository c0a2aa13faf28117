//! Chinese and Latin text into lines that fit.
//!
//! Where a line may break follows Unicode's UAX #14: closing punctuation never starts a line, opening
//! never ends one, Latin words and numbers stay whole. Punctuation is set half an em wide where two
//! marks meet and at the start of a line, as Chinese typography asks (CLREQ 3.1.6).

use unicode_linebreak::linebreaks;

/// A line: its characters with their place from the line's left edge, in dots.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) glyphs: Vec<(char, f32)>,
    /// Where the pen is after the last character.
    pub(super) width: f32,
}

/// Breaks `text` as [`break_lines`] does, and leaves no single character alone on the last line where
/// a slightly narrower paragraph of as many lines gives it company.
pub(super) fn set_lines(text: &str, width: f32, em: f32, mut advance: impl FnMut(char) -> f32) -> Vec<Line> {
    let lines = break_lines(text, width, &mut advance);
    let is_lonely =
        |lines: &[Line]| lines.len() > 1 && lines.last().is_some_and(|line| line.width < 1.9 * em);
    if !is_lonely(&lines) {
        return lines;
    }
    let narrower = break_lines(text, width - em, advance);
    if narrower.len() == lines.len() && !is_lonely(&narrower) {
        narrower
    } else {
        lines
    }
}

/// Breaks `text` into lines of at most `width` dots, given each character's advance.
///
/// A word wider than a line (a long URL) is broken where it no longer fits.
pub(super) fn break_lines(text: &str, width: f32, advance: impl FnMut(char) -> f32) -> Vec<Line> {
    break_with(Spacing::Typeset, text, width, advance)
}

/// Breaks `text` into lines of at most `columns`, as a printer sets them that knows no other spacing.
pub(super) fn break_columns(text: &str, columns: u32) -> Vec<String> {
    let advance = |character| columns_of(character) as f32;
    break_with(Spacing::Columns, text, columns as f32, advance)
        .into_iter()
        .map(|line| line.glyphs.into_iter().map(|(character, _)| character).collect())
        .collect()
}

/// The columns of a character: one for ASCII, two for everything that GB18030 has besides.
pub(super) const fn columns_of(character: char) -> u32 {
    if character.is_ascii() { 1 } else { 2 }
}

fn break_with(spacing: Spacing, text: &str, width: f32, mut advance: impl FnMut(char) -> f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let pieces = pieces(paragraph);
        let mut line = LineBuilder::new(spacing);
        for piece in pieces {
            let before = line.bookmark();
            line.push_all(piece, &mut advance);
            if line.trimmed_width() <= width {
                continue;
            }
            line.back_to(before);
            if !line.is_empty() {
                lines.push(line.take().finish());
            }
            for character in piece.chars() {
                let before = line.bookmark();
                line.push(character, &mut advance);
                if line.trimmed_width() > width && before.glyphs > 0 {
                    line.back_to(before);
                    lines.push(line.take().finish());
                    line.push(character, &mut advance);
                }
            }
        }
        lines.push(line.finish());
    }
    lines
}

/// The pieces between two places where a line may break.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let standard = linebreaks(paragraph)
        .map(|(at, _)| at)
        .filter(|&at| may_break(paragraph, at));
    let mut places: Vec<usize> = standard.chain(quote_breaks(paragraph)).collect();
    places.sort_unstable();
    for at in places {
        pieces.push(&paragraph[start..at]);
        start = at;
    }
    pieces
}

/// Words that a figure is not parted from: `20个工作日`, `15日`.
const COUNTED: &str = "个日天年月周时分秒元角号条款项件份张名人岁次级平米公%％";

/// UAX #14 lets `cat-ghgl-001` break at its hyphens, `第 1 条` after its thin spaces and `15日` after
/// its figure; a slip does not: codes are typed in as they stand, and a number stays with what it counts.
fn may_break(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let after = text[at..].chars().next();
    let is_word = |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
    match before.next() {
        Some('-') => !(is_word(before.next()) && is_word(after)),
        Some('\u{2009}') => !(is_digit(before.next()) || is_digit(after)),
        Some('0'..='9') => !after.is_some_and(|c| COUNTED.contains(c)),
        _ => true,
    }
}

/// Breaks before “ and after ” between ideographs. UAX #14 cannot tell which side of a quotation mark
/// is its inside and forbids both; in Chinese the marks themselves tell.
fn quote_breaks(text: &str) -> impl Iterator<Item = usize> {
    let is_wide = |c: char| c >= '\u{2e80}' && mark(c) == Mark::None;
    let mut previous = None;
    text.char_indices().filter_map(move |(at, character)| {
        let before = previous.replace(character)?;
        let opens = matches!(character, '“' | '‘') && (is_wide(before) || mark(before) == Mark::Closing);
        let closed = matches!(before, '”' | '’') && (is_wide(character) || mark(character) == Mark::Opening);
        (opens || closed).then_some(at)
    })
}

/// Which half of its em a full-width mark leaves blank.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Opening: blank on the left.
    Opening,
    /// Closing and stops: blank on the right.
    Closing,
    /// Everything else.
    None,
}

const OPENING: &str = "（《〈【〔「『［｛“‘";
const CLOSING: &str = "）》〉】〕」』］｝”’、，。；：";

fn mark(character: char) -> Mark {
    if OPENING.contains(character) {
        Mark::Opening
    } else if CLOSING.contains(character) {
        Mark::Closing
    } else {
        Mark::None
    }
}

/// How far apart characters stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// Marks give up their blank halves.
    Typeset,
    /// Every character takes its whole columns.
    Columns,
}

struct LineBuilder {
    spacing: Spacing,
    glyphs: Vec<(char, f32)>,
    end: End,
}

/// Where a line ends.
#[derive(Clone, Copy, Default)]
struct End {
    pen: f32,
    /// The pen and the blank half after the last character that is not a space.
    ink: f32,
    trailing_blank: f32,
}

/// A place in a line that it can go back to.
#[derive(Clone, Copy)]
struct Bookmark {
    glyphs: usize,
    end: End,
}

impl LineBuilder {
    fn new(spacing: Spacing) -> Self {
        Self {
            spacing,
            glyphs: Vec::new(),
            end: End::default(),
        }
    }

    fn bookmark(&self) -> Bookmark {
        Bookmark {
            glyphs: self.glyphs.len(),
            end: self.end,
        }
    }

    /// Takes back what was pushed since.
    fn back_to(&mut self, bookmark: Bookmark) {
        self.glyphs.truncate(bookmark.glyphs);
        self.end = bookmark.end;
    }

    /// This line; an empty one takes its place.
    fn take(&mut self) -> Self {
        let next = Self::new(self.spacing);
        std::mem::replace(self, next)
    }

    fn is_empty(&self) -> bool {
        self.glyphs.is_empty()
    }

    fn push_all(&mut self, text: &str, advance: &mut impl FnMut(char) -> f32) {
        for character in text.chars() {
            self.push(character, advance);
        }
    }

    fn push(&mut self, character: char, advance: &mut impl FnMut(char) -> f32) {
        let is_space = is_space(character);
        if is_space && self.is_empty() {
            return;
        }
        let step = advance(character);
        let half = step / 2.0;
        let previous = self.glyphs.last().map(|(previous, _)| mark(*previous));
        let squeeze = match (previous, mark(character)) {
            _ if self.spacing == Spacing::Columns => 0.0,
            (None | Some(Mark::Opening), Mark::Opening)
            | (Some(Mark::Closing), Mark::Opening | Mark::Closing) => half,
            _ => 0.0,
        };
        self.glyphs.push((character, self.end.pen - squeeze));
        self.end.pen += step - squeeze;
        if !is_space {
            self.end.ink = self.end.pen;
            self.end.trailing_blank = if self.spacing == Spacing::Typeset && mark(character) == Mark::Closing
            {
                half
            } else {
                0.0
            };
        }
    }

    /// The width that must fit: spaces and the blank half of a mark may hang over the edge.
    fn trimmed_width(&self) -> f32 {
        self.end.ink - self.end.trailing_blank
    }

    fn finish(mut self) -> Line {
        while self
            .glyphs
            .last()
            .is_some_and(|(character, _)| is_space(*character))
        {
            self.glyphs.pop();
        }
        Line {
            width: self.trimmed_width(),
            glyphs: self.glyphs,
        }
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{2009}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, width: f32) -> Vec<String> {
        break_lines(text, width, |c| {
            if c.is_ascii() {
                5.0
            } else if c == '\u{2009}' {
                2.0
            } else {
                10.0
            }
        })
        .into_iter()
        .map(|line| line.glyphs.iter().map(|(c, _)| *c).collect())
        .collect()
    }

    #[test]
    fn closing_punctuation_never_starts_a_line_and_opening_never_ends_one() {
        let text = "依照《居住证暂行条例》（国务院令第663号）第二条、第九条、“第二十一条”办理：带证件。";
        for width in 60..200 {
            for line in broken(text, width as f32) {
                let (first, last) = (line.chars().next().unwrap(), line.chars().last().unwrap());
                assert!(!CLOSING.contains(first), "{width}: {line}");
                assert!(!OPENING.contains(last), "{width}: {line}");
            }
        }
    }

    #[test]
    fn words_numbers_and_codes_stay_whole() {
        let text = "编号 cat-ghgl-001 于 2026-11-22 由 Residence 提供";
        for width in 60..200 {
            let lines = broken(text, width as f32);
            for whole in ["cat-ghgl-001", "2026-11-22", "Residence"] {
                assert!(
                    lines.iter().any(|line| line.contains(whole)),
                    "{width}: {lines:?}"
                );
            }
        }
    }

    #[test]
    fn a_number_stays_with_what_it_counts() {
        for width in 50..200 {
            let lines = broken("国务院令第\u{2009}663\u{2009}号公布", width as f32);
            assert!(
                lines.iter().any(|line| line.contains("第\u{2009}663\u{2009}号")),
                "{width}: {lines:?}"
            );
        }
    }

    #[test]
    fn a_figure_stays_with_its_unit() {
        for width in 70..120 {
            let lines = broken("自该信息形成或者变更之日起20个工作日内", width as f32);
            assert!(
                lines.iter().any(|line| line.contains("20个")),
                "{width}: {lines:?}"
            );
        }
    }

    #[test]
    fn columns_are_never_overrun_and_marks_still_keep_their_places() {
        let text = "依照《居住证暂行条例》（国务院令第663号）第二条、第九条、“第二十一条”办理：带证件。";
        for columns in 6..48 {
            for line in break_columns(text, columns) {
                assert!(
                    line.chars().map(columns_of).sum::<u32>() <= columns,
                    "{columns}: {line}"
                );
            }
        }
        assert_eq!(break_columns("居住证：ab。", 9), ["居住证：", "ab。"]);
    }

    #[test]
    fn a_quotation_may_move_to_the_next_line_as_a_whole() {
        assert_eq!(broken("请写明“公开”二字", 45.0), ["请写明", "“公开”二", "字"]);
    }

    #[test]
    fn the_last_line_is_not_a_single_character() {
        let lengths: Vec<usize> = set_lines("请在一个月之内办理签注", 100.0, 10.0, |_| 10.0)
            .iter()
            .map(|line| line.glyphs.len())
            .collect();
        assert_eq!(lengths, [9, 2]);
    }

    #[test]
    fn a_long_address_is_broken_rather_than_cut_off() {
        let address = "https://example.org/i/guide-006?with=a-very-long-tail-that-does-not-fit";
        let lines = broken(address, 100.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.concat(), address);
    }

    #[test]
    fn nothing_is_lost_and_no_line_is_too_wide() {
        let text = "（一）申请人为公民的，提供《居民身份证》；（二）其他 ID 证件，例如 passport。";
        for width in 20..200 {
            let lines = break_lines(text, width as f32, |c| if c.is_ascii() { 5.0 } else { 10.0 });
            assert!(lines.iter().all(|line| line.width <= width as f32), "{width}");
            let joined: String = lines
                .iter()
                .flat_map(|line| line.glyphs.iter().map(|(c, _)| *c))
                .collect();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn adjacent_marks_share_their_blank_halves() {
        let line = &break_lines("甲》（乙", 100.0, |_| 10.0)[0];
        let places: Vec<f32> = line.glyphs.iter().map(|(_, x)| *x).collect();
        assert_eq!(places, [0.0, 10.0, 15.0, 25.0]);
    }
}
