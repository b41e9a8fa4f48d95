//! For each problem a way to see it happen, so that nobody has to wait for one.

use super::inline;
use app::model::{Provocation, Provoked};
use contract::{ProblemCode, demo};

/// How a reader can see `code` happen.
pub(super) fn provoked(code: ProblemCode) -> Provoked {
    match provocation(code) {
        Some(request) => Provoked::Builder(request),
        None => Provoked::Rehearsal(inline::sentence(rehearsal(code))),
    }
}

/// What a rehearsal does to the sandbox; empty for what the builder produces.
const fn rehearsal(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::CursorExpired => "Sends a cursor as it would have been sealed three days ago.",
        ProblemCode::Unauthenticated => "Leaves the token out.",
        ProblemCode::InvalidToken => "Sends a token with its signature reversed.",
        ProblemCode::InsufficientScope => "Reads clients with a token that may only read custodians.",
        ProblemCode::NoSuchRoute => "Asks for `/v1/cleints`.",
        ProblemCode::MethodNotAllowed => "Sends `PUT` to a list.",
        ProblemCode::IdempotencyInProgress => {
            "Sends one request four times at once. The client that it creates is deleted again."
        }
        ProblemCode::ExtractAlreadyRunning => "Asks for the same data set twice at once.",
        ProblemCode::RangeNotSatisfiable => {
            "Exports positions, and asks for bytes behind the end of the file."
        }
        ProblemCode::BodyTooLarge => "Sends one byte more than fits.",
        ProblemCode::UnsupportedMediaType => "Sends `text/plain`.",
        ProblemCode::IdempotencyKeyReused => "Creates a client, and deletes it again.",
        ProblemCode::RateLimited => {
            "Spends the write budget of your sandbox, which then takes two minutes to fill up again."
        }
        ProblemCode::ConcurrencyLimited => "Holds every place in flight for a moment.",
        ProblemCode::InternalError => {
            "Plants a [fault](/reference/v1/sandbox#sandbox.faults.create) and walks into it."
        }
        ProblemCode::Unavailable => {
            "Plants a [fault](/reference/v1/sandbox#sandbox.faults.create) that takes too long."
        }
        _ => "",
    }
}

/// The request that ends in `code`; `None` where one request of the builder cannot.
fn provocation(code: ProblemCode) -> Option<Provocation> {
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
        ProblemCode::ReadOnly => ("instruments.delete", vec![("path.id", demo::INSTRUMENT)]),
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
        ProblemCode::RateUnknown => (
            "holdings.list",
            vec![("path.id", demo::REPORTING_ENTITY), ("query.currency", "ISK")],
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
