//! Cutting a page into screens.
//!
//! Pages move by screens: nothing is cut in the middle of a row, a heading never ends a screen, and the pager names what
//! comes next. In low reach a screen has two rooms: what is read stands above, what is pressed below.

use std::collections::VecDeque;

use super::block::Block;

/// How high blocks are on the screen.
pub(crate) trait Measure {
    /// The height of `block` at `width`, in logical pixels, without the gap before it.
    fn height(&mut self, block: &Block, width: f32) -> f32;

    /// The gap between two blocks that follow one another.
    fn gap(&self, above: &Block, below: &Block) -> f32 {
        match (above, below) {
            (above, below) if above.in_card() && below.in_card() => 0.0,
            (Block::Heading { .. }, _) | (_, Block::Article { number: None, .. }) => 12.0,
            (_, Block::Heading { .. }) => 28.0,
            (Block::Tabs { .. } | Block::Checks(_) | Block::Link(_), _) => 12.0,
            (_, Block::Article { .. }) => 14.0,
            _ => 16.0,
        }
    }
}

/// The space for blocks on one screen, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Room {
    /// The width of a block.
    pub(crate) width: f32,
    /// The height for all blocks, or for those that are read only.
    pub(crate) height: f32,
    /// In low reach, the height for blocks to press.
    pub(crate) pressed: Option<f32>,
}

/// What one screen shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Screen {
    /// On a lying panel, the blocks of the left column, below the head.
    pub(crate) left: Vec<Block>,
    /// The blocks; in low reach only those to read.
    pub(crate) blocks: Vec<Block>,
    /// In low reach, the blocks to press.
    pub(crate) pressed: Vec<Block>,
    /// The sections that begin on this screen.
    pub(crate) begins: Vec<String>,
    /// The section that goes on from the screen before.
    pub(crate) goes_on: Option<String>,
}

impl Screen {
    /// The names of what the screen shows, for the pager of the screen before.
    #[must_use]
    pub(crate) fn summary(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.goes_on.iter().map(String::as_str).collect();
        names.extend(self.begins.iter().map(String::as_str));
        names
    }
}

/// Less room than this is not worth the beginning of a block that splits.
const WORTH_SPLITTING: f32 = 160.0;

/// Cuts `blocks` into screens with as much as fits on each.
///
/// A block that is higher than a whole screen stands alone on one, unless it has cuts: then it is split.
#[must_use]
pub(crate) fn screens(blocks: &[Block], room: Room, measure: &mut dyn Measure) -> Vec<Screen> {
    let mut pending: VecDeque<Block> = blocks.iter().cloned().collect();
    let mut done = vec![fill(&mut pending, None, room, measure)];
    let mut section = None;
    while !pending.is_empty() {
        if let Some(begun) = done.last().and_then(|screen| screen.begins.last()) {
            section = Some(begun.clone());
        }
        let goes_on = match pending.front() {
            Some(Block::Heading { .. }) => None,
            _ => section.clone(),
        };
        done.push(fill(&mut pending, goes_on, room, measure));
    }
    done
}

/// What becomes of a first block that is higher than the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overfull {
    /// It is taken all the same: there is no larger room for it.
    Taken,
    /// It waits for a larger room.
    Refused,
}

/// Takes as much from the front of `pending` as fits on one screen, at least one block. Of a block that is split, the rest
/// stays in front.
pub(crate) fn fill(
    pending: &mut VecDeque<Block>,
    goes_on: Option<String>,
    room: Room,
    measure: &mut dyn Measure,
) -> Screen {
    take(pending, goes_on, room, Overfull::Taken, measure)
}

