//! Which candidates fit into the bar.

use std::ops::Range;

use crate::search::width;

/// Around one candidate, in text sizes: its number and the space beside both.
const AROUND: f32 = 2.0;
/// The preedit is set smaller than the candidates.
const PREEDIT: f32 = 0.9;
/// No more than there are digits to choose with.
const MOST: usize = 9;

/// How much of the bar is free for candidates beside this preedit. All widths are in text sizes of the candidates; `bar`
/// is without its carets.
pub(super) fn room(bar: f32, preedit: &str) -> f32 {
    (bar - width(preedit) * PREEDIT - 0.6).max(0.0)
}

/// The candidates from `start` that fit into `room`, at least one.
pub(super) fn fitting<T: AsRef<str>>(all: &[T], start: usize, room: f32) -> Range<usize> {
    let mut used = 0.0;
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
pub(super) fn before<T: AsRef<str>>(all: &[T], start: usize, room: f32) -> usize {
    let mut window = 0..0;
    while window.end < start {
        window = fitting(all, window.end, room);
    }
    window.start
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
        for bar in [4.0, 10.0, 22.0, 100.0] {
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
        assert!(room(20.0, "zhong'hua'ren'min") < room(20.0, "z"));
        assert!(room(2.0, "zhong'hua'ren'min'gong'he'guo") <= 0.0);
        assert_eq!(fitting::<&str>(&[], 0, 100.0), 0..0);
    }
}
