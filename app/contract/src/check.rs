//! Holds a JSON value against the contract's schema and names every fault, each by its JSON Pointer.
//!
//! serde stops at the first fault and cannot always point at it; a caller who has three members wrong should be
//! told three times, once. The schema is the one that OpenAPI publishes, so what is promised is what is enforced.

use crate::{
    Contract, Day, Decimal, FieldError, events::EventPattern, grouping::Grouping, ids, text, time::Timestamp,
};
use serde_json::Value;

/// Every way in which `value` breaks `schema`; empty when it fits.
pub fn faults(contract: &Contract, schema: &Value, value: &Value) -> Vec<FieldError> {
    let mut check = Check {
        contract,
        faults: Vec::new(),
    };
    check.value(schema, value, &mut String::new());
    check.faults
}

struct Check<'a> {
    contract: &'a Contract,
    faults: Vec<FieldError>,
}

impl Check<'_> {
    fn fault(&mut self, pointer: &str, detail: impl Into<String>) {
        self.faults.push(FieldError::at(pointer, detail));
    }

    fn value(&mut self, schema: &Value, value: &Value, pointer: &mut String) {
        let schema = self.contract.resolve(schema);
        if let Some(branches) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return self.branches(branches, value, pointer);
        }
        if let Some(constant) = schema.get("const") {
            if constant != value {
                self.fault(pointer, format!("must be {constant}"));
            }
            return;
        }
        if !self.has_type(schema, value, pointer) || value.is_null() {
            return;
        }
        match value {
            Value::Object(members) => self.object(schema, members, pointer),
            Value::Array(items) => self.array(schema, items, pointer),
            Value::String(text) => self.text(schema, text, pointer),
            Value::Number(number) => self.number(schema, number, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn branches(&mut self, branches: &[Value], value: &Value, pointer: &mut String) {
        if value.is_null() && branches.iter().any(|branch| branch["type"] == "null") {
            return;
        }
        let constants: Vec<&Value> = branches.iter().filter_map(|branch| branch.get("const")).collect();
        if constants.len() == branches.len() {
            if !constants.contains(&value) {
                self.fault(pointer, one_of(constants.into_iter()));
            }
            return;
        }
        let mut nearest: Option<Vec<FieldError>> = None;
        for branch in branches.iter().filter(|branch| branch["type"] != "null") {
            let mut trial = Check {
                contract: self.contract,
                faults: Vec::new(),
            };
            trial.value(branch, value, pointer);
            if trial.faults.is_empty() {
                return;
            }
            if nearest
                .as_ref()
                .is_none_or(|best| trial.faults.len() < best.len())
            {
                nearest = Some(trial.faults);
            }
        }
        self.faults.extend(nearest.unwrap_or_default());
    }

    fn has_type(&mut self, schema: &Value, value: &Value, pointer: &str) -> bool {
        let names: Vec<&str> = match &schema["type"] {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        let fits = names.iter().any(|name| match *name {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
            "number" => value.is_number(),
            _ => true,
        });
        if !fits {
            self.fault(pointer, format!("must be {}", names.join(" or ")));
        }
        fits
    }

    fn object(&mut self, schema: &Value, members: &serde_json::Map<String, Value>, pointer: &mut String) {
        for name in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !members.contains_key(name) {
                let place = format!("{pointer}/{}", escape(name));
                self.fault(&place, "is required");
            }
        }
        for (name, value) in members {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&escape(name));
            match schema["properties"].get(name) {
                Some(property) => self.value(property, value, pointer),
                None if schema["additionalProperties"] == false => {
                    self.fault(pointer, "is not a member of this object");
                }
                None => {}
            }
            pointer.truncate(length);
        }
    }

    fn array(&mut self, schema: &Value, items: &[Value], pointer: &mut String) {
        if let Some(least) = schema["minItems"].as_u64()
            && (items.len() as u64) < least
        {
            self.fault(pointer, format!("must have at least {least} items"));
        }
        if let Some(most) = schema["maxItems"].as_u64()
            && items.len() as u64 > most
        {
            self.fault(pointer, format!("must have at most {most} items"));
        }
        for (index, item) in items.iter().enumerate() {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&index.to_string());
            self.value(&schema["items"], item, pointer);
            pointer.truncate(length);
        }
    }

    fn text(&mut self, schema: &Value, value: &str, pointer: &str) {
        let verdict = match schema["format"].as_str() {
            Some("name") => value
                .parse::<text::Name>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("reference") => value
                .parse::<text::ConsentReference>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("email") => value
                .parse::<text::Email>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("uri") => value
                .parse::<text::Url>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("event-pattern") => value
                .parse::<EventPattern>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("iso-4217") => value
                .parse::<text::Currency>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("isin") => value
                .parse::<text::Isin>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("iso-3166-1-alpha-2") => value
                .parse::<text::Country>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("date-time") => value
                .parse::<Timestamp>()
                .map(drop)
                .map_err(|_| "is not an RFC 3339 timestamp".to_owned()),
            Some("date") => value
                .parse::<Day>()
                .map(drop)
                .map_err(|_| "is not a date (YYYY-MM-DD)".to_owned()),
            Some("grouping") => value
                .parse::<Grouping>()
                .map(drop)
                .map_err(|error| error.to_string()),
            Some("decimal") => value
                .parse::<Decimal>()
                .map(drop)
                .map_err(|error| error.to_string()),
            _ => Ok(()),
        };
        if let Err(detail) = verdict {
            return self.fault(pointer, detail);
        }
        if let Some(options) = schema["enum"].as_array()
            && !options.iter().any(|option| option == value)
        {
            return self.fault(pointer, one_of(options.iter()));
        }
        if let Some(pattern) = schema["x-id"].as_str()
            && !ids::is_well_formed(pattern, value)
        {
            return self.fault(pointer, "is not a well-formed id");
        }
        let length = value.chars().count() as u64;
        if schema["maxLength"].as_u64().is_some_and(|most| length > most) {
            self.fault(pointer, "is too long");
        }
        if schema["minLength"].as_u64().is_some_and(|least| length < least) {
            self.fault(pointer, "must not be empty");
        }
    }

    fn number(&mut self, schema: &Value, value: &serde_json::Number, pointer: &str) {
        if schema["format"] == "decimal"
            && let Err(error) = Decimal::from_number(value)
        {
            return self.fault(pointer, error.to_string());
        }
        let value = value.as_f64().unwrap_or_default();
        let least = schema["minimum"].as_f64();
        let most = schema["maximum"].as_f64();
        if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
            self.fault(
                pointer,
                match (least, most) {
                    (Some(least), Some(most)) => format!("must be between {least} and {most}"),
                    (Some(least), None) => format!("must be at least {least}"),
                    _ => format!("must be at most {}", most.unwrap_or_default()),
                },
            );
        }
    }
}

fn one_of<'a>(options: impl Iterator<Item = &'a Value>) -> String {
    let names: Vec<String> = options
        .map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned))
        .collect();
    format!("must be one of {}", names.join(", "))
}

/// A member name as a step of a JSON Pointer (RFC 6901 §3).
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
