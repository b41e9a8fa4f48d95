//! For each problem a request that ends in it, so that nobody has to wait for one to see it.

use app::model::Provocation;
use contract::{ProblemCode, demo};

/// The request that ends in `code`; `None` where one request of the builder cannot.
pub(super) fn provocation(code: ProblemCode) -> Option<Provocation> {
    let nobody = "66a1f0c2d4e5b607182900ff";
    let long_key = "k".repeat(256);
    let taken = TAKEN.replace("{depository}", demo::DEPOSITORY);
    let (operation, fields): (&str, Vec<(&str, &str)>) = match code {
        ProblemCode::InvalidParameter => ("clients.list", vec![("query.limit", "500")]),
        ProblemCode::UnknownParameter => ("clients.list", vec![("query.colour", "red")]),
        ProblemCode::InvalidCursor => ("clients.list", vec![("query.cursor", "made-up")]),
        ProblemCode::InvalidHeader => (
            "clients.create",
            vec![
                ("header.idempotency-key", &long_key),
                ("body_as", "raw"),
                ("body", NEW_CLIENT),
            ],
        ),
        ProblemCode::MalformedJson => (
            "clients.create",
            vec![("body_as", "raw"), ("body", "{\"name\": \"Halvorsen Family\",")],
        ),
        ProblemCode::NotFound => ("clients.get", vec![("path.id", nobody)]),
        ProblemCode::InUse => ("clients.delete", vec![("path.id", demo::CLIENT)]),
        ProblemCode::AlreadyExists => (
            "accounts.create",
            vec![
                ("path.id", demo::LEGAL_ENTITY),
                ("body_as", "raw"),
                ("body", &taken),
            ],
        ),
        ProblemCode::InvalidStateTransition => (
            "authorities.link",
            vec![
                ("path.id", demo::AUTHORITY),
                ("body_as", "raw"),
                ("body", "{\"consent_reference\": \"nordea-consent-7f3a\"}"),
            ],
        ),
        ProblemCode::PreconditionFailed => (
            "clients.update",
            vec![
                ("path.id", demo::CLIENT),
                ("header.if-match", "\"an-older-version\""),
                ("body_as", "raw"),
                ("body", "{\"name\": \"Halvorsen Family\"}"),
            ],
        ),
        ProblemCode::ValidationFailed => (
            "clients.create",
            vec![
                ("body_as", "raw"),
                (
                    "body",
                    "{\"name\": \"\", \"reference_currency\": \"EURO\", \"colour\": \"red\"}",
                ),
            ],
        ),
        _ => return None,
    };
    let fields = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Provocation {
        operation: operation.to_owned(),
        fields: fields.collect(),
    })
}

const NEW_CLIENT: &str = "{\"name\": \"Halvorsen Family\", \"reference_currency\": \"EUR\"}";

/// The number that the demo account already has at its custodian.
const TAKEN: &str = r#"{
  "name": "Nordea custody EUR",
  "external_identifier": "NDEA-2201-7788",
  "currency": "EUR",
  "depository_ids": ["{depository}"]
}"#;