/// Takes as much from the front of `pending` as fits on one screen.
pub(super) fn take(
    pending: &mut VecDeque<Block>,
    goes_on: Option<String>,
    room: Room,
    overfull: Overfull,
    measure: &mut dyn Measure,
) -> Screen {
    let mut filling = Filling::new(room, goes_on);
    while let Some(block) = pending.pop_front() {
        if filling.takes(&block, pending.front(), measure) {
            filling.push(block, measure);
            continue;
        }
        match filling.split(&block, measure) {
            Some((head, tail)) => {
                filling.push(head, measure);
                pending.push_front(tail);
            }
            None if filling.is_empty() && overfull == Overfull::Taken => filling.push(block, measure),
            None => pending.push_front(block),
        }
        break;
    }
    filling.screen
}

/// A screen that is being filled.
struct Filling {
    room: Room,
    screen: Screen,
    used: f32,
    used_pressed: f32,
}

impl Filling {
    fn new(room: Room, goes_on: Option<String>) -> Self {
        Self {
            room,
            screen: Screen {
                goes_on,
                ..Screen::default()
            },
            used: 0.0,
            used_pressed: 0.0,
        }
    }

    fn is_empty(&self) -> bool {
        self.screen.blocks.is_empty() && self.screen.pressed.is_empty()
    }

    /// The stack that `block` goes on, with what it uses and what it may use. A block that leads goes where the block
    /// that it leads goes.
    fn place(&self, pressed: bool) -> (&[Block], f32, f32) {
        match self.room.pressed {
            Some(limit) if pressed => (&self.screen.pressed, self.used_pressed, limit),
            _ => (&self.screen.blocks, self.used, self.room.height),
        }
    }

    fn pressed(block: &Block, next: Option<&Block>) -> bool {
        block.is_pressed() || (block.leads() && next.is_some_and(Block::is_pressed))
    }

    fn need(&self, block: &Block, pressed: bool, measure: &mut dyn Measure) -> f32 {
        let gap = self
            .place(pressed)
            .0
            .last()
            .map_or(0.0, |above| measure.gap(above, block));
        gap + measure.height(block, self.room.width)
    }

    fn takes(&self, block: &Block, next: Option<&Block>, measure: &mut dyn Measure) -> bool {
        let pressed = Self::pressed(block, next);
        let (_, used, limit) = self.place(pressed);
        let mut need = self.need(block, pressed, measure);
        if block.leads()
            && let Some(next) = next
        {
            need += measure.gap(block, next);
            let follows = measure.height(next, self.room.width);
            need += if next.cuts().is_empty() {
                follows
            } else {
                follows.min(WORTH_SPLITTING)
            };
        }
        used + need <= limit
    }

    fn split(&self, block: &Block, measure: &mut dyn Measure) -> Option<(Block, Block)> {
        let cuts = block.cuts();
        if cuts.is_empty() {
            return None;
        }
        let (above, used, limit) = self.place(block.is_pressed());
        let gap = above.last().map_or(0.0, |above| measure.gap(above, block));
        let left = limit - used - gap;
        if left < WORTH_SPLITTING && !self.is_empty() {
            return None;
        }
        let fits = cuts.partition_point(|&at| measure.height(&block.split(at).0, self.room.width) <= left);
        Some(block.split(cuts[fits.checked_sub(1)?]))
    }

