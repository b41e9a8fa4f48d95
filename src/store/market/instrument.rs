//! Reference instruments, as the platform knows them.

use contract::{
    Timestamp,
    ids::InstrumentId,
    text::{Country, Currency, Name},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

pub use contract::instruments::InstrumentType;

/// Who issued an instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `iss_` and a short name.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// What it does.
    pub industry: String,
    /// Where it is seated.
    pub country: Country,
}

/// A class of instruments; detailed classes stand under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentClass {
    /// A readable, stable slug.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// The class it is part of.
    pub parent_id: Option<String>,
}

/// A reference instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Stable id.
    pub id: InstrumentId,
    /// What it is.
    pub kind: InstrumentType,
    /// Its name.
    pub name: Name,
    /// The currency it is quoted in.
    pub currency: Currency,
    /// Where it is at home.
    pub country: Option<Country>,
    /// ISO 6166.
    pub isin: Option<String>,
    /// Its short name on the exchange.
    pub ticker: Option<String>,
    /// The exchange's ISO 10383 code.
    pub exchange: Option<String>,
    /// Its class.
    pub class_id: String,
    /// Its class in finer terms.
    pub detailed_class_id: Option<String>,
    /// Who issued it.
    pub issuer_id: Option<String>,
    /// The name under which positions and cashflows know it: `ast_` and a short name.
    pub asset_id: String,
    /// What else defines it; the members depend on the type.
    pub terms: Map<String, Value>,
    /// Where its price series starts, per unit or in per cent of par.
    pub base_price: Decimal,
    /// When it was added.
    pub created_at: Timestamp,
}
