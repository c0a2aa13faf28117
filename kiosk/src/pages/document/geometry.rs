//! Where the parts of the reader stand.

use super::super::content::Room;

/// A part of the page, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Area {
    /// From the left.
    pub(crate) x: f32,
    /// From the top of the page.
    pub(crate) y: f32,
    /// Its width; 0 for a part that is not there.
    pub(crate) width: f32,
    /// Its height.
    pub(crate) height: f32,
}

/// How much room there is and what has to go in it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the page, none a choice of a caller"
)]
pub(crate) struct Wanted {
    /// The width of the page.
    pub(crate) width: f32,
    /// Where the text may begin, below head and notice.
    pub(crate) top: f32,
    /// Where the provenance line begins, less a gap.
    pub(crate) bottom: f32,
    /// Where the lower half begins.
    pub(crate) low_top: f32,
    /// Landscape.
    pub(crate) landscape: bool,
    /// Low reach.
    pub(crate) low: bool,
    /// Large text.
    pub(crate) large: bool,
    /// There are chapters for a rail.
    pub(crate) chapters: bool,
    /// An interpretation has something to say.
    pub(crate) explained: bool,
}

/// Where each part stands.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Geometry {
    /// Chapters; absent where keys take their place.
    pub(crate) rail: Area,
    /// The text in its frame.
    pub(crate) pane: Area,
    /// The keys that turn.
    pub(crate) turn: Area,
    /// The keys that take the place of the rail.
    pub(crate) tools: Area,
    /// What explains the articles.
    pub(crate) panel: Area,
}

const MARGIN: f32 = 48.0;
const GAP: f32 = 12.0;
const RAIL: f32 = 252.0;
const GUTTER: f32 = 24.0;
/// The keys that turn, and what they keep from the pane's edge.
const TURN: f32 = 84.0;
const EDGE: f32 = 20.0;
/// The text keeps so much from its frame, at the sides and above.
const SIDE: f32 = 34.0;
const ABOVE: f32 = 24.0;
/// A panel with five lines of text, its tab and its key.
const PANEL: f32 = 452.0;
const PANEL_LOW: f32 = 340.0;
const PANEL_WIDTH: f32 = 600.0;

impl Geometry {
    /// Arranges what is wanted.
    #[must_use]
    pub(crate) fn new(wanted: &Wanted) -> Self {
        if wanted.low {
            Self::low(wanted)
        } else {
            Self::whole(wanted)
        }
    }

    fn whole(wanted: &Wanted) -> Self {
        let Wanted {
            top,
            bottom,
            landscape,
            large,
            ..
        } = *wanted;
        let row = if large { 112.0 } else { 88.0 };
        let inner = wanted.width - 2.0 * MARGIN;
        let mut geometry = Self::default();
        let mut pane = Area {
            x: MARGIN,
            y: top,
            width: inner,
            height: bottom - top,
        };
        if wanted.chapters && !large {
            geometry.rail = Area { width: RAIL, ..pane };
            pane.x += RAIL + GUTTER;
            pane.width -= RAIL + GUTTER;
        } else {
            geometry.tools = Area { height: row, ..pane };
            pane.y += row + GAP;
            pane.height -= row + GAP;
        }
        if wanted.explained && landscape {
            pane.width -= PANEL_WIDTH + GUTTER;
            geometry.panel = Area {
                x: pane.x + pane.width + GUTTER,
                width: PANEL_WIDTH,
                ..pane
            };
        } else if wanted.explained && !large {
            pane.height -= PANEL + GAP + 6.0;
            geometry.panel = Area {
                x: MARGIN,
                y: pane.y + pane.height + GAP + 6.0,
                width: inner,
                height: PANEL,
            };
            geometry.rail.height = pane.height;
        }
        geometry.turn = Area {
            x: pane.x + EDGE + 4.0,
            y: pane.y + pane.height - TURN - EDGE,
            width: pane.width - 2.0 * (EDGE + 4.0),
            height: TURN,
        };
        geometry.pane = pane;
        geometry
    }

    /// The text above, everything to press below.
    fn low(wanted: &Wanted) -> Self {
        let row = if wanted.large { 112.0 } else { 88.0 };
        let inner = wanted.width - 2.0 * MARGIN;
        let line = |y, height| Area {
            x: MARGIN,
            y,
            width: inner,
            height,
        };
        let tools = line(wanted.bottom - row, row);
        let turn = line(tools.y - GAP - row, row);
        let panel_top = wanted.low_top + GAP;
        let panel = if wanted.explained && turn.y - GAP - panel_top >= PANEL_LOW {
            line(panel_top, turn.y - GAP - panel_top)
        } else {
            Area::default()
        };
        Self {
            rail: Area::default(),
            pane: line(wanted.top, wanted.low_top - 3.0 - GAP - wanted.top),
            turn,
            tools,
            panel,
        }
    }

