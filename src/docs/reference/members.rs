//! The members of what goes in and out.

use crate::docs::{
    directive::Side,
    places::{body_of, schema_name},
};
use app::model::FieldList;
use contract::{
    Card, Contract,
    form::{Input, Kind, Place},
};
use serde_json::Value;

/// The members of one of an operation's bodies.
pub(in crate::docs) fn fields(card: &Card, side: Side, contract: &Contract) -> Option<FieldList> {
    let schema = body_of(card, side)?;
    let example = match side {
        Side::Reply => card.example.reply.as_ref(),
        Side::Body => card.example.body.as_ref(),
    };
    Some(FieldList {
        anchor: snake(schema_name(schema).unwrap_or(card.spec.id)),
        title: String::new(),
        fields: members(contract, schema, side, example),
    })
}

/// The members of a schema. In an answer every member is there, so none is marked as required.
pub(super) fn members(
    contract: &Contract,
    schema: &Value,
    side: Side,
    example: Option<&Value>,
) -> Vec<Input> {
    fn unmarked(inputs: Vec<Input>) -> Vec<Input> {
        let each = inputs.into_iter().map(|input| Input {
            required: false,
            kind: unmarked_kind(input.kind),
            ..input
        });
        each.collect()
    }
    fn unmarked_kind(kind: Kind) -> Kind {
        match kind {
            Kind::Object(inputs) => Kind::Object(unmarked(inputs)),
            Kind::List(item) => Kind::List(Box::new(unmarked_kind(*item))),
            other => other,
        }
    }
    let inputs = contract.members(schema, Place::Body, example);
    if side == Side::Reply {
        unmarked(inputs)
    } else {
        inputs
    }
}

/// The anchors of these fields and of everything inside of them, each with its field.
pub(super) fn anchors<'a>(
    prefix: &str,
    fields: impl IntoIterator<Item = &'a Input>,
    all: &mut Vec<(String, &'a Input)>,
) {
    for field in fields {
        let anchor = format!("{prefix}.{}", field.name);
        all.push((anchor.clone(), field));
        anchors(&anchor, field.kind.members(), all);
    }
}

/// `LegalEntity` as `legal_entity`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
