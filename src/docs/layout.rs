//! Pieces of a page put in their places: samples into tabs and the rail, headings into steps.

use app::model::{Block, Code, Step, Tab};

/// A piece of a page in the order it was written.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Something that stays where it is.
    Block(Block),
    /// A heading.
    Heading {
        /// 2 to 4.
        level: u8,
        /// Its anchor.
        id: String,
        /// Its text as HTML.
        html: String,
        /// Its bare text.
        text: String,
    },
    /// One of several samples.
    Tab(Tab),
    /// A sample beside the text above it.
    Rail(Code),
    /// Headings are steps from here on.
    Steps,
    /// The steps end.
    EndSteps,
}

/// The pieces as blocks.
pub(super) fn arrange(pieces: Vec<Piece>) -> Vec<Block> {
    let mut page = Page::default();
    let mut joins_tabs = false;
    for piece in pieces {
        let was_tab = std::mem::replace(&mut joins_tabs, matches!(piece, Piece::Tab(_)));
        match piece {
            Piece::Steps => page.steps = Some(Vec::new()),
            Piece::EndSteps => page.end_steps(),
            Piece::Heading {
                level,
                id,
                html,
                text,
            } => match &mut page.steps {
                Some(steps) if level == 2 => steps.push(Step {
                    id,
                    title: text,
                    ..Step::default()
                }),
                _ => page.open().push(Block::Heading { level, id, html }),
            },
            Piece::Block(block) => page.open().push(block),
            Piece::Tab(tab) => add_tab(page.open(), tab, was_tab),
            Piece::Rail(code) => match page.step() {
                Some(step) => step.rail.push(Block::Code(code)),
                None => add_beside(&mut page.blocks, code),
            },
        }
    }
    page.end_steps();
    page.blocks
}

/// A page while it is put together.
#[derive(Default)]
struct Page {
    blocks: Vec<Block>,
    /// The steps so far, while some are written.
    steps: Option<Vec<Step>>,
}

impl Page {
    fn step(&mut self) -> Option<&mut Step> {
        self.steps.as_mut().and_then(|steps| steps.last_mut())
    }

    /// Where the next block goes: into the step that is written, else onto the page.
    fn open(&mut self) -> &mut Vec<Block> {
        match self.steps.as_mut().and_then(|steps| steps.last_mut()) {
            Some(step) => &mut step.blocks,
            None => &mut self.blocks,
        }
    }

    fn end_steps(&mut self) {
        self.blocks.extend(self.steps.take().map(Block::Steps));
    }
}

fn add_tab(blocks: &mut Vec<Block>, tab: Tab, joins: bool) {
    match blocks.last_mut() {
        Some(Block::Tabs(tabs)) if joins => tabs.push(tab),
        _ => blocks.push(Block::Tabs(vec![tab])),
    }
}

/// Puts `code` beside everything since the last heading or row.
fn add_beside(page: &mut Vec<Block>, code: Code) {
    if let Some(Block::Row { rail, .. }) = page.last_mut() {
        rail.push(Block::Code(code));
        return;
    }
    let starts = page
        .iter()
        .rposition(|block| {
            !matches!(
                block,
                Block::Html(_) | Block::Table(_) | Block::Admonition(_) | Block::Action(_)
            )
        })
        .map_or(0, |last| last + 1);
    let blocks = page.split_off(starts);
    page.push(Block::Row {
        blocks,
        rail: vec![Block::Code(code)],
    });
}