    /// The room for text in the pane.
    #[must_use]
    pub(crate) fn room(&self) -> Room {
        let below = if self.turn.y < self.pane.y + self.pane.height {
            TURN + EDGE + GAP
        } else {
            EDGE
        };
        Room {
            width: self.pane.width - 2.0 * SIDE,
            height: self.pane.height - ABOVE - below,
            pressed: None,
        }
    }

    /// Where what is about the document stands: it can be pressed, so in low reach it stands in the lower half.
    #[must_use]
    pub(crate) fn about(&self, low_top: f32) -> Area {
        if self.turn.y < self.pane.y + self.pane.height {
            return self.pane;
        }
        let y = low_top + GAP;
        Area {
            y,
            height: self.turn.y - GAP - y,
            ..self.pane
        }
    }

    /// The room for what is about the document.
    #[must_use]
    pub(crate) fn about_room(&self, low_top: f32) -> Room {
        let area = self.about(low_top);
        Room {
            height: self.room().height + area.height - self.pane.height,
            ..self.room()
        }
    }

    /// How many chapters fit the rail above its last keys, with room for the keys that turn it when not all fit.
    #[must_use]
    pub(crate) fn chapters(&self, all: usize, can_jump: bool) -> usize {
        const KEY: f32 = 98.0 + GAP;
        const SMALL: f32 = 72.0 + GAP;
        let room = self.rail.height - SMALL - if can_jump { KEY } else { 0.0 };
        let fit = (room / KEY).floor().max(1.0) as usize;
        if all <= fit {
            all
        } else {
            ((room - 2.0 * SMALL) / KEY).floor().max(1.0) as usize
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTRAIT: Wanted = Wanted {
        width: 1080.0,
        top: 150.0,
        bottom: 1416.0,
        low_top: 872.0,
        landscape: false,
        low: false,
        large: false,
        chapters: true,
        explained: true,
    };

    fn apart(geometry: &Geometry) {
        let Geometry {
            rail,
            pane,
            tools,
            panel,
            ..
        } = *geometry;
        let parts = [rail, pane, tools, panel]
            .into_iter()
            .filter(|area| area.width > 0.0);
        let parts: Vec<Area> = parts.collect();
        for (index, a) in parts.iter().enumerate() {
            for b in &parts[index + 1..] {
                let beside = a.x + a.width <= b.x || b.x + b.width <= a.x;
                let below = a.y + a.height <= b.y || b.y + b.height <= a.y;
                assert!(beside || below, "{a:?} lies over {b:?}");
            }
        }
    }

    #[test]
    fn no_part_lies_over_another() {
        for landscape in [false, true] {
            for low in [false, !landscape] {
                for large in [false, true] {
                    for chapters in [false, true] {
                        for explained in [false, true] {
                            let mut wanted = Wanted {
                                landscape,
                                low,
                                large,
                                chapters,
                                explained,
                                ..PORTRAIT
                            };
                            if landscape {
                                wanted = Wanted {
                                    width: 1920.0,
                                    bottom: 640.0,
                                    ..wanted
                                };
                            }
                            let geometry = Geometry::new(&wanted);
                            apart(&geometry);
                            assert!(geometry.room().height >= 150.0, "{wanted:?} {geometry:?}");
                            assert!(geometry.pane.y + geometry.pane.height <= wanted.bottom + 0.5);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn in_low_reach_everything_to_press_stands_in_the_lower_half() {
        let geometry = Geometry::new(&Wanted {
            low: true,
            ..PORTRAIT
        });
        assert!(geometry.rail.width < 1.0);
        for area in [geometry.turn, geometry.tools, geometry.panel] {
            assert!(area.width < 1.0 || area.y >= PORTRAIT.low_top, "{area:?}");
        }
    }

    #[test]
    fn a_long_rail_keeps_room_for_the_keys_that_turn_it() {
        let geometry = Geometry::new(&PORTRAIT);
        assert!(geometry.chapters(100, true) < geometry.chapters(6, true).max(6));
        assert_eq!(geometry.chapters(2, true), 2);
    }
}
