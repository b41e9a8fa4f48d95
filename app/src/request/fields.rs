//! Form fields to request and back: `path.id`, `query.limit`, `header.if-match`, `body.name`, or `body` as raw JSON.
//!
//! `false`, `0`, the empty text, `null` and "left out" are five different things. A field `state.body.name` beside an
//! optional `body.name` tells the last three apart: `filled` (sent if it is not empty; the default), `always`, `null`.

use super::{
    Pairs, SendRequest,
    rows::{self, ROWS},
};
use contract::form::{Form, Input, Kind, Place};
use serde_json::{Map, Number, Value};

/// The field of the raw JSON body.
pub const BODY: &str = "body";
/// The field that says how the body is given: `fields` or [`RAW`].
pub const BODY_AS: &str = "body_as";
/// The value of [`BODY_AS`] for raw JSON.
pub const RAW: &str = "raw";
/// The value of [`BODY_AS`] for fields.
pub const AS_FIELDS: &str = "fields";
/// What stands before a body field's name in the field of its state.
pub const STATE: &str = "state.";

/// The last value of `name`: a button that repeats a field wins over the field.
pub fn last<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .rev()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_str())
}

/// The name of an input's form field.
pub fn field(input: &Input) -> String {
    let place = match input.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => BODY,
    };
    format!("{place}.{}", input.name)
}

impl SendRequest {
    /// The fields that describe this request, its body as raw JSON: what a link or the history opens the form with.
    pub fn to_fields(&self) -> Pairs {
        let named = |place: &'static str, pairs: &Pairs| {
            let fields = pairs
                .iter()
                .map(|(name, value)| (format!("{place}.{name}"), value.clone()));
            fields.collect::<Pairs>()
        };
        let mut fields = named("path", &self.path);
        fields.extend(named("query", &self.query));
        fields.extend(named("header", &self.headers));
        if let Some(body) = &self.body {
            fields.push((BODY_AS.to_owned(), RAW.to_owned()));
            fields.push((BODY.to_owned(), body.clone()));
        }
        fields
    }

    /// The same, with the body in fields where these say exactly the same text.
    pub fn opening_fields(&self, form: &Form) -> Pairs {
        let Some(body) = &self.body else {
            return self.to_fields();
        };
        let Ok(Value::Object(members)) = serde_json::from_str(body) else {
            return self.to_fields();
        };
        let bare = Self {
            body: None,
            ..self.clone()
        };
        let mut fields = bare.to_fields();
        for input in form.inputs.iter().filter(|input| input.place == Place::Body) {
            if let Some(value) = members.get(&input.name) {
                fill(input, &field(input), value, &mut fields);
            }
        }
        fields.push((BODY.to_owned(), body.clone()));
        fields.push((BODY_AS.to_owned(), AS_FIELDS.to_owned()));
        if Self::from_fields(form, &fields).body.as_ref() == Some(body) {
            fields
        } else {
            self.to_fields()
        }
    }

    /// The same without the values of members and parameters whose name says that they are secret.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        self.query.retain(|(name, _)| !is_secret(name));
        self.body = self.body.and_then(|body| match serde_json::from_str(&body) {
            Ok(mut value) => {
                if hide(&mut value) {
                    serde_json::to_string_pretty(&value).ok()
                } else {
                    Some(body)
                }
            }
            // What cannot be read is kept only if there is nothing to fear in it.
            Err(_) => (!is_secret(&body)).then_some(body),
        });
        self
    }

    /// The request that a posted form describes. What is typed is sent, even if the API will refuse it: seeing the
    /// refusal is what a builder is for.
    pub fn from_fields(form: &Form, fields: &[(String, String)]) -> Self {
        let mut request = Self {
            operation: form.operation.clone(),
            body: form.method.has_body().then(|| body(form, fields)).flatten(),
            ..Self::default()
        };
        for input in &form.inputs {
            let value = last(fields, &field(input)).unwrap_or_default().trim();
            let pair = || (input.name.clone(), value.to_owned());
            match input.place {
                Place::Path => request.path.push(pair()),
                Place::Query if !value.is_empty() => request.query.push(pair()),
                Place::Query | Place::Body => {}
            }
        }
        for (name, value) in fields {
            let value = value.trim();
            if let Some(header) = name.strip_prefix("header.") {
                request.headers.retain(|(known, _)| known != header);
                if !value.is_empty() {
                    request.headers.push((header.to_owned(), value.to_owned()));
                }
            }
        }
        // A parameter that the operation does not have travels all the same: that is how `unknown-parameter` is shown.
        for (name, value) in fields {
            if let Some(query) = name.strip_prefix("query.") {
                let known = form
                    .inputs
                    .iter()
                    .any(|input| input.place == Place::Query && input.name == query);
                if !known && !value.is_empty() {
                    request.query.push((query.to_owned(), value.clone()));
                }
            }
        }
        request
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["secret", "password", "token", "credential", "private_key"]
        .iter()
        .any(|word| name.contains(word))
}

/// Empties every text under a name that says it is secret; whether there was one.
fn hide(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |hidden, (name, member)| {
            let secret = is_secret(name) && (member.is_string() || member.is_number());
            if secret {
                *member = Value::from("");
            }
            hide(member) | secret | hidden
        }),
        Value::Array(items) => items.iter_mut().fold(false, |hidden, item| hide(item) | hidden),
        _ => false,
    }
}

