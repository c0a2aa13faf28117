//! How much paper is left, counted by what was printed.
//!
//! A sensor for the end of the roll speaks up with a few metres left, and many printers have none.

/// What a cut takes beyond the slip itself: from the print head up to the cutter, in millimetres.
const CUT_FEED: u32 = 15;

/// A roll of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roll {
    /// Its length when it was new, in millimetres.
    pub length: u32,
    /// What was printed from it, in millimetres.
    pub used: u32,
}

impl Roll {
    /// A roll that was just put in.
    #[must_use]
    pub const fn new(length: u32) -> Self {
        Self { length, used: 0 }
    }

    /// The paper that is left, in millimetres.
    #[must_use]
    pub const fn left(self) -> u32 {
        self.length.saturating_sub(self.used)
    }

    /// After slips of so many rows in all, with so many cuts.
    #[must_use]
    pub const fn after(self, rows: u32, cuts: u32, dpi: u32) -> Self {
        let printed = (rows as u64 * 254).div_ceil(dpi as u64 * 10) as u32;
        Self {
            length: self.length,
            used: self
                .used
                .saturating_add(printed)
                .saturating_add(cuts.saturating_mul(CUT_FEED)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_millimetres_and_a_cut_takes_its_share() {
        let roll = Roll::new(1000).after(2030, 1, 203);
        assert_eq!((roll.used, roll.left()), (254 + CUT_FEED, 1000 - 254 - CUT_FEED));
    }

    #[test]
    fn a_roll_that_was_longer_than_thought_is_empty_and_not_negative() {
        assert_eq!(Roll::new(100).after(10_000, 3, 203).left(), 0);
    }
}
