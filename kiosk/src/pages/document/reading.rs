//! A document as blocks in reading order, and the places in it.

use std::collections::VecDeque;

use catalog::record::{ArticleNumber, Block as Text, Document};

use super::super::content::{Block, Measure, Room, Tone, fill, typeset};

/// At most this many blocks are offered to one screen; more never fit.
const WINDOW: usize = 40;

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Place {
    /// The block.
    block: usize,
    /// The byte of its running text.
    byte: usize,
}

impl Place {
    /// The beginning of a block.
    #[must_use]
    pub(crate) const fn at_block(block: usize) -> Self {
        Self { block, byte: 0 }
    }

    /// The block.
    #[must_use]
    pub(crate) const fn block(self) -> usize {
        self.block
    }
}

/// A chapter in the rail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chapter {
    /// 第二章; empty when there is no number.
    pub(crate) label: String,
    /// 申请与审批.
    pub(crate) title: String,
    /// Where it begins.
    pub(crate) place: Place,
}

/// What one screen of a document shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// The blocks.
    pub(crate) blocks: Vec<Block>,
    /// Where the next screen goes on; `None` at the end.
    pub(crate) next: Option<Place>,
}

/// A document as blocks in reading order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    blocks: Vec<Block>,
    chapters: Vec<Chapter>,
    /// The articles with the block that each begins with.
    articles: Vec<(ArticleNumber, usize)>,
}

impl Reading {
    /// `document`, with the article that was asked for marked.
    #[must_use]
    pub(crate) fn new(document: &Document, cited: Option<ArticleNumber>) -> Self {
        let rail = rail_level(document);
        let mut reading = Self {
            blocks: Vec::new(),
            chapters: Vec::new(),
            articles: Vec::new(),
        };
        let mut headings = document.outline.iter().peekable();
        for (index, text) in document.blocks.iter().enumerate() {
            while let Some(heading) = headings.next_if(|heading| heading.block <= index) {
                let (label, title) = (spaceless(&heading.label), typeset(heading.title.trim()));
                if heading.level <= rail {
                    let place = Place {
                        block: reading.blocks.len(),
                        byte: 0,
                    };
                    reading.chapters.push(Chapter {
                        label: label.clone(),
                        title: title.clone(),
                        place,
                    });
                }
                let text = [label, title]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("\u{3000}");
                reading.blocks.push(Block::Chapter { text });
            }
            reading.push(text, cited);
        }
        reading
    }

    fn push(&mut self, text: &Text, cited: Option<ArticleNumber>) {
        match text {
            Text::Article { number, paragraphs } => {
                self.articles.push((*number, self.blocks.len()));
                let marked = cited == Some(*number);
                let mut number = Some(*number);
                for paragraph in paragraphs {
                    self.blocks.push(Block::Article {
                        number: number.take(),
                        text: typeset(paragraph.trim()),
                        cited: marked,
                    });
                }
                // An article that was struck out may have a number and no text.
                if let Some(number) = number {
                    self.blocks.push(Block::Article {
                        number: Some(number),
                        text: String::new(),
                        cited: marked,
                    });
                }
            }
            Text::Paragraph { text } => {
                self.blocks.push(Block::Text {
                    text: typeset(text.trim()),
                    tone: Tone::Plain,
                });
            }
        }
    }

    /// The chapters for the rail.
    #[must_use]
    pub(crate) fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// The chapter that `place` is in.
    #[must_use]
    pub(crate) fn chapter_at(&self, place: Place) -> Option<usize> {
        self.chapters
            .partition_point(|chapter| chapter.place <= place)
            .checked_sub(1)
    }

    /// How many articles there are.
    #[must_use]
    pub(crate) fn article_count(&self) -> usize {
        self.articles.len()
    }

    /// The article that `place` is in, or the first behind it, as an index.
    #[must_use]
    pub(crate) fn article_at(&self, place: Place) -> Option<usize> {
        let before = self
            .articles
            .partition_point(|&(_, block)| block <= place.block)
            .saturating_sub(1);
        (before < self.articles.len()).then_some(before)
    }

    /// Where the article with this index begins: at its chapter's heading, when it is the first of one.
    #[must_use]
    pub(crate) fn article_place(&self, index: usize) -> Option<Place> {
        let mut block = self.articles.get(index)?.1;
        while block > 0 && matches!(self.blocks[block - 1], Block::Chapter { .. }) {
            block -= 1;
        }
        Some(Place { block, byte: 0 })
    }

    /// The index of the article with this number.
    #[must_use]
    pub(crate) fn find(&self, number: ArticleNumber) -> Option<usize> {
        self.articles.iter().position(|&(here, _)| here == number)
    }

    /// The first words of the article with this index.
    #[must_use]
    pub(crate) fn first_line(&self, index: usize) -> Option<&str> {
        self.blocks.get(self.articles.get(index)?.1)?.running_text()
    }

    /// The text of the article with this index.
    #[must_use]
    pub(crate) fn article_text(&self, index: usize) -> String {
        let Some(&(_, first)) = self.articles.get(index) else {
            return String::new();
        };
        let end = self
            .articles
            .get(index + 1)
            .map_or(self.blocks.len(), |&(_, block)| block);
        self.blocks[first..end]
            .iter()
            .filter_map(Block::running_text)
            .collect()
    }

    /// The screen that begins at `place`.
    #[must_use]
    pub(crate) fn show(&self, place: Place, room: Room, measure: &mut dyn Measure) -> Shown {
        let first = place.block.min(self.blocks.len());
        let end = (first + WINDOW).min(self.blocks.len());
        let mut pending: VecDeque<Block> = self.blocks[first..end].iter().cloned().collect();
        if let Some(front) = pending.front_mut()
            && place.byte > 0
            && front
                .running_text()
                .is_some_and(|text| text.is_char_boundary(place.byte))
        {
            *front = front.split(place.byte).1;
        }
        let offered = pending.len();
        let blocks = fill(&mut pending, None, room, measure).blocks;
        let block = first + offered - pending.len();
        let whole = |block: usize| {
            self.blocks
                .get(block)
                .and_then(Block::running_text)
                .map_or(0, str::len)
        };
        let byte = pending
            .front()
            .and_then(Block::running_text)
            .map_or(0, |rest| whole(block).saturating_sub(rest.len()));
        let next = (block < self.blocks.len()).then_some(Place { block, byte });
        Shown {
            blocks,
            next: next.filter(|next| *next > place),
        }
    }

    /// The beginnings of all screens: for documents without articles, which turn by screens.
    #[must_use]
    pub(crate) fn screens(&self, room: Room, measure: &mut dyn Measure) -> Vec<Place> {
        let mut places = vec![Place::default()];
        while let Some(next) = self.show(places[places.len() - 1], room, measure).next {
            places.push(next);
        }
        places
    }
}

/// The innermost level of headings that goes in the rail: chapters, or what stands highest where there are none.
fn rail_level(document: &Document) -> u8 {
    let chapters = document
        .outline
        .iter()
        .filter(|heading| spaceless(&heading.label).ends_with('章'));
    let highest = document.outline.iter().map(|heading| heading.level).min();
    chapters
        .map(|heading| heading.level)
        .min()
        .or(highest)
        .unwrap_or(1)
}

fn spaceless(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}
