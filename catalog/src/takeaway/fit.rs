//! Makes text fit a number of bytes, ending where a reader would pause.

const ELLIPSIS: &str = "…";

/// A share of the room that every line is promised, so that a long line leaves some to the next.
const SHARE: usize = 30;

/// `title`, `lines` and `foot` within `room` bytes: the foot whole, the lines in their order, each cut
/// when it is too long, the last ones left out when nothing fits any more.
pub(super) fn lines(title: &str, lines: &[String], foot: &str, room: usize) -> String {
    let mut text = cut(title, room / 2);
    let mut left = room.saturating_sub(text.len() + foot.len() + 1);
    for (index, line) in lines.iter().enumerate() {
        let later: usize = lines[index + 1..]
            .iter()
            .map(|line| (line.len() + 1).min(SHARE))
            .sum();
        let allowed = left
            .saturating_sub(later + 1)
            .max(left.saturating_sub(1).min(SHARE));
        let line = cut(line, allowed);
        if line.is_empty() {
            continue;
        }
        left = left.saturating_sub(line.len() + 1);
        text.push('\n');
        text.push_str(&line);
    }
    text.push('\n');
    text.push_str(foot);
    text
}

/// `title` and as many whole lines as fit `room` bytes; an ellipsis when some do not.
pub(super) fn whole_lines(title: &str, lines: impl Iterator<Item = String>, room: usize) -> String {
    let mut text = title.to_owned();
    for line in lines {
        if text.len() + 1 + line.len() + 1 + ELLIPSIS.len() > room {
            text.push('\n');
            text.push_str(ELLIPSIS);
            break;
        }
        text.push('\n');
        text.push_str(&line);
    }
    text
}

/// `text` within `room` bytes: whole, or cut behind a pause with an ellipsis; empty when not even a few
/// characters fit.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let room = room.saturating_sub(ELLIPSIS.len());
    let fits = text.floor_char_boundary(room);
    if fits < 9 {
        return String::new();
    }
    let pause = |c: char| "，。；、：,;） ".contains(c);
    let head = &text[..fits];
    // A pause in the second half is a better end than the middle of a word.
    let end = head
        .char_indices()
        .rev()
        .find(|&(at, c)| at >= fits / 2 && pause(c))
        .map_or(fits, |(at, _)| at);
    format!("{}{ELLIPSIS}", &head[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(cut("材料：身份证", 18), "材料：身份证");
    }

    #[test]
    fn a_long_text_ends_at_a_pause() {
        assert_eq!(cut("居民身份证、户口簿、结婚证、相片", 36), "居民身份证、户口簿…");
        assert_eq!(cut("居民身份证原件与复印件", 24), "居民身份证原件…");
        assert_eq!(cut("居民身份证", 6), "");
    }

    #[test]
    fn nothing_is_ever_longer_than_the_room() {
        let long: Vec<String> = (1..20).map(|n| "办事材料、证件；".repeat(n)).collect();
        for room in 60..500 {
            let text = lines("事项名称", &long, "来源：某地　编号：guide-001", room);
            assert!(text.len() <= room, "{} > {room}", text.len());
            assert!(text.ends_with("guide-001"));
        }
    }

    #[test]
    fn a_long_line_leaves_room_for_the_next() {
        let text = lines("事项", &["甲".repeat(200), "费用：免费".to_owned()], "来源", 200);
        assert!(text.contains("费用：免费"), "{text}");
    }
}
