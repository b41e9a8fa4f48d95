use super::*;
use contract::Method;

fn input(name: &str, place: Place, kind: Kind, required: bool) -> Input {
    Input {
        name: name.into(),
        place,
        kind,
        required,
        nullable: true,
        help: String::new(),
        type_name: String::new(),
        constraint: String::new(),
        example: None,
        id_kind: None,
    }
}

fn form() -> Form {
    let body = |name, kind, required| input(name, Place::Body, kind, required);
    Form {
        operation: "things.create".into(),
        method: Method::Post,
        path: "/v1/things/{id}".into(),
        summary: String::new(),
        group: String::new(),
        scope: None,
        status: 201,
        inputs: vec![
            input("id", Place::Path, Kind::Text, true),
            input("limit", Place::Query, Kind::Integer, false),
            body("name", Kind::Text, true),
            body("note", Kind::Text, false),
            body("count", Kind::Integer, false),
            body("flag", Kind::Boolean, false),
            body("tags", Kind::List(Box::new(Kind::Text)), false),
            body(
                "terms",
                Kind::Object(vec![body("rate", Kind::Text, false)]),
                false,
            ),
        ],
        example_body: String::new(),
        example_reply: String::new(),
    }
}

fn sent(pairs: &[(&str, &str)]) -> SendRequest {
    let fields: Pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    SendRequest::from_fields(&form(), &fields)
}

fn json(pairs: &[(&str, &str)]) -> Value {
    serde_json::from_str(&sent(pairs).body.unwrap()).unwrap()
}

#[test]
fn false_zero_empty_null_and_absent_stay_distinct() {
    let got = json(&[
        ("body.name", ""),
        ("body.note", ""),
        ("state.body.note", "null"),
        ("body.count", "0"),
        ("body.flag", "false"),
        ("body.tags", ""),
        ("state.body.tags", "always"),
    ]);
    assert_eq!(
        got,
        serde_json::json!({"name": "", "note": null, "count": 0, "flag": false, "tags": []})
    );
}

#[test]
fn an_optional_field_left_empty_is_left_out_unless_asked_for() {
    assert_eq!(
        json(&[("body.name", "a"), ("body.note", "")]),
        serde_json::json!({"name": "a"})
    );
    let always = json(&[
        ("body.name", "a"),
        ("body.note", ""),
        ("state.body.note", "always"),
    ]);
    assert_eq!(always, serde_json::json!({"name": "a", "note": ""}));
}

#[test]
fn nested_members_and_lists_are_built() {
    let got = json(&[
        ("body.name", "a"),
        ("body.tags", "x\r\n\r\ny"),
        ("body.terms.rate", "0.05"),
    ]);
    assert_eq!(
        got,
        serde_json::json!({"name": "a", "tags": ["x", "y"], "terms": {"rate": "0.05"}})
    );
}

#[test]
fn a_text_that_is_no_number_travels_as_typed() {
    assert_eq!(
        json(&[("body.name", "a"), ("body.count", "many")])["count"],
        "many"
    );
}

#[test]
fn raw_json_goes_out_as_it_is_even_when_it_is_broken() {
    let request = sent(&[("body.name", "a"), ("body", "{oops"), (BODY_AS, RAW)]);
    assert_eq!(request.body.as_deref(), Some("{oops"));
    assert_eq!(sent(&[("body", "{}")]).body.as_deref(), Some("{}"));
}

#[test]
fn the_last_value_of_a_field_wins_and_empty_ones_are_not_sent() {
    let request = sent(&[
        ("path.id", "1"),
        ("query.limit", "1"),
        ("query.limit", "2"),
        ("query.typo", "3"),
        ("header.if-match", "\"a\""),
        ("header.if-match", ""),
        ("header.idempotency-key", "k"),
    ]);
    assert_eq!(request.path, [("id".to_owned(), "1".to_owned())]);
    assert_eq!(
        request.query,
        [
            ("limit".to_owned(), "2".to_owned()),
            ("typo".to_owned(), "3".to_owned())
        ]
    );
    assert_eq!(request.headers, [("idempotency-key".to_owned(), "k".to_owned())]);
}

#[test]
fn the_form_of_an_example_sends_that_example() {
    let mut form = form();
    let example = serde_json::json!({"name": "a", "note": null, "count": 0, "flag": null, "tags": [], "terms": {"rate": "1"}});
    form.example_body = serde_json::to_string_pretty(&example).unwrap();
    for input in &mut form.inputs {
        input.example = example.get(&input.name).cloned();
    }
    let mut fields = example_fields(&form);
    fields.push((BODY_AS.to_owned(), "fields".to_owned()));
    let request = SendRequest::from_fields(&form, &fields);
    assert_eq!(request.body, SendRequest::example(&form).body);
}
