//! Front matter: what stands between two lines of `---` at the top of a page.

use super::Fault;

/// What a page says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Front {
    /// Its title.
    pub(super) title: String,
    /// The one-sentence answer under the title.
    pub(super) summary: String,
}

/// Front matter, the text after it, and how many lines stand before that text.
pub(super) fn split(text: &str, file: &str, faults: &mut Vec<Fault>) -> Option<(Front, String, usize)> {
    let Some(rest) = text.strip_prefix("---\n") else {
        faults.push(Fault::new(
            file,
            1,
            "the page does not begin with front matter (---)",
        ));
        return None;
    };
    let Some((head, body)) = rest.split_once("\n---\n") else {
        faults.push(Fault::new(file, 1, "the front matter does not end (---)"));
        return None;
    };
    let mut front = Front::default();
    let before = faults.len();
    for (index, line) in head.lines().enumerate() {
        let known = line.split_once(": ").map(|(key, value)| (key, value.trim()));
        let (member, value) = match known {
            Some(("title", value)) => (&mut front.title, value),
            Some(("summary", value)) => (&mut front.summary, value),
            _ => {
                let detail = format!("front matter has `title: …` and `summary: …`, not `{line}`");
                faults.push(Fault::new(file, index + 2, detail));
                continue;
            }
        };
        if !member.is_empty() {
            faults.push(Fault::new(file, index + 2, format!("given twice: `{line}`")));
        }
        value.clone_into(member);
    }
    for (key, value) in [("title", &front.title), ("summary", &front.summary)] {
        if value.is_empty() {
            faults.push(Fault::new(file, 1, format!("the front matter has no `{key}`")));
        }
    }
    let offset = 2 + head.lines().count();
    (faults.len() == before).then(|| (front, body.to_owned(), offset))
}
