//! How wide a text will be, near enough to decide what fits a line.

/// A text's width in its own size: a Chinese character is 1, other letters a little over half.
#[must_use]
pub fn width(text: &str) -> f32 {
    text.chars().map(character).sum()
}

/// The width of one character.
pub(super) fn character(c: char) -> f32 {
    match c {
        '\u{2009}' => 0.2,
        'i' | 'j' | 'l' | '.' | ',' | '\'' | ' ' => 0.3,
        'm' | 'w' | 'M' | 'W' => 0.9,
        c if c.is_ascii_uppercase() => 0.68,
        c if c.is_ascii() => 0.56,
        _ => 1.0,
    }
}

/// Sets things of these widths into lines of `room`, `gap` apart: the number of things in each line.
#[must_use]
pub fn lines(widths: &[f32], gap: f32, room: f32) -> Vec<usize> {
    let mut lines: Vec<usize> = Vec::new();
    let mut used = f32::INFINITY;
    for &width in widths {
        if used + gap + width > room {
            lines.push(0);
            used = -gap;
        }
        used += gap + width;
        if let Some(line) = lines.last_mut() {
            *line += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn things_go_to_the_next_line_when_they_no_longer_fit() {
        assert_eq!(lines(&[3.0, 3.0, 3.0], 1.0, 7.0), [2, 1]);
        assert_eq!(lines(&[3.0, 3.0, 3.0], 1.0, 11.0), [3]);
        assert_eq!(
            lines(&[30.0, 3.0], 1.0, 7.0),
            [1, 1],
            "what never fits has a line of its own"
        );
        assert_eq!(lines(&[], 1.0, 7.0), Vec::<usize>::new());
    }
}
