//! Rows of a list of objects, changed in the page: copies of the template that the server drew beside the list.

use crate::request::rows::{Change, NEW, ROWS, fresh};
use leptos::{wasm_bindgen::JsCast as _, web_sys};

/// Makes the change in the form. Without a script, the server makes the same one.
pub(super) fn change(form: &web_sys::HtmlFormElement, change: Change<'_>) -> Option<()> {
    match change {
        Change::Add(list) => add(form, list),
        Change::Remove(list, key) => {
            let row = row(form, list, key)?;
            row.remove();
            focus(find(&frame(form, list)?, ":scope > .row-add")?);
            number(form, list)
        }
        Change::Up(list, key) => {
            let row = row(form, list, key)?;
            let before = row.previous_element_sibling()?;
            move_before(&row, Some(&before), "up")?;
            number(form, list)
        }
        Change::Down(list, key) => {
            let row = row(form, list, key)?;
            let behind = row.next_element_sibling()?.next_element_sibling();
            move_before(&row, behind.as_ref(), "down")?;
            number(form, list)
        }
    }
}

fn add(form: &web_sys::HtmlFormElement, list: &str) -> Option<()> {
    let frame = frame(form, list)?;
    let template = find(&frame, ":scope > template")?.inner_html();
    let keys: Vec<String> = rows(form, list)?.iter().filter_map(key).collect();
    let key = fresh(keys.iter().map(String::as_str));
    let dashed = list.replace('.', "-");
    let html = template
        .replace(&format!("{list}.{NEW}"), &format!("{list}.{key}"))
        .replace(&format!("{dashed}-{NEW}"), &format!("{dashed}-{key}"))
        .replace(&format!("{list} {NEW}\""), &format!("{list} {key}\""))
        .replacen(&format!("value=\"{NEW}\""), &format!("value=\"{key}\""), 1);
    let rows = find(&frame, ":scope > ol")?;
    rows.insert_adjacent_html("beforeend", &html).ok()?;
    number(form, list)?;
    let input = "input:not([type=hidden]), select, textarea";
    focus(find(&rows.last_element_child()?, input)?);
    Some(())
}

fn move_before(row: &web_sys::Element, other: Option<&web_sys::Element>, way: &str) -> Option<()> {
    let rows = row.parent_element()?;
    rows.insert_before(row, other.map(AsRef::as_ref)).ok()?;
    // The first row has no way up and the last none down: the focus goes to the button that is there.
    let way = match way {
        "up" if row.previous_element_sibling().is_none() => "down",
        "down" if row.next_element_sibling().is_none() => "up",
        way => way,
    };
    focus(find(row, &format!(".row-controls > [data-way={way}]"))?);
    Some(())
}

fn frame(form: &web_sys::HtmlFormElement, list: &str) -> Option<web_sys::Element> {
    find(form, &format!("[data-rows=\"{list}\"]"))
}

fn find(inside: &web_sys::Element, selector: &str) -> Option<web_sys::Element> {
    inside.query_selector(selector).ok()?
}

fn rows(form: &web_sys::HtmlFormElement, list: &str) -> Option<Vec<web_sys::Element>> {
    let rows = find(&frame(form, list)?, ":scope > ol")?.children();
    Some((0..rows.length()).filter_map(|index| rows.item(index)).collect())
}

fn row(form: &web_sys::HtmlFormElement, list: &str, wanted: &str) -> Option<web_sys::Element> {
    rows(form, list)?
        .into_iter()
        .find(|row| key(row).as_deref() == Some(wanted))
}

fn key(row: &web_sys::Element) -> Option<String> {
    find(row, &format!("input[name^=\"{ROWS}\"]"))?.get_attribute("value")
}

/// Says which row is which.
fn number(form: &web_sys::HtmlFormElement, list: &str) -> Option<()> {
    for (index, row) in rows(form, list)?.iter().enumerate() {
        let number = (index + 1).to_string();
        find(row, "[data-number]")?.set_text_content(Some(&number));
    }
    Some(())
}

fn focus(element: web_sys::Element) {
    if let Ok(element) = element.dyn_into::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}
