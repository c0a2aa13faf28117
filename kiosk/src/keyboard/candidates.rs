//! Which candidates fit into the bar.

use std::ops::Range;

/// The bar in sixteenths of the candidates' text size, so that the same numbers serve both sizes of text.
const EM: usize = 16;
/// Around one candidate: its number and the space beside both.
const AROUND: usize = 2 * EM;
/// No more than there are digits to choose with.
const MOST: usize = 9;

/// How much of the bar is free for candidates beside this preedit.
///
/// `bar` is the bar without its carets, in text sizes.
pub(super) fn room(bar: usize, preedit: &str) -> usize {
    // The preedit is set smaller than the candidates, in about three quarters of their size.
    (bar * EM).saturating_sub(width(preedit) * 3 / 4 + EM)
}

/// The candidates from `start` that fit into `room`, at least one.
pub(super) fn fitting<T: AsRef<str>>(all: &[T], start: usize, room: usize) -> Range<usize> {
    let mut used = 0;
    let mut end = start;
    for text in all.iter().skip(start).take(MOST) {
        used += width(text.as_ref()) + AROUND;
        if used > room && end > start {
            break;
        }
        end += 1;
    }
    start.min(all.len())..end
}

/// The start of the window before the one that starts at `start`.
pub(super) fn before<T: AsRef<str>>(all: &[T], start: usize, room: usize) -> usize {
    let mut window = 0..0;
    while window.end < start {
        window = fitting(all, window.end, room);
    }
    window.start
}

/// A text's width: Chinese is one text size wide, other letters a little over half.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if c.is_ascii() { EM * 9 / 16 } else { EM })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{before, fitting, room};

    #[test]
    fn windows_cover_all_candidates_without_gap_or_overlap() {
        let all = [
            "社会保障",
            "社会",
            "设",
            "社",
            "一个很长的候选词语放不下",
            "射",
            "蛇",
            "舍",
            "摄",
        ];
        for bar in [4, 10, 22, 100] {
            let room = room(bar, "she'hui");
            let mut starts = vec![0];
            let mut end = 0;
            while end < all.len() {
                let window = fitting(&all, end, room);
                assert!(!window.is_empty(), "bar {bar}");
                end = window.end;
                starts.push(end);
            }
            assert_eq!(end, all.len());
            for pair in starts.windows(2) {
                assert_eq!(before(&all, pair[1], room), pair[0], "bar {bar}");
            }
        }
    }

    #[test]
    fn a_long_preedit_leaves_less_room_but_never_less_than_none() {
        assert!(room(20, "zhong'hua'ren'min") < room(20, "z"));
        assert_eq!(room(2, "zhong'hua'ren'min'gong'he'guo"), 0);
        assert_eq!(fitting::<&str>(&[], 0, 100), 0..0);
    }
}
