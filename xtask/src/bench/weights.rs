//! What a page weighs: bytes over the wire with brotli.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    net::SocketAddr,
};

use anyhow::{Context as _, Result, ensure};

use super::{
    Stand,
    http::{Ask, Connection},
    portal::Installation,
    table::{Row, Unit},
};

/// What stands in a page that has islands.
const ISLAND: &str = "<leptos-island";
const BUILDER: &str = "/builder";

/// Weighs every page of the docs and the builder.
pub(crate) fn sizes(stand: &Stand) -> Result<Vec<Row>> {
    let portal = Installation::new(stand).start()?;
    let mut scale = Scale::new(portal.pages)?;
    let paths = scale.paths()?;
    let pages = paths
        .iter()
        .map(|path| scale.weigh(path))
        .collect::<Result<Vec<_>>>()?;
    let mut rows = reading(&pages)?;
    rows.push(building(&scale.weigh(BUILDER)?));
    rows.push(lone(&pages)?);
    Ok(rows)
}

/// What the heaviest page takes to be read.
fn reading(pages: &[Page]) -> Result<Vec<Row>> {
    let longest = pages
        .iter()
        .max_by_key(|page| page.read())
        .context("the sitemap is empty")?;
    let (read, fonts) = (longest.read(), longest.sum(&["woff2"]));
    let parts = format!(
        "{} of {} pages; HTML {:.1} kB, CSS {:.1} kB",
        longest.path,
        pages.len(),
        kilobytes(longest.html),
        kilobytes(read - longest.html)
    );
    let heaviest = "longest page: HTML and CSS, brotli";
    Ok(vec![
        Row::new(heaviest, kilobytes(read), Unit::Kilobytes)
            .at_most(40.0)
            .note(parts),
        Row::new(
            "the same with its fonts",
            kilobytes(read + fonts),
            Unit::Kilobytes,
        )
        .at_most(110.0),
    ])
}

/// What the builder takes to run.
fn building(builder: &Page) -> Row {
    let bundle = kilobytes(builder.sum(&["js", "wasm"]));
    Row::new("builder: script and wasm, brotli", bundle, Unit::Kilobytes)
        .at_most(200.0)
        .note(format!("wasm {:.1} kB", kilobytes(builder.sum(&["wasm"]))))
}

/// The pages that load the bundle for nothing.
fn lone(pages: &[Page]) -> Result<Row> {
    let lone: Vec<_> = pages.iter().filter(|page| !page.has_islands).collect();
    let burdened = lone.iter().filter(|page| page.sum(&["wasm"]) > 0);
    let burdened: Vec<_> = burdened.map(|page| page.path.as_str()).collect();
    ensure!(
        !lone.is_empty(),
        "every page has islands, so none shows what a page without them loads"
    );
    let row = Row::new(
        "pages without islands that load wasm",
        f64::from(count(burdened.len())),
        Unit::Count,
    );
    let mut note = vec![format!("{} of {} pages have no islands", lone.len(), pages.len())];
    note.extend(burdened.iter().map(|&path| path.to_owned()));
    Ok(row.at_most(0.0).note(note.join(" ")))
}

/// A page and the files that it names, in bytes over the wire.
struct Page {
    path: String,
    html: u32,
    files: BTreeMap<String, u32>,
    has_islands: bool,
}

impl Page {
    /// The files of these kinds together.
    fn sum(&self, kinds: &[&str]) -> u32 {
        self.files
            .iter()
            .filter(|(file, _)| kinds.contains(&kind(file)))
            .map(|(_, size)| size)
            .sum()
    }

    /// What it takes to read the page.
    fn read(&self) -> u32 {
        self.html + self.sum(&["css"])
    }
}

/// Fetches and remembers.
struct Scale {
    connection: Connection,
    weighed: BTreeMap<String, u32>,
}