    fn push(&mut self, block: Block, measure: &mut dyn Measure) {
        // Whether a leading block goes below is decided by what follows; it was asked in `takes`, so a heading waits
        // above until its first row arrives.
        let pressed = block.is_pressed() && self.room.pressed.is_some();
        if pressed && let Some(lead) = self.screen.blocks.pop_if(|block| block.leads()) {
            self.used -= measure.height(&lead, self.room.width);
            let need = self.need(&lead, true, measure);
            self.used_pressed += need;
            self.screen.pressed.push(lead);
        }
        let need = self.need(&block, pressed, measure);
        if let Block::Heading { text, .. } = &block {
            self.screen.begins.push(text.clone());
        }
        if pressed {
            self.used_pressed += need;
            self.screen.pressed.push(block);
        } else {
            self.used += need;
            self.screen.blocks.push(block);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::block::{Action, Icon, LinkRow, Tone};
    use super::*;

    /// Ten pixels a character for text, 50 for the rest.
    pub(in super::super) struct Ruler;

    impl Measure for Ruler {
        fn height(&mut self, block: &Block, width: f32) -> f32 {
            let line = (width / 10.0).floor();
            block
                .running_text()
                .map_or(50.0, |text| (text.chars().count() as f32 / line).ceil() * 20.0)
        }
    }

    pub(in super::super) fn heading(text: &str) -> Block {
        Block::Heading {
            text: text.to_owned(),
            remark: None,
        }
    }

    pub(in super::super) fn text(characters: usize) -> Block {
        Block::Text {
            text: "字，".repeat(characters / 2),
            tone: Tone::Plain,
        }
    }

    pub(in super::super) fn link() -> Block {
        Block::Link(LinkRow {
            icon: Icon::Basis,
            title: String::new(),
            meta: String::new(),
            action: Action::ReportMistake,
        })
    }

    pub(in super::super) const ROOM: Room = Room {
        width: 200.0,
        height: 300.0,
        pressed: None,
    };

    #[test]
    fn a_page_that_fits_is_one_screen() {
        assert_eq!(screens(&[heading("a"), text(40)], ROOM, &mut Ruler).len(), 1);
        assert_eq!(screens(&[], ROOM, &mut Ruler).len(), 1);
    }

    #[test]
    fn no_screen_is_overfull_and_no_character_is_lost() {
        let blocks: Vec<Block> = (0..30)
            .flat_map(|n| [heading(&n.to_string()), text(n * 30 + 2), link(), link()])
            .collect();
        for pressed in [None, Some(180.0)] {
            let room = Room { pressed, ..ROOM };
            let cut = screens(&blocks, room, &mut Ruler);
            let characters = |blocks: &mut dyn Iterator<Item = &Block>| -> usize {
                blocks
                    .filter_map(Block::running_text)
                    .map(|text| text.chars().count())
                    .sum()
            };
            assert_eq!(
                characters(&mut blocks.iter()),
                characters(
                    &mut cut
                        .iter()
                        .flat_map(|screen| screen.blocks.iter().chain(&screen.pressed))
                )
            );
            for screen in &cut {
                for (stack, limit) in [
                    (&screen.blocks, room.height),
                    (&screen.pressed, pressed.unwrap_or(0.0)),
                ] {
                    let gaps: f32 = stack.windows(2).map(|pair| Ruler.gap(&pair[0], &pair[1])).sum();
                    let used: f32 = stack.iter().map(|block| Ruler.height(block, room.width)).sum();
                    assert!(
                        stack.is_empty() || used + gaps <= limit,
                        "{used} + {gaps} in {limit}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_heading_never_ends_a_screen() {
        let blocks: Vec<Block> = (0..9)
            .flat_map(|n| [heading(&n.to_string()), link(), link()])
            .collect();
        for screen in screens(&blocks, ROOM, &mut Ruler) {
            assert!(screen.blocks.last().is_some_and(|block| !block.leads()));
        }
    }

    #[test]
    fn in_low_reach_what_is_pressed_stands_below_with_its_heading() {
        let blocks = [heading("who"), text(10), heading("basis"), link()];
        let cut = screens(
            &blocks,
            Room {
                pressed: Some(200.0),
                ..ROOM
            },
            &mut Ruler,
        );
        assert_eq!(cut.len(), 1);
        assert_eq!(cut[0].pressed, [heading("basis"), link()]);
        assert_eq!(cut[0].blocks, [heading("who"), text(10)]);
    }

    #[test]
    fn a_screen_says_which_sections_it_shows() {
        let blocks = [heading("a"), text(360), heading("b"), link()];
        let cut = screens(&blocks, ROOM, &mut Ruler);
        assert_eq!(cut[0].summary(), ["a"]);
        assert_eq!(cut[1].summary(), ["a", "b"]);
    }
}
