//! Lists of objects in a form: which rows they have, and how a row is added, removed and moved.
//!
//! A field `rows.body.items` names the key of a row, and comes once for each, in order; the members of that row are
//! `body.items.KEY.member`. So a row is moved without renaming anything.

use super::Pairs;

/// What stands before a list's name in the field that names a row.
pub const ROWS: &str = "rows.";

/// The field of the buttons that change rows: `add LIST`, `remove LIST KEY`, `up LIST KEY`, `down LIST KEY`.
pub const ROW: &str = "row";

/// The key of the row that new ones are copies of.
pub const NEW: &str = "new";

/// The keys of the rows of a list, in order.
pub fn keys<'a>(fields: &'a [(String, String)], list: &str) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for (name, key) in fields {
        let known = keys.contains(&key.as_str());
        if name.strip_prefix(ROWS) == Some(list) && !known && is_key(key) {
            keys.push(key);
        }
    }
    keys
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.len() <= 12 && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A key that none of these is.
pub fn fresh<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    let numbers = keys
        .into_iter()
        .filter_map(|key| key.strip_prefix('r')?.parse::<u32>().ok());
    let next = numbers.max().map_or(0, |number| number.saturating_add(1));
    format!("r{next}")
}

/// A change of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// One more at the end.
    Add(&'a str),
    /// This one goes.
    Remove(&'a str, &'a str),
    /// This one changes places with the one before.
    Up(&'a str, &'a str),
    /// This one changes places with the one behind.
    Down(&'a str, &'a str),
}

impl<'a> Change<'a> {
    /// The change that a button names.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut words = text.split(' ');
        Some(match (words.next()?, words.next()?, words.next()) {
            ("add", list, None) => Self::Add(list),
            ("remove", list, Some(key)) => Self::Remove(list, key),
            ("up", list, Some(key)) => Self::Up(list, key),
            ("down", list, Some(key)) => Self::Down(list, key),
            _ => return None,
        })
    }

    /// Makes the change in a posted form.
    pub fn apply(self, fields: &mut Pairs) {
        match self {
            Self::Add(list) => {
                let key = fresh(keys(fields, list));
                fields.push((format!("{ROWS}{list}"), key));
            }
            Self::Remove(list, key) => {
                let (row, inside) = (format!("{ROWS}{list}"), format!("{list}.{key}."));
                fields.retain(|(name, value)| !(*name == row && value == key || name.contains(&inside)));
            }
            Self::Up(list, key) => swap(fields, list, key, |place| place.checked_sub(1)),
            Self::Down(list, key) => swap(fields, list, key, |place| place.checked_add(1)),
        }
    }
}

fn swap(fields: &mut Pairs, list: &str, key: &str, other: impl Fn(usize) -> Option<usize>) {
    let row = format!("{ROWS}{list}");
    let places: Vec<usize> = (0..fields.len())
        .filter(|place| fields[*place].0 == row)
        .collect();
    let Some(here) = places.iter().position(|place| fields[*place].1 == key) else {
        return;
    };
    if let Some(there) = other(here).and_then(|there| places.get(there)) {
        fields.swap(places[here], *there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(changes: &[&str]) -> Vec<String> {
        let mut fields = Pairs::new();
        for change in changes {
            Change::parse(change).unwrap().apply(&mut fields);
        }
        keys(&fields, "body.items")
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn rows_are_added_moved_and_removed() {
        let three = ["add body.items", "add body.items", "add body.items"];
        let and = |more: &'static str| after(&[&three[..], &[more]].concat());
        assert_eq!(after(&three), ["r0", "r1", "r2"]);
        assert_eq!(and("up body.items r2"), ["r0", "r2", "r1"]);
        assert_eq!(and("down body.items r0"), ["r1", "r0", "r2"]);
        assert_eq!(and("up body.items r0"), ["r0", "r1", "r2"]);
        assert_eq!(and("down body.items r2"), ["r0", "r1", "r2"]);
        assert_eq!(and("remove body.items r1"), ["r0", "r2"]);
        assert_eq!(and("remove body.items r9"), ["r0", "r1", "r2"]);
    }

    #[test]
    fn what_is_no_change_is_none() {
        for text in ["", "add", "add a b", "remove a", "throw a b"] {
            assert_eq!(Change::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_removed_row_takes_its_members_along() {
        let mut fields: Pairs = [
            ("rows.body.items", "r0"),
            ("body.items.r0.name", "a"),
            ("state.body.items.r0.name", "always"),
            ("body.name", "b"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        Change::Remove("body.items", "r0").apply(&mut fields);
        assert_eq!(fields, [("body.name".to_owned(), "b".to_owned())]);
    }
}
