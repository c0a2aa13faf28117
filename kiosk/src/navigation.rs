//! Where the resident is, and the way that led there.

use catalog::record::{ArticleNumber, DocumentType, Kind, RecordId};

/// How many steps back are remembered; older ones are forgotten.
const LONGEST_WAY: usize = 64;

/// What the screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nobody is there.
    Attract,
    /// The home page.
    Home,
    /// All areas.
    Areas,
    /// What one area holds.
    Area {
        /// Which one.
        id: RecordId,
        /// The kind that is looked at; `None` is the first that there is.
        kind: Option<Kind>,
    },
    /// A list.
    List(List),
    /// The pages collected in this visit.
    MyList,
    /// 意见建议.
    Suggestions,
    /// The search page with the keyboard.
    Search,
    /// What was found; the finder keeps the words.
    Results,
    /// The page of a record.
    Record {
        /// Which one.
        id: RecordId,
        /// Of a document, the article to show first.
        article: Option<ArticleNumber>,
    },
}

/// A list of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum List {
    /// Life events with their guides.
    Events,
    /// Groups of residents with their guides.
    Audiences,
    /// Areas that have guides.
    GuideAreas,
    /// All guides.
    Guides,
    /// What concerns one life event or group.
    Concerning(RecordId),
    /// The guides of one area.
    GuidesOf(RecordId),
    /// Documents, of one type or all.
    Documents(Option<DocumentType>),
    /// All catalogue entries.
    Entries,
    /// Interpretations.
    Interpretations,
    /// Data sets.
    Datasets,
    /// Services of the published list.
    ServiceItems,
    /// Tables of tasks.
    Plans,
}

impl Place {
    /// The page of a record, from its beginning.
    #[must_use]
    pub fn record(id: RecordId) -> Self {
        Self::Record { id, article: None }
    }
}

/// How far a page is scrolled or paged.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Position {
    /// Where the content of a scrolling page stands, 0 or less.
    pub offset: f32,
    /// The screen of a paged list, from 0.
    pub screen: i32,
}

/// A place with the position in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The place.
    pub place: Place,
    /// The position to return to.
    pub position: Position,
}

/// The way through one visit.
#[derive(Debug)]
pub struct Navigation {
    way: Vec<Step>,
}

impl Default for Navigation {
    fn default() -> Self {
        Self {
            way: vec![Step::start(Place::Attract)],
        }
    }
}

impl Step {
    fn start(place: Place) -> Self {
        Self {
            place,
            position: Position::default(),
        }
    }
}

impl Navigation {
    /// The place that is shown.
    #[must_use]
    pub fn current(&self) -> &Step {
        self.way.last().expect("a way begins somewhere")
    }

    /// Remembers how far the page is scrolled that is shown.
    pub fn keep(&mut self, position: Position) {
        self.way.last_mut().expect("a way begins somewhere").position = position;
    }

    /// Goes to `place`. The same place again is no step.
    pub fn open(&mut self, place: Place) {
        if self.current().place == place {
            return;
        }
        self.way.push(Step::start(place));
        if self.way.len() > LONGEST_WAY {
            self.way.remove(1);
        }
    }

    /// Shows `place` instead of what is shown, so that 返回 leads past both.
    pub fn replace(&mut self, place: Place) {
        *self.way.last_mut().expect("a way begins somewhere") = Step::start(place);
    }

    /// Whether there is something to go back to.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        self.way.len() > 1
    }

    /// Goes one step back; says whether there was one.
    pub fn back(&mut self) -> bool {
        let can = self.can_go_back();
        if can {
            self.way.pop();
        }
        can
    }

    /// Begins a visit, or begins it again: the home page, with nothing to go back to.
    pub fn home(&mut self) {
        self.way = vec![Step::start(Place::Home)];
    }

    /// Ends the visit.
    pub fn end(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str) -> Place {
        Place::record(RecordId::try_from(id).unwrap())
    }

    #[test]
    fn back_finds_the_place_as_it_was_left() {
        let mut navigation = Navigation::default();
        navigation.home();
        navigation.open(Place::List(List::Guides));
        let left = Position {
            offset: 0.0,
            screen: 3,
        };
        navigation.keep(left);
        navigation.open(record("guide-001"));
        assert_eq!(navigation.current().position, Position::default());
        assert!(navigation.back());
        assert_eq!(navigation.current().place, Place::List(List::Guides));
        assert_eq!(navigation.current().position, left);
    }

    #[test]
    fn from_the_first_page_there_is_no_way_back() {
        let mut navigation = Navigation::default();
        navigation.home();
        assert!(!navigation.can_go_back());
        assert!(!navigation.back());
        assert_eq!(navigation.current().place, Place::Home);
    }

    #[test]
    fn opening_what_is_open_is_no_step() {
        let mut navigation = Navigation::default();
        navigation.home();
        navigation.open(Place::Areas);
        navigation.open(Place::Areas);
        navigation.back();
        assert_eq!(navigation.current().place, Place::Home);
    }

    #[test]
    fn a_long_way_forgets_its_middle_and_keeps_its_start() {
        let mut navigation = Navigation::default();
        navigation.home();
        for number in 0..200 {
            navigation.open(record(&format!("guide-{number}")));
        }
        let mut steps = 0;
        while navigation.back() {
            steps += 1;
        }
        assert!(steps < LONGEST_WAY);
        assert_eq!(navigation.current().place, Place::Home);
    }

    #[test]
    fn the_end_leads_to_the_attract_screen_with_nothing_behind_it() {
        let mut navigation = Navigation::default();
        navigation.home();
        navigation.open(record("guide-001"));
        navigation.end();
        assert_eq!(navigation.current().place, Place::Attract);
        assert!(!navigation.can_go_back());
    }
}
