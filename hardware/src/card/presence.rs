//! Whether a card on the reader is a new one.

/// What a look at the reader means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing lies there.
    Nothing,
    /// A card to be read.
    New,
    /// The card that was read before still lies there: perhaps somebody forgot it.
    Left,
}

/// A card that was read counts as left in place until the reader has been empty several looks in a row:
/// a module says "no card" now and then while one lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// How often the reader must still be empty before a card is a new one.
    until_new: u8,
}

/// Looks at an empty reader after which the card was certainly lifted.
const LIFTED: u8 = 3;

impl Default for Presence {
    /// Before anything was read, every card is new.
    fn default() -> Self {
        Self { until_new: 0 }
    }
}

impl Presence {
    /// A card was read.
    pub const fn was_read(&mut self) {
        self.until_new = LIFTED;
    }

    /// Whether the next card that is found is a new one.
    #[must_use]
    pub const fn is_clear(&self) -> bool {
        self.until_new == 0
    }

    /// The module was asked whether a card lies there.
    pub const fn look(&mut self, found: bool) -> Look {
        match (found, self.until_new) {
            (true, 0) => Look::New,
            (true, _) => {
                self.until_new = LIFTED;
                Look::Left
            }
            (false, _) => {
                self.until_new = self.until_new.saturating_sub(1);
                Look::Nothing
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_that_was_read_is_new_only_after_it_was_certainly_lifted() {
        let mut presence = Presence::default();
        assert_eq!(presence.look(true), Look::New);
        presence.was_read();
        assert_eq!(presence.look(true), Look::Left);
        assert_eq!(presence.look(false), Look::Nothing);
        assert_eq!(presence.look(true), Look::Left);
        for _ in 0..LIFTED {
            assert_eq!(presence.look(false), Look::Nothing);
        }
        assert_eq!(presence.look(true), Look::New);
    }
}
