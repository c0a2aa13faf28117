//! A title in pieces, with what was searched for marked, cut to one line.

use std::ops::Range;

use super::width::{self, character};

/// A piece of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Whether it was searched for.
    pub hit: bool,
}

const CUT: char = '…';

/// The pieces of `title`, at most `room` wide (in text sizes). `marks` are byte ranges of the title. Of a title that is
/// too long, the end is left out, or the beginning where that keeps the first mark in sight.
#[must_use]
pub fn runs(title: &str, marks: &[Range<usize>], room: f32) -> Vec<Run> {
    let mut characters: Vec<(char, bool)> = title
        .char_indices()
        .map(|(at, c)| (c, marks.iter().any(|mark| mark.contains(&at))))
        .collect();
    if width::width(title) > room {
        characters = cut(&characters, room - character(CUT));
    }
    let mut runs: Vec<Run> = Vec::new();
    for (c, hit) in characters {
        match runs.last_mut() {
            Some(run) if run.hit == hit => run.text.push(c),
            _ => runs.push(Run { text: c.into(), hit }),
        }
    }
    runs
}

fn cut(characters: &[(char, bool)], room: f32) -> Vec<(char, bool)> {
    let width = |part: &[(char, bool)]| part.iter().map(|(c, _)| character(*c)).sum::<f32>();
    let first = characters.iter().position(|(_, hit)| *hit).unwrap_or(0);
    let marked = characters[first..].iter().take_while(|(_, hit)| *hit).count();
    let mut begin = 0;
    // The end of the mark comes into sight by leaving out the beginning, but never more than up to the mark.
    while begin < first && width(&characters[begin..first + marked]) > room - 1.0 {
        begin += 1;
    }
    let mut kept = Vec::new();
    let mut left = room;
    if begin > 0 {
        kept.push((CUT, false));
        left -= character(CUT);
    }
    for (at, &(c, hit)) in characters.iter().enumerate().skip(begin) {
        if character(c) > left {
            kept.push((CUT, false));
            break;
        }
        left -= character(c);
        kept.push((c, hit));
        if at + 1 == characters.len() {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Run, runs};
    use crate::search::width;

    fn marked(title: &str, mark: &str, room: f32) -> Vec<(String, bool)> {
        let at = title.find(mark).expect("the mark is in the title");
        let mark = at..at + mark.len();
        runs(title, &[mark], room)
            .into_iter()
            .map(|Run { text, hit }| (text, hit))
            .collect()
    }

    fn run(text: &str, hit: bool) -> (String, bool) {
        (text.to_owned(), hit)
    }

    #[test]
    fn a_title_that_fits_is_whole_with_its_mark() {
        let found = marked("中华人民共和国法律援助法", "法律援助", 20.0);
        assert_eq!(
            found,
            [
                run("中华人民共和国", false),
                run("法律援助", true),
                run("法", false)
            ]
        );
    }

    #[test]
    fn a_long_title_loses_its_end() {
        let found = marked("社会保险个人权益与经办服务", "社会保险", 8.0);
        assert_eq!(found, [run("社会保险", true), run("个人权…", false)]);
    }

    #[test]
    fn a_mark_at_the_end_is_kept_in_sight() {
        let found = marked(
            "关于加强和改进新时代基层公共服务体系建设的若干意见",
            "若干意见",
            10.0,
        );
        assert!(found.contains(&run("若干意见", true)), "{found:?}");
        assert!(found[0].0.starts_with('…'), "{found:?}");
    }

    #[test]
    fn no_title_is_wider_than_its_room() {
        let title = "社会保险个人权益ABC与经办服务（社保卡等）";
        for room in 4..24 {
            for mark in [None, Some(0..12), Some(27..40)] {
                let marks: Vec<_> = mark
                    .into_iter()
                    .filter(|m: &std::ops::Range<usize>| m.end <= title.len())
                    .collect();
                let text: String = runs(title, &marks, room as f32)
                    .into_iter()
                    .map(|run| run.text)
                    .collect();
                assert!(width(&text) <= room as f32 + 0.01, "{text} in {room}");
            }
        }
    }
}