fn body(form: &Form, fields: &[(String, String)]) -> Option<String> {
    let raw = last(fields, BODY).unwrap_or_default();
    let typed = fields.iter().any(|(name, _)| name.starts_with("body."));
    let as_raw = last(fields, BODY_AS).map_or(!typed && !raw.is_empty(), |choice| choice == RAW);
    if as_raw {
        return (!raw.trim().is_empty()).then(|| raw.replace("\r\n", "\n"));
    }
    let inputs: Vec<&Input> = form
        .inputs
        .iter()
        .filter(|input| input.place == Place::Body)
        .collect();
    if inputs.is_empty() {
        // A body that has no fixed members is only written as JSON.
        return (!raw.trim().is_empty()).then(|| raw.replace("\r\n", "\n"));
    }
    let members = object(inputs.into_iter(), BODY, fields);
    serde_json::to_string_pretty(&Value::Object(members)).ok()
}

fn object<'a>(
    inputs: impl Iterator<Item = &'a Input>,
    prefix: &str,
    fields: &[(String, String)],
) -> Map<String, Value> {
    let mut members = Map::new();
    for input in inputs {
        let name = format!("{prefix}.{}", input.name);
        if let Some(value) = member(input, &name, fields) {
            members.insert(input.name.clone(), value);
        }
    }
    members
}

/// The value of one member; `None` leaves it out.
fn member(input: &Input, name: &str, fields: &[(String, String)]) -> Option<Value> {
    let state = last(fields, &format!("{STATE}{name}"));
    if state == Some("null") {
        return Some(Value::Null);
    }
    let text = last(fields, name).unwrap_or_default();
    let always = state == Some("always") || (input.required && state != Some("filled"));
    if let Kind::Object(members) = &input.kind {
        let members = object(members.iter(), name, fields);
        return (always || !members.is_empty()).then_some(Value::Object(members));
    }
    if let Some(members) = row_members(&input.kind)
        && text.trim().is_empty()
    {
        let rows: Vec<Value> = rows::keys(fields, name)
            .into_iter()
            .map(|key| Value::Object(object(members.iter(), &format!("{name}.{key}"), fields)))
            .collect();
        return (always || !rows.is_empty()).then_some(Value::Array(rows));
    }
    if matches!(input.kind, Kind::Boolean | Kind::Choice(_)) && text == "null" {
        return Some(Value::Null);
    }
    (always || !text.trim().is_empty()).then(|| value(&input.kind, text))
}

fn value(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Text => Value::from(text),
        Kind::Choice(_) | Kind::Timestamp | Kind::Date => Value::from(text.trim()),
        // A text that is no number travels as a text, and the API says so.
        Kind::Integer => {
            serde_json::from_str::<Number>(text.trim()).map_or_else(|_| Value::from(text), Value::Number)
        }
        Kind::Boolean => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            other => Value::from(other),
        },
        Kind::List(item) if is_line(item) => text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| value(item, line))
            .collect(),
        Kind::List(_) | Kind::Object(_) | Kind::Json => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
        }
    }
}

/// The members of each row, where a list is a list of objects.
pub fn row_members(kind: &Kind) -> Option<&[Input]> {
    match kind {
        Kind::List(item) => match &**item {
            Kind::Object(members) => Some(members),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an item of a list is written on one line.
pub(super) fn is_line(kind: &Kind) -> bool {
    !matches!(kind, Kind::List(_) | Kind::Object(_) | Kind::Json)
}

/// What a fresh form shows: the worked example.
pub fn example_fields(form: &Form) -> Pairs {
    let mut fields = Pairs::new();
    for input in &form.inputs {
        let name = field(input);
        match (&input.example, input.place) {
            (Some(example), Place::Path | Place::Query) => fields.push((name, plain(Some(example)))),
            (Some(example), Place::Body) => fill(input, &name, example, &mut fields),
            (None, _) => {}
        }
    }
    if !form.example_body.is_empty() {
        fields.push((BODY.to_owned(), form.example_body.clone()));
    }
    fields
}

fn fill(input: &Input, name: &str, example: &Value, fields: &mut Pairs) {
    let mut put = |value: String| fields.push((name.to_owned(), value));
    match (&input.kind, example) {
        (Kind::Boolean | Kind::Choice(_), Value::Null) => put("null".to_owned()),
        (_, Value::Null) => fields.push((format!("{STATE}{name}"), "null".to_owned())),
        (Kind::Object(members), Value::Object(values)) => {
            for member in members {
                if let Some(value) = values.get(&member.name) {
                    fill(member, &format!("{name}.{}", member.name), value, fields);
                }
            }
        }
        (kind, Value::Array(values)) if row_members(kind).is_some() => {
            let members = row_members(kind).unwrap_or_default();
            fill_rows(members, name, values, fields);
            if values.is_empty() && !input.required {
                fields.push((format!("{STATE}{name}"), "always".to_owned()));
            }
        }
        (Kind::List(item), Value::Array(values)) if is_line(item) => {
            let lines: Vec<String> = values.iter().map(|value| plain(Some(value))).collect();
            put(lines.join("\n"));
            if values.is_empty() && !input.required {
                fields.push((format!("{STATE}{name}"), "always".to_owned()));
            }
        }
        (_, value) => {
            let text = plain(Some(value));
            let empty = text.trim().is_empty();
            put(text);
            if empty && !input.required {
                fields.push((format!("{STATE}{name}"), "always".to_owned()));
            }
        }
    }
}

fn fill_rows(members: &[Input], name: &str, values: &[Value], fields: &mut Pairs) {
    for (index, value) in values.iter().enumerate() {
        let key = format!("r{index}");
        fields.push((format!("{ROWS}{name}"), key.clone()));
        for member in members {
            if let Some(value) = value.get(&member.name) {
                fill(member, &format!("{name}.{key}.{}", member.name), value, fields);
            }
        }
    }
}

/// A value as it is typed: texts without quotes, anything else as JSON.
pub(super) fn plain(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
