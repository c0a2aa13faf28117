//! Cutting a page into the screens of a lying panel, which has two columns.

use std::collections::VecDeque;

use super::block::Block;
use super::screens::{Measure, Overfull, Room, Screen, fill, take};

/// The rooms of a lying panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Columns {
    /// Below the whole head of the first screen.
    pub(crate) first_left: Room,
    /// Below the brief head of the others.
    pub(crate) left: Room,
    /// At the right.
    pub(crate) right: Room,
}

/// Cuts a page into the screens of a lying panel: what answers first at the left, the body at the right, and from the second
/// screen on the body in both columns, left before right. What needs the wide column waits for it; beside it the left
/// column shows again what answers first.
#[must_use]
pub(crate) fn spreads(
    identity: &[Block],
    body: &[Block],
    columns: Columns,
    measure: &mut dyn Measure,
) -> Vec<Screen> {
    let mut first: VecDeque<Block> = identity.iter().cloned().collect();
    let facts = narrow(&mut first, None, columns.first_left, measure);
    let mut pending = first;
    pending.extend(body.iter().cloned());
    let mut section = None;
    let mut done: Vec<Screen> = Vec::new();
    loop {
        let goes_on = match pending.front() {
            Some(Block::Heading { .. }) => None,
            _ => section.clone(),
        };
        let column = match done.is_empty() {
            true if facts.blocks.is_empty() => {
                narrow(&mut pending, goes_on.clone(), columns.first_left, measure)
            }
            true => facts.clone(),
            false => narrow(&mut pending, goes_on.clone(), columns.left, measure),
        };
        let mut screen = if pending.is_empty() {
            Screen::default()
        } else {
            fill(&mut pending, None, columns.right, measure)
        };
        screen.goes_on = goes_on;
        screen.begins.splice(..0, column.begins);
        screen.left = if column.blocks.is_empty() {
            facts.blocks.clone()
        } else {
            column.blocks
        };
        section = screen.begins.last().cloned().or(section);
        done.push(screen);
        if pending.is_empty() {
            return done;
        }
    }
}

/// Fills the narrow column with what may stand there, up to the first block that needs the wide one; perhaps nothing.
fn narrow(
    pending: &mut VecDeque<Block>,
    goes_on: Option<String>,
    room: Room,
    measure: &mut dyn Measure,
) -> Screen {
    let mut fit = pending.iter().position(Block::is_wide).unwrap_or(pending.len());
    while fit > 0 && pending[fit - 1].leads() {
        fit -= 1;
    }
    let waiting = pending.split_off(fit);
    let screen = take(pending, goes_on, room, Overfull::Refused, measure);
    pending.extend(waiting);
    screen
}

#[cfg(test)]
mod tests {
    use super::super::screens::tests::{ROOM, Ruler, heading, link, text};
    use super::*;

    const LEFT: Room = Room {
        width: 100.0,
        height: 120.0,
        pressed: None,
    };

    const COLUMNS: Columns = Columns {
        first_left: LEFT,
        left: LEFT,
        right: ROOM,
    };

    fn steps() -> Block {
        Block::Steps {
            marks: Vec::new(),
            across: 3,
        }
    }

    #[test]
    fn a_lying_panel_goes_on_in_both_columns() {
        let identity = [Block::Facts(Vec::new())];
        let body = [heading("a"), text(600), heading("b"), link()];
        let cut = spreads(&identity, &body, COLUMNS, &mut Ruler);
        assert_eq!(cut[0].left, identity);
        assert_eq!(cut[0].blocks[0], heading("a"));
        assert!(matches!(cut[1].left[..], [Block::Text { .. }]), "{:?}", cut[1]);
        assert_eq!(cut[1].goes_on.as_deref(), Some("a"));
        let characters: usize = cut
            .iter()
            .flat_map(|screen| screen.left.iter().chain(&screen.blocks))
            .filter_map(Block::running_text)
            .map(|text| text.chars().count())
            .sum();
        assert_eq!(characters, 600);
    }

    #[test]
    fn what_needs_the_wide_column_waits_for_it_beside_what_answers_first() {
        let identity = [Block::Facts(Vec::new())];
        let body = [
            text(300),
            heading("steps"),
            steps(),
            steps(),
            steps(),
            steps(),
            steps(),
        ];
        let cut = spreads(&identity, &body, COLUMNS, &mut Ruler);
        assert!(cut.len() > 1);
        for screen in &cut {
            assert_eq!(screen.left, identity);
        }
    }

    #[test]
    fn what_is_higher_than_the_narrow_column_goes_before_the_body() {
        let cut = spreads(
            &[Block::Facts(Vec::new()), heading("who"), link(), link()],
            &[text(20)],
            COLUMNS,
            &mut Ruler,
        );
        assert_eq!(cut[0].left, [Block::Facts(Vec::new())]);
        assert_eq!(cut[0].blocks, [heading("who"), link(), link(), text(20)]);
        assert_eq!(cut[0].begins, ["who"]);
    }
}
