//! Padding: ISO/IEC 7816-4 (0x80, then zeros), which needs no length in front.

use super::CHUNK;

/// The shortest padded content.
const LEAST: usize = 1 << 10;

/// To how many bytes content of `length` bytes is padded.
pub(super) const fn padded(length: usize) -> usize {
    let with_mark = length + 1;
    if with_mark <= LEAST {
        LEAST
    } else if with_mark <= CHUNK {
        with_mark.next_power_of_two()
    } else {
        with_mark.next_multiple_of(CHUNK)
    }
}

/// How long the content of `padded` is without its padding, or `None` if it has none.
pub(super) fn content_length(padded: &[u8]) -> Option<usize> {
    let mark = padded.iter().rposition(|&byte| byte != 0)?;
    (padded[mark] == 0x80).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_hidden_in_steps_and_always_leave_room_for_the_mark() {
        for (length, expected) in [
            (0, 1024),
            (1023, 1024),
            (1024, 2048),
            (CHUNK - 1, CHUNK),
            (CHUNK, 2 * CHUNK),
            (2 * CHUNK - 1, 2 * CHUNK),
            (2 * CHUNK, 3 * CHUNK),
        ] {
            assert_eq!(padded(length), expected, "{length}");
        }
    }

    #[test]
    fn content_that_ends_like_padding_keeps_its_end() {
        let content = [1, 0x80, 0, 0];
        let padded = [&content[..], &[0x80, 0, 0]].concat();
        assert_eq!(content_length(&padded), Some(4));
        assert_eq!(content_length(&[0; 16]), None);
        assert_eq!(content_length(&[0, 7, 0]), None);
    }
}
