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

#[test]
fn what_a_request_says_as_fields_is_the_same_request() {
    let request = sent(&[
        ("path.id", "x/1 é"),
        ("query.limit", "2"),
        ("query.strange", "a&b"),
        ("header.if-match", "\"t\""),
        ("body.name", "  spaced  "),
        ("body.note", ""),
        ("state.body.note", "null"),
        ("body.flag", "false"),
        ("body.count", "0"),
    ]);
    assert_eq!(SendRequest::from_fields(&form(), &request.to_fields()), request);
}

#[test]
fn a_number_keeps_its_digits_and_any_json_its_shape() {
    assert_eq!(json(&[("body.name", "x"), ("body.count", "1.5")])["count"], 1.5);
    let mut form = form();
    form.inputs = vec![input("terms", Place::Body, Kind::Json, true)];
    let body = |text: &str| {
        let fields = [("body.terms".to_owned(), text.to_owned())];
        SendRequest::from_fields(&form, &fields).body.unwrap()
    };
    let shape = |text: &str| serde_json::from_str::<Value>(&body(text)).unwrap()["terms"].clone();
    assert_eq!(
        shape("{\"type\": \"bond\", \"a\": [0, false, null]}").to_string(),
        r#"{"type":"bond","a":[0,false,null]}"#
    );
    assert_eq!(shape("{not json"), "{not json");
}

#[test]
fn a_body_without_fixed_members_is_written_as_json() {
    let mut form = form();
    form.inputs.clear();
    let fields = [("body".to_owned(), "{\"type\": \"deposit\"}".to_owned())];
    assert_eq!(
        SendRequest::from_fields(&form, &fields).body.as_deref(),
        Some("{\"type\": \"deposit\"}")
    );
}

/// The body that the form shows in fields, `None` where it shows JSON.
fn in_fields(body: &str) -> Option<Value> {
    let request = SendRequest {
        body: Some(body.to_owned()),
        ..sent(&[("path.id", "1")])
    };
    let fields = request.opening_fields(&form());
    assert_eq!(SendRequest::from_fields(&form(), &fields), request, "{fields:?}");
    (last(&fields, BODY_AS) == Some(AS_FIELDS)).then(|| serde_json::from_str(body).unwrap())
}

#[test]
fn a_request_opens_in_fields_where_they_say_the_same_and_as_json_where_not() {
    let pretty = |value: Value| serde_json::to_string_pretty(&value).unwrap();
    let whole = serde_json::json!({"name": "", "note": "", "count": 0, "flag": false, "tags": [], "terms": {"rate": "1"}});
    assert!(in_fields(&pretty(whole)).is_some());
    assert!(in_fields(&pretty(serde_json::json!({"name": "a", "note": null}))).is_some());
    for other in [
        "{\"name\":\"a\"}",
        &pretty(serde_json::json!({"name": "a", "stranger": 1})),
        &pretty(serde_json::json!({"note": "without its name"})),
        "[]",
        "{oops",
    ] {
        assert!(in_fields(other).is_none(), "{other}");
    }
}

#[test]
fn rows_of_a_list_are_objects_in_the_order_of_the_rows() {
    let member = |name: &str| input(name, Place::Body, Kind::Text, false);
    let mut form = form();
    form.inputs = vec![input(
        "items",
        Place::Body,
        Kind::List(Box::new(Kind::Object(vec![member("a"), member("b")]))),
        false,
    )];
    let body = |pairs: &[(&str, &str)]| {
        let fields: Pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let body = SendRequest::from_fields(&form, &fields).body.unwrap();
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let two = [
        ("rows.body.items", "r4"),
        ("body.items.r1.a", "first typed"),
        ("body.items.r4.a", "x"),
        ("body.items.r4.b", ""),
        ("state.body.items.r4.b", "null"),
        ("rows.body.items", "r1"),
    ];
    assert_eq!(
        body(&two),
        serde_json::json!({"items": [{"a": "x", "b": null}, {"a": "first typed"}]})
    );
    assert_eq!(body(&[]), serde_json::json!({}));
    assert_eq!(
        body(&[("state.body.items", "always")]),
        serde_json::json!({"items": []})
    );
    let text = serde_json::to_string_pretty(&body(&two)).unwrap();
    let request = SendRequest {
        operation: form.operation.clone(),
        body: Some(text),
        ..SendRequest::default()
    };
    let opened = request.opening_fields(&form);
    assert_eq!(last(&opened, "body.items.r1.a"), Some("first typed"));
    assert_eq!(SendRequest::from_fields(&form, &opened).body, request.body);
}
