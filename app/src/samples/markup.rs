//! A reader of our own markup, just good enough to check it.

/// The opening tags of a document.
pub(super) struct Markup {
    pub(super) tags: Vec<Tag>,
}

/// An opening tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Markup {
    pub(super) fn read(html: &str) -> Self {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            rest = &rest[start + 1..];
            if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (tag, after) = read_tag(rest);
                tags.push(tag);
                rest = after;
            }
        }
        Self { tags }
    }

    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.name == name)
    }

    /// Every id, sorted.
    pub(super) fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.tags.iter().filter_map(|tag| tag.attribute("id")).collect();
        ids.sort_unstable();
        ids
    }
}

fn read_tag(text: &str) -> (Tag, &str) {
    let end = text
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        rest = after;
        if attribute.is_empty() {
            break;
        }
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').expect("a quote closes");
                rest = after;
                value.replace("&quot;", "\"").replace("&amp;", "&")
            }
            None => String::new(),
        };
        attributes.push((attribute.to_owned(), value));
    }
    let tag = Tag {
        name: name.to_owned(),
        attributes,
    };
    (tag, rest)
}

#[test]
fn a_tag_is_read_with_its_attributes() {
    let page = Markup::read("<!DOCTYPE html><p>1 < 2</p><input id=\"a\" value=\"&quot;>\" checked/><b>");
    let names: Vec<&str> = page.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["p", "input", "b"]);
    assert_eq!(page.tags[1].attribute("value"), Some("\">"));
    assert_eq!(page.tags[1].attribute("checked"), Some(""));
}
