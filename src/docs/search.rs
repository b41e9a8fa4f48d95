//! Search over pages, headings, operations and members, all in memory.

use super::{
    reference,
    slots::{escape, without_slots},
};
use app::model::{Block, DocPage, SearchHit};
use contract::form::Input;

/// Everything that can be found.
#[derive(Debug)]
pub(super) struct Index {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    title: String,
    href: String,
    trail: String,
    text: String,
    /// Title, trail and text, in lower case.
    hay: String,
    rank: u32,
}

/// The heading that a text stands under.
struct Place<'a> {
    page: &'a DocPage,
    title: String,
    href: String,
}

impl<'a> Place<'a> {
    fn top(page: &'a DocPage) -> Self {
        Self {
            page,
            title: page.title.clone(),
            href: page.path.clone(),
        }
    }

    fn under(&self, anchor: &str, title: &str) -> Self {
        Self {
            page: self.page,
            title: title.to_owned(),
            href: format!("{}#{anchor}", self.page.path),
        }
    }

    fn trail(&self) -> String {
        if self.href == self.page.path {
            self.page.eyebrow.clone()
        } else {
            named(self.page)
        }
    }
}

/// A page's title; on a legacy track with the track, since its pages have namesakes.
fn named(page: &DocPage) -> String {
    match page.track.as_str() {
        "v2" => format!("v2 · {}", page.title),
        _ => page.title.clone(),
    }
}

impl Index {
    pub(super) fn new(pages: &[DocPage]) -> Self {
        let mut index = Self { entries: Vec::new() };
        for page in pages {
            index.add(3, &named(page), page.path.clone(), &page.eyebrow, &page.summary);
            let mut place = Place::top(page);
            index.add_blocks(&page.blocks, &mut place);
        }
        index
    }

    fn add(&mut self, rank: u32, title: &str, href: String, trail: &str, text: &str) {
        self.entries.push(Entry {
            title: title.to_owned(),
            href,
            trail: trail.to_owned(),
            text: text.to_owned(),
            hay: format!("{title}\n{trail}\n{text}").to_lowercase(),
            rank,
        });
    }

    fn add_blocks(&mut self, blocks: &[Block], place: &mut Place<'_>) {
        for block in blocks {
            self.add_block(block, place);
        }
    }

    fn add_block(&mut self, block: &Block, place: &mut Place<'_>) {
        let page = place.page;
        match block {
            Block::Heading { id, html, .. } => {
                *place = place.under(id, &bare(html));
                self.add(2, &place.title, place.href.clone(), &named(page), "");
            }
            Block::Html(html) => self.add_text(place, &bare(html)),
            Block::Table(table) => {
                for row in &table.rows {
                    let cells: Vec<String> = row.iter().map(|cell| bare(&cell.html)).collect();
                    self.add_text(place, &cells.join(" · "));
                }
            }
            Block::Admonition(remark) => self.add_blocks(&remark.blocks, place),
            Block::Row { blocks, .. } => self.add_blocks(blocks, place),
            Block::Steps(steps) => {
                for step in steps {
                    *place = place.under(&step.id, &step.title);
                    self.add(2, &place.title, place.href.clone(), &named(page), "");
                    self.add_blocks(&step.blocks, place);
                }
            }
            Block::Fields(list) => {
                for (anchor, field) in reference::field_anchors(list) {
                    self.add_field(1, field, format!("{}#{anchor}", page.path), &named(page));
                }
            }
            Block::Operation(operation) => {
                let form = &operation.form;
                let line = format!("{} {} {}", form.method.as_str(), form.path, form.operation);
                let href = format!("{}#{}", page.path, form.operation);
                self.add(3, &form.summary, href, &named(page), &line);
                let trail = format!("{} · {}", named(page), form.summary);
                for (anchor, field) in reference::anchors(operation) {
                    self.add_field(0, field, format!("{}#{anchor}", page.path), &trail);
                }
            }
            Block::Problems(problems) => {
                for problem in problems {
                    let href = format!("{}#{}", page.path, problem.slug);
                    let cause = bare(&problem.cause_html);
                    let line = format!("{} {}: {cause}", problem.status, problem.slug);
                    self.add(2, &problem.title, href, &named(page), &line);
                }
            }
            Block::Chart(chart) => self.add_text(place, &chart.title),
            Block::Code(_) | Block::Tabs(_) | Block::Lifecycle | Block::Action(_) | Block::BrowserKey => {}
        }
    }

    fn add_text(&mut self, place: &Place<'_>, text: &str) {
        self.add(0, &place.title, place.href.clone(), &place.trail(), text);
    }

    fn add_field(&mut self, rank: u32, field: &Input, href: String, trail: &str) {
        let help = field.help.replace('`', "");
        let line = format!("{}: {help}", field.type_name);
        self.add(rank, &field.name, href, trail, &line);
    }

    /// What holds every word of `query`, best first. At most one hit per address.
    pub(super) fn find(&self, query: &str, most: usize) -> Vec<SearchHit> {
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let matches = |entry: &&Entry| words.iter().all(|word| entry.hay.contains(word.as_str()));
        let mut found: Vec<(u32, &Entry)> = self
            .entries
            .iter()
            .filter(matches)
            .map(|entry| (score(entry, &words), entry))
            .collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let mut hits: Vec<SearchHit> = Vec::new();
        for (_, entry) in found {
            if hits.len() == most {
                break;
            }
            if hits.iter().all(|hit| hit.href != entry.href) {
                hits.push(without_slots(SearchHit {
                    title: entry.title.clone(),
                    href: entry.href.clone(),
                    trail: entry.trail.clone(),
                    excerpt_html: excerpt(&entry.text, &words),
                }));
            }
        }
        hits
    }
}

/// A word in the title counts most, at its start more.
fn score(entry: &Entry, words: &[String]) -> u32 {
    let title = entry.title.to_lowercase();
    let per_word = words.iter().map(|word| match title.find(word.as_str()) {
        Some(0) if title.len() == word.len() => 40,
        Some(0) => 20,
        Some(_) => 10,
        None => 0,
    });
    per_word.sum::<u32>() + entry.rank
}

/// A line of `text` around the first match, every match marked.
fn excerpt(text: &str, words: &[String]) -> String {
    const BEFORE: usize = 60;
    const WHOLE: usize = 200;
    let characters: Vec<char> = text.chars().collect();
    let small: Vec<char> = characters
        .iter()
        .map(|c| c.to_lowercase().next().unwrap_or(*c))
        .collect();
    let at = |word: &str, from: usize| {
        let word: Vec<char> = word.chars().collect();
        (from..small.len()).find(|start| small.get(*start..start + word.len()) == Some(word.as_slice()))
    };
    let first = words.iter().filter_map(|word| at(word, 0)).min().unwrap_or(0);
    let start = first.saturating_sub(BEFORE);
    let end = characters.len().min(start + WHOLE);
    let mut html = String::from(if start > 0 { "…" } else { "" });
    let mut here = start;
    while here < end {
        let hit = words.iter().find(|word| at(word, here) == Some(here));
        let length = hit.map_or(1, |word| word.chars().count());
        let piece: String = characters.iter().skip(here).take(length).collect();
        let piece = escape(&piece);
        let (before, after) = if hit.is_some() {
            ("<mark>", "</mark>")
        } else {
            ("", "")
        };
        html.extend([before, &piece, after]);
        here += length;
    }
    html.push_str(if end < characters.len() { "…" } else { "" });
    html
}

/// HTML of the docs without its tags.
fn bare(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(text, |text, (entity, plain)| text.replace(entity, plain))
}