impl Scale {
    fn new(address: SocketAddr) -> Result<Self> {
        Ok(Self {
            connection: Connection::open(address)?,
            weighed: BTreeMap::new(),
        })
    }

    /// The path of every page that the sitemap lists.
    fn paths(&mut self) -> Result<Vec<String>> {
        let sitemap = self
            .connection
            .send(&Ask::get("/sitemap.xml"))?
            .expect(200)?
            .text();
        let paths: Vec<_> = sitemap.split("<loc>").skip(1).filter_map(path_of).collect();
        ensure!(!paths.is_empty(), "the sitemap is empty");
        Ok(paths)
    }

    fn weigh(&mut self, path: &str) -> Result<Page> {
        let (html, bytes) = self.fetch(path)?;
        let html = String::from_utf8(html).with_context(|| format!("{path} is not UTF-8"))?;
        let mut files = BTreeMap::new();
        for file in named_files(&html) {
            let size = match self.weighed.get(&file) {
                Some(size) => *size,
                None => self.fetch(&file)?.1,
            };
            self.weighed.insert(file.clone(), size);
            files.insert(file, size);
        }
        Ok(Page {
            path: path.to_owned(),
            html: bytes,
            files,
            has_islands: html.contains(ISLAND),
        })
    }

    /// The content behind `path`, and how many bytes of brotli it came in.
    fn fetch(&mut self, path: &str) -> Result<(Vec<u8>, u32)> {
        let answer = self
            .connection
            .send(&Ask::get(path).header("Accept-Encoding", "br"))?;
        let answer = answer.expect(200).with_context(|| path.to_owned())?;
        let bytes = count(answer.body.len());
        if answer.header("content-encoding") != Some("br") {
            return Ok((answer.body, bytes));
        }
        let mut content = Vec::new();
        brotli::Decompressor::new(answer.body.as_slice(), 4096).read_to_end(&mut content)?;
        Ok((content, bytes))
    }
}

/// The path in `https://host/path</loc>…`.
fn path_of(entry: &str) -> Option<String> {
    let (url, _) = entry.split_once("</loc>")?;
    let (_, rest) = url.split_once("://")?;
    Some(rest.find('/').map_or("/", |start| &rest[start..]).to_owned())
}

/// Every file that the page names: a browser loads each, now or when an island starts.
fn named_files(html: &str) -> BTreeSet<String> {
    let attributes = html
        .split('"')
        .filter(|text| text.starts_with("/assets/") || text.starts_with("/pkg/"));
    attributes
        .filter(|file| matches!(kind(file), "css" | "woff2" | "js" | "wasm"))
        .map(str::to_owned)
        .collect()
}

/// A file's kind: what follows the last dot of its name.
fn kind(file: &str) -> &str {
    file.rsplit('.').next().unwrap_or_default()
}

fn kilobytes(bytes: u32) -> f64 {
    f64::from(bytes) / 1000.0
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_found_once() {
        let html = r#"<link rel="stylesheet" href="/assets/main.1.css"><link rel=preload href="/assets/a.2.woff2">
            <script type="module" src="/assets/islands.3.js" data-js="/assets/web.4.js" data-wasm="/assets/web.5.wasm">
            <link rel="modulepreload" href="/assets/web.4.js"><a href="/reference/v1/clients">"#;
        let files: Vec<_> = named_files(html).into_iter().collect();
        let expected = [
            "a.2.woff2",
            "islands.3.js",
            "main.1.css",
            "web.4.js",
            "web.5.wasm",
        ];
        assert_eq!(files, expected.map(|file| format!("/assets/{file}")));
    }

    #[test]
    fn a_sitemap_entry_becomes_a_path() {
        assert_eq!(
            path_of("http://127.0.0.1:1/a/b</loc></url>").as_deref(),
            Some("/a/b")
        );
        assert_eq!(path_of("http://127.0.0.1:1</loc>").as_deref(), Some("/"));
        assert_eq!(path_of("unfinished"), None);
    }
}
