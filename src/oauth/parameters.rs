//! Request parameters of the token endpoints: form or JSON, each at most once, empty counting as absent.

use super::{json, refusal::Refusal};
use axum::http::{HeaderMap, header};
use serde_json::Value;
use std::collections::HashMap;

/// The parameters of one request (RFC 6749 §3.2).
#[derive(Debug, Default)]
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    /// Reads the body in the format that its `Content-Type` names.
    pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = content_type
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default();
        match media_type.trim().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => Self::from_form(body),
            "application/json" => Self::from_json(body),
            _ => Err(Refusal::request(
                "The Content-Type must be application/x-www-form-urlencoded or application/json.",
            )),
        }
    }

    fn from_form(body: &[u8]) -> Result<Self, Refusal> {
        let mut parameters = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            parameters.add(name.into_owned(), value.into_owned())?;
        }
        Ok(parameters)
    }

    fn from_json(body: &[u8]) -> Result<Self, Refusal> {
        let members = json::object(body)
            .ok_or_else(|| Refusal::request("The body must be a JSON object without repeated members."))?;
        let mut parameters = Self::default();
        for (name, value) in members {
            match value {
                Value::Null => {}
                Value::String(text) => parameters.add(name, text)?,
                _ => return Err(Refusal::request("The members of the body must be strings.")),
            }
        }
        Ok(parameters)
    }

    fn add(&mut self, name: String, value: String) -> Result<(), Refusal> {
        if self.0.insert(name, value).is_some() {
            return Err(Refusal::request("A parameter occurs more than once."));
        }
        Ok(())
    }

    /// The parameter's value, unless it is absent or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}
