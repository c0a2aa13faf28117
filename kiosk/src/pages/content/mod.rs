//! Content pages: a record becomes a [`Page`] of blocks, the page is cut into screens, the screens are drawn.

mod block;
pub(super) mod card;
mod context;
pub(super) mod layout;
pub(super) mod links;
pub(super) mod provenance;
mod screens;
mod split;
mod spreads;
pub(super) mod view;

pub(crate) use block::*;
pub(crate) use context::{Context, DatasetState, Density, Lookup, Say};
pub(crate) use screens::{Measure, Room, Screen, fill, screens};
pub(crate) use spreads::{Columns, spreads};

/// Sets a text of the content, which is Chinese in every language of the interface.
#[must_use]
pub(crate) fn typeset(text: &str) -> String {
    catalog::typeset::typeset(text, catalog::Language::Zh)
}
