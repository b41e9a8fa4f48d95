//! Instruments of a tenant's own, as they are sent.

use super::{InstrumentType, Terms, TermsPatch};
use crate::{
    Change, Field,
    ids::{Industry, InstrumentClassId, IssuerId},
    text::{Country, Currency, Isin, Name},
};
use serde::{Deserialize, Serialize};

/// Who issued an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewIssuer {
    /// An id that you choose, the same for every instrument of this issuer; or the platform's, with its name and industry.
    pub id: IssuerId,
    /// Its name.
    pub name: Name,
    /// What it does, as a slug (`packaging`).
    pub industry: Industry,
}

/// Changes to an issuer; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssuerPatch {
    /// An id that you choose, the same for every instrument of this issuer; or the platform's, with its name and industry.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub id: Change<IssuerId>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// What it does, as a slug (`packaging`).
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub industry: Change<Industry>,
}

/// An instrument of your own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInstrument {
    /// What it is. Fixed from then on.
    pub r#type: InstrumentType,
    /// Its name.
    pub name: Name,
    /// The currency it is quoted in.
    pub currency: Currency,
    /// Where it is at home.
    #[serde(default)]
    pub country: Option<Country>,
    /// Its ISIN (ISO 6166); no other instrument may have it.
    #[serde(default)]
    pub isin: Option<Isin>,
    /// Its short name on the exchange.
    #[serde(default)]
    pub ticker: Option<Name>,
    /// The exchange's code (ISO 10383).
    #[serde(default)]
    pub exchange: Option<Name>,
    /// Its class: one that stands under no other.
    pub class_id: InstrumentClassId,
    /// Its class in finer terms: one that stands under `class_id`.
    #[serde(default)]
    pub detailed_class_id: Option<InstrumentClassId>,
    /// Who issued it.
    #[serde(default)]
    pub issuer: Option<NewIssuer>,
    /// What else defines it; the members depend on `type`.
    #[serde(default)]
    pub terms: Terms,
}

/// Changes to an instrument of your own; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InstrumentPatch {
    /// Its name.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// The currency it is quoted in; fixed once it has transactions or points.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub currency: Change<Currency>,
    /// Where it is at home.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub country: Field<Country>,
    /// Its ISIN (ISO 6166); no other instrument may have it.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub isin: Field<Isin>,
    /// Its short name on the exchange.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub ticker: Field<Name>,
    /// The exchange's code (ISO 10383).
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub exchange: Field<Name>,
    /// Its class: one that stands under no other.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub class_id: Change<InstrumentClassId>,
    /// Its class in finer terms: one that stands under `class_id`.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub detailed_class_id: Field<InstrumentClassId>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub issuer: Field<IssuerPatch>,
    /// What else defines it; members that are left out stay as they are, `null` takes one away.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub terms: Change<TermsPatch>,
}
