//! Where blocks stand on the screen, and how high they are: Slint is asked, so that what is cut is what is drawn.

use slint::platform::WindowEvent;
use slint::{ComponentHandle as _, SharedString};

use super::block::Block;
use super::context::Say;
use super::screens::{Measure, Room};
use super::view::{Drawer, model};
use crate::ui;

/// Measures blocks with the very parts that draw them.
pub(crate) struct Ruler<'a> {
    window: &'a ui::AppWindow,
    words: &'a dyn Say,
    large: bool,
}

impl<'a> Ruler<'a> {
    /// A ruler for `window`.
    #[must_use]
    pub(crate) fn new(window: &'a ui::AppWindow, words: &'a dyn Say, large: bool) -> Self {
        Self { window, words, large }
    }
}

impl Measure for Ruler<'_> {
    fn height(&mut self, block: &Block, width: f32) -> f32 {
        match block {
            Block::TableRow { height, .. } => *height,
            block => {
                let drawn = Drawer::new(self.words, self.large).block(block);
                self.window.invoke_block_height(drawn.clone(), width);
                settle(self.window);
                self.window.invoke_block_height(drawn, width).ceil()
            }
        }
    }
}

/// Lets the interface make the parts that depend on what was just set. It does so before it handles an event or draws;
/// the release of no key is an event that nothing else answers.
fn settle(window: &ui::AppWindow) {
    window.window().dispatch_event(WindowEvent::KeyReleased {
        text: SharedString::new(),
    });
}

/// How much a head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeadLength {
    /// All that there is.
    Whole,
    /// Where the page hangs and its title, on a lying panel from the second screen on.
    Brief,
}

/// The height of the head that is set, at `width`.
pub(crate) fn head_height(window: &ui::AppWindow, width: f32, length: HeadLength) -> f32 {
    let brief = length == HeadLength::Brief;
    window.invoke_head_height(width, brief);
    settle(window);
    window.invoke_head_height(width, brief).ceil()
}

/// The height of the provenance line that is set, at `width`.
pub(crate) fn provenance_height(window: &ui::AppWindow, width: f32) -> f32 {
    window.invoke_provenance_height(width);
    settle(window);
    window.invoke_provenance_height(width).ceil()
}

/// Room that a line of a card needs above it, when it is the first on a screen and goes on from the one before.
const CARD_TOP: f32 = 10.0;

/// `blocks` one below the other.
pub(crate) fn column(
    blocks: &[Block],
    width: f32,
    drawer: &mut Drawer<'_>,
    ruler: &mut Ruler<'_>,
) -> slint::ModelRc<ui::ContentBlock> {
    let mut y = 0.0;
    let drawn: Vec<ui::ContentBlock> = blocks
        .iter()
        .enumerate()
        .map(|(index, block)| {
            let above = index.checked_sub(1).map(|above| &blocks[above]);
            let below = blocks.get(index + 1);
            let mut drawn = drawer.block(block);
            y += above.map_or(0.0, |above| ruler.gap(above, block));
            drawn.y = y;
            drawn.height = ruler.height(block, width);
            drawn.first = !above.is_some_and(super::block::Block::in_card);
            drawn.last = !below.is_some_and(Block::in_card);
            if drawn.first && !drawn.divided && matches!(block, Block::Row(_)) {
                drawn.height += CARD_TOP;
            }
            y += drawn.height;
            drawn
        })
        .collect();
    model(drawn.into_iter())
}

/// The measures of a content page, in logical pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// The size between the two bars.
    size: (f32, f32),
    landscape: bool,
    low: bool,
    margin: f32,
    gap: f32,
    pager: f32,
    foot: f32,
    /// Where the lower half begins, from the top of the page.
    low_top: f32,
}

impl Frame {
    /// The measures of the page in `window`, as it is set now.
    #[must_use]
    pub(crate) fn of(window: &ui::AppWindow) -> Self {
        let theme = window.global::<ui::Theme>();
        let scale = window.window().scale_factor();
        let size = window.window().size().to_logical(scale);
        Self {
            size: (
                size.width,
                size.height - theme.get_bar_top() - theme.get_bar_bottom(),
            ),
            landscape: theme.get_landscape(),
            low: theme.get_low(),
            margin: theme.get_margin(),
            gap: theme.get_gap(),
            pager: theme.get_pager_row(),
            foot: theme.get_action_bar(),
            low_top: theme.get_low_top() - theme.get_bar_top(),
        }
    }

    /// The width of the page.
    #[must_use]
    pub(crate) const fn width(&self) -> f32 {
        self.size.0
    }

    /// Where the lower half begins, from the top of the page.
    #[must_use]
    pub(crate) const fn low_top(&self) -> f32 {
        self.low_top
    }

    /// The width inside the margins.
    #[must_use]
    pub(crate) fn inner(&self) -> f32 {
        self.size.0 - 2.0 * self.margin
    }

    /// The width of the left column in landscape, of everything in portrait.
    #[must_use]
    pub(crate) fn identity_width(&self) -> f32 {
        if self.landscape { 720.0 } else { self.inner() }
    }

    /// The width of the body.
    #[must_use]
    pub(crate) fn body_width(&self) -> f32 {
        if self.landscape {
            self.inner() - self.identity_width() - 40.0
        } else {
            self.inner()
        }
    }

    /// Whether identity and body stand side by side.
    #[must_use]
    pub(crate) const fn landscape(&self) -> bool {
        self.landscape
    }

    /// Whether what is pressed stands in the lower half.
    #[must_use]
    pub(crate) const fn low(&self) -> bool {
        self.low
    }

    /// Where content ends, a gap above the provenance line, from the top of the page.
    #[must_use]
    pub(crate) fn bottom(&self, provenance: f32, pager: Pager) -> f32 {
        let pager = if pager == Pager::Shown {
            self.pager + self.gap
        } else {
            0.0
        };
        self.size.1 - self.foot - self.gap - pager - provenance - self.gap
    }

    /// The room for the body below a head of this height.
    #[must_use]
    pub(crate) fn body(&self, head: f32, provenance: f32, pager: Pager) -> Room {
        let bottom = self.bottom(provenance, pager);
        let width = self.body_width();
        if self.landscape {
            Room {
                width,
                height: bottom - 24.0,
                pressed: None,
            }
        } else if self.low {
            Room {
                width,
                height: self.low_top - 3.0 - self.gap - head,
                pressed: Some(bottom - self.low_top - self.gap),
            }
        } else {
            Room {
                width,
                height: bottom - head,
                pressed: None,
            }
        }
    }

    /// The room of the left column in landscape.
    #[must_use]
    pub(crate) fn identity(&self, head: f32, provenance: f32, pager: Pager) -> Room {
        Room {
            width: self.identity_width(),
            height: self.bottom(provenance, pager) - head,
            pressed: None,
        }
    }
}

/// Whether the pager takes room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pager {
    /// Everything is on one screen.
    Absent,
    /// There are several, or there is a shortcut.
    Shown,
}
