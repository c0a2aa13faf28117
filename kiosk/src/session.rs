//! What one visit has set and collected. It lives in memory and ends with the visit.

use catalog::record::RecordId;
use terminal_api::interface::{Language, Print};

/// The size and colours of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sight {
    /// The usual text.
    #[default]
    Normal,
    /// Large text.
    Large,
    /// Large text in high contrast.
    LargeContrast,
}

impl Sight {
    /// What the key 大字 leads to next.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Normal => Self::Large,
            Self::Large => Self::LargeContrast,
            Self::LargeContrast => Self::Normal,
        }
    }

    /// Whether the text is large.
    #[must_use]
    pub const fn is_large(self) -> bool {
        !matches!(self, Self::Normal)
    }
}

/// Where the controls stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// All over the screen.
    #[default]
    Whole,
    /// In the lower half.
    Low,
}

impl Reach {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Whole => Self::Low,
            Self::Low => Self::Whole,
        }
    }
}

/// What came of collecting a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collected {
    /// It is on the list now.
    Added,
    /// It was on the list and is no longer.
    Removed,
    /// The list is full.
    Full,
}

/// One visit.
#[derive(Debug)]
pub struct Session {
    /// The language of the screen.
    pub language: Language,
    /// The size and colours of the text.
    pub sight: Sight,
    /// Where the controls stand.
    pub reach: Reach,
    /// Something was typed or ticked that would be lost.
    pub has_entries: bool,
    list: Vec<RecordId>,
}

impl Session {
    /// How many pages the list takes: as many as one slip carries.
    pub const LONGEST_LIST: usize = Print::MOST_RECORDS;

    /// A visit that has just begun.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self {
            language,
            sight: Sight::default(),
            reach: Reach::default(),
            has_entries: false,
            list: Vec::new(),
        }
    }

    /// The pages collected, in the order in which they were.
    #[must_use]
    pub fn list(&self) -> &[RecordId] {
        &self.list
    }

    /// Puts a page on the list, or takes it off.
    pub fn collect(&mut self, id: &RecordId) -> Collected {
        if let Some(at) = self.list.iter().position(|other| other == id) {
            self.list.remove(at);
            Collected::Removed
        } else if self.list.len() == Self::LONGEST_LIST {
            Collected::Full
        } else {
            self.list.push(id.clone());
            Collected::Added
        }
    }

    /// Empties the list.
    pub fn clear_list(&mut self) {
        self.list.clear();
    }

    /// Whether ending the visit loses something.
    #[must_use]
    pub fn would_lose_something(&self) -> bool {
        self.has_entries || !self.list.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> RecordId {
        RecordId::try_from(format!("guide-{number}")).unwrap()
    }

    #[test]
    fn the_size_key_goes_round_three_ways_of_seeing() {
        let ways = [
            Sight::Normal.next(),
            Sight::Normal.next().next(),
            Sight::Normal.next().next().next(),
        ];
        assert_eq!(ways, [Sight::Large, Sight::LargeContrast, Sight::Normal]);
    }

    #[test]
    fn collecting_twice_takes_the_page_off_again() {
        let mut session = Session::new(Language::Zh);
        assert_eq!(session.collect(&id(1)), Collected::Added);
        assert!(session.would_lose_something());
        assert_eq!(session.collect(&id(1)), Collected::Removed);
        assert!(!session.would_lose_something());
    }

    #[test]
    fn the_list_is_as_long_as_one_slip() {
        let mut session = Session::new(Language::Zh);
        for number in 0..Session::LONGEST_LIST {
            assert_eq!(session.collect(&id(number)), Collected::Added);
        }
        assert_eq!(session.collect(&id(99)), Collected::Full);
        assert_eq!(session.list().len(), Session::LONGEST_LIST);
    }
}
