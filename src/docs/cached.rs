//! A page in memory: drawn once per theme, compressed once per encoding.

use super::{
    Setting, highlight,
    slots::{Slots, Template},
};
use crate::assets::encoding::Encoding;
use app::model::{DocPage, Frame, Theme};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use std::{
    io::Write as _,
    sync::{Arc, OnceLock},
};

/// Bytes to be sent as they are.
#[derive(Clone, Debug)]
pub struct Body {
    /// The bytes, already encoded.
    pub bytes: Bytes,
    /// How they are encoded.
    pub encoding: Encoding,
    /// Their strong entity tag, quotes included.
    pub etag: String,
}

/// A page with the reader's own values in it, not encoded.
#[derive(Clone, Debug)]
pub struct Personal {
    /// The page.
    pub html: String,
    /// Its strong entity tag, quotes included.
    pub etag: String,
}

/// One page of the docs.
#[derive(Debug)]
pub struct CachedPage {
    page: DocPage,
    text: Template,
    setting: Arc<Setting>,
    drawn: [OnceLock<Drawn>; 3],
}

/// The page in one theme.
#[derive(Debug)]
struct Drawn {
    template: Template,
    /// The hash that every tag of it begins with.
    hash: String,
    plain: Body,
    /// Brotli and gzip, made quickly on first use.
    quick: [OnceLock<Body>; 2],
    /// The same as small as they get, made ahead of use.
    small: [OnceLock<Body>; 2],
}

/// How much time compressing may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effort {
    Quick,
    Small,
}

impl CachedPage {
    pub(super) fn new(page: DocPage, text: Template, setting: Arc<Setting>) -> Self {
        Self {
            page,
            text,
            setting,
            drawn: Default::default(),
        }
    }

    /// What the page holds, as plain data.
    pub fn data(&self) -> &DocPage {
        &self.page
    }

    /// The page as Markdown.
    pub fn markdown(&self) -> &Template {
        &self.text
    }

    /// The page for a reader without a sandbox: placeholders in its samples.
    pub fn body(&self, theme: Theme, encoding: Encoding) -> &Body {
        self.drawn(theme).body(encoding)
    }

    /// The page with the reader's own values; `None` where it holds none and [`CachedPage::body`] is the answer.
    pub fn personal(&self, theme: Theme, slots: &Slots) -> Option<Personal> {
        let drawn = self.drawn(theme);
        if drawn.template.is_constant() || *slots == Slots::default() {
            return None;
        }
        let html = drawn.template.fill_html(slots);
        let etag = format!("\"{}\"", hash(html.as_bytes()));
        Some(Personal { html, etag })
    }

    /// Draws the page in the reader's system's colours, and compresses it as small as it gets.
    pub(super) fn warm(&self) {
        let drawn = self.drawn(Theme::System);
        for encoding in [Encoding::Brotli, Encoding::Gzip] {
            drawn.compressed(encoding, Effort::Small);
        }
    }

    fn drawn(&self, theme: Theme) -> &Drawn {
        let [system, light, dark] = &self.drawn;
        let cell = match theme {
            Theme::System => system,
            Theme::Light => light,
            Theme::Dark => dark,
        };
        cell.get_or_init(|| {
            let frame = Frame {
                assets: self.setting.assets.clone(),
                theme,
                portal_url: self.setting.portal_url.clone(),
                path: self.page.path.clone(),
            };
            Drawn::new(Template::new(&(self.setting.render)(
                &frame,
                &highlight::painted(&self.page),
            )))
        })
    }
}

impl Drawn {
    fn new(template: Template) -> Self {
        let html = template.fill_html(&Slots::default());
        let hash = hash(html.as_bytes());
        Self {
            template,
            plain: Body {
                bytes: Bytes::from(html),
                encoding: Encoding::Identity,
                etag: format!("\"{hash}\""),
            },
            hash,
            quick: Default::default(),
            small: Default::default(),
        }
    }

    fn body(&self, encoding: Encoding) -> &Body {
        let [brotli, gzip] = &self.small;
        let small = match encoding {
            Encoding::Brotli => brotli.get(),
            Encoding::Gzip => gzip.get(),
            Encoding::Identity => Some(&self.plain),
        };
        small.unwrap_or_else(|| self.compressed(encoding, Effort::Quick))
    }

    fn compressed(&self, encoding: Encoding, effort: Effort) -> &Body {
        let [brotli, gzip] = match effort {
            Effort::Quick => &self.quick,
            Effort::Small => &self.small,
        };
        let cell = match encoding {
            Encoding::Brotli => brotli,
            Encoding::Gzip => gzip,
            Encoding::Identity => return &self.plain,
        };
        // Other bytes, another tag: the encoding and the effort are part of it.
        let mark = if effort == Effort::Quick { "-q" } else { "" };
        cell.get_or_init(|| match compress(&self.plain.bytes, encoding, effort) {
            Some(bytes) => Body {
                bytes: Bytes::from(bytes),
                encoding,
                etag: format!("\"{}-{}{mark}\"", self.hash, encoding.name().unwrap_or_default()),
            },
            None => self.plain.clone(),
        })
    }
}

/// `plain` in another encoding. Writing to memory does not fail; if it did, the answer would be `None`.
fn compress(plain: &[u8], encoding: Encoding, effort: Effort) -> Option<Vec<u8>> {
    let quick = effort == Effort::Quick;
    let mut packed = Vec::with_capacity(plain.len() / 4);
    match encoding {
        Encoding::Brotli => {
            let quality = if quick { 4 } else { 11 };
            let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, quality, 22);
            writer.write_all(plain).ok()?;
            writer.flush().ok()?;
            drop(writer);
        }
        Encoding::Gzip => {
            let level = flate2::Compression::new(if quick { 4 } else { 9 });
            let mut writer = flate2::write::GzEncoder::new(&mut packed, level);
            writer.write_all(plain).ok()?;
            writer.finish().ok()?;
        }
        Encoding::Identity => return None,
    }
    Some(packed)
}

/// The first 64 bits of the SHA-256, in hex.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let first = digest.iter().take(8);
    let number = first.fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}
