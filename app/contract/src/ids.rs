//! Ids: newtypes that can only hold a well-formed id of their own kind.

use serde::{Deserialize, Serialize};

/// The text is not an id of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed id")]
pub struct MalformedId;

fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'_'))
}

/// A prefix, an underscore, and up to 64 letters, digits and underscores.
fn has_prefix(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        (1..=64).contains(&rest.len())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

macro_rules! prefixed {
    ($($name:ident: $prefix:literal),+ $(,)?) => {$(
        fn $name(text: &str) -> bool {
            has_prefix(text, $prefix)
        }
    )+};
}

prefixed! {
    is_position_id: "pos_",
    is_cashflow_id: "cf_",
    is_extract_id: "ext_",
    is_event_id: "evt_",
    is_fault_id: "flt_",
    is_webhook_id: "whe_",
    is_delivery_id: "dlv_",
    is_inbox_id: "inb_",
    is_inbox_message_id: "ibm_",
    is_issuer_id: "iss_",
    is_asset_id: "ast_",
}

fn is_sandbox_id(text: &str) -> bool {
    text.strip_prefix("sbx_").is_some_and(|rest| {
        rest.len() == 26 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z'))
    })
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident: $check:ident, $pattern:literal),+ $(,)?) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);
        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::str::FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                if $check(text) { Ok(Self(text.into())) } else { Err(MalformedId) }
            }
        }
        impl TryFrom<String> for $name {
            type Error = MalformedId;
            fn try_from(text: String) -> Result<Self, MalformedId> { text.parse() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool { true }
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "x-id": stringify!($name) })
            }
        }
    )+
        /// Whether `text` is a well-formed id of the kind of this name (`ClientId`).
        pub fn is_well_formed(kind: &str, text: &str) -> bool {
            match kind {
                $(stringify!($name) => $check(text),)+
                _ => false,
            }
        }
    };
}

ids! {
    /// A client.
    ClientId: is_object_id, "^[0-9a-f]{24}$",
    /// A legal entity.
    LegalEntityId: is_object_id, "^[0-9a-f]{24}$",
    /// An account.
    AccountId: is_object_id, "^[0-9a-f]{24}$",
    /// A depository.
    DepositoryId: is_object_id, "^[0-9a-f]{24}$",
    /// A reporting entity.
    ReportingEntityId: is_object_id, "^[0-9a-f]{24}$",
    /// A portfolio.
    PortfolioId: is_object_id, "^[0-9a-f]{24}$",
    /// A transaction.
    TransactionId: is_object_id, "^[0-9a-f]{24}$",
    /// An instrument.
    InstrumentId: is_object_id, "^[0-9a-f]{24}$",
    /// An instrument class.
    InstrumentClassId: is_slug, "^[0-9a-z_-]{1,64}$",
    /// A point of a time series.
    PointId: is_object_id, "^[0-9a-f]{24}$",
    /// A position.
    PositionId: is_position_id, "^pos_[0-9A-Za-z_]{1,64}$",
    /// A cashflow.
    CashflowId: is_cashflow_id, "^cf_[0-9A-Za-z_]{1,64}$",
    /// An extract.
    ExtractId: is_extract_id, "^ext_[0-9A-Za-z_]{1,64}$",
    /// An event.
    EventId: is_event_id, "^evt_[0-9A-Za-z_]{1,64}$",
    /// A planted fault.
    FaultId: is_fault_id, "^flt_[0-9A-Za-z_]{1,64}$",
    /// A webhook endpoint.
    WebhookId: is_webhook_id, "^whe_[0-9A-Za-z_]{1,64}$",
    /// A delivery of an event to an endpoint.
    DeliveryId: is_delivery_id, "^dlv_[0-9A-Za-z_]{1,64}$",
    /// An inbox of a sandbox.
    InboxId: is_inbox_id, "^inb_[0-9A-Za-z_]{1,64}$",
    /// Something that arrived at an inbox.
    InboxMessageId: is_inbox_message_id, "^ibm_[0-9A-Za-z_]{1,64}$",
    /// An issuer.
    IssuerId: is_issuer_id, "^iss_[0-9A-Za-z_]{1,64}$",
    /// An asset: an instrument as positions and cashflows name it.
    AssetId: is_asset_id, "^ast_[0-9A-Za-z_]{1,64}$",
    /// An industry, as a slug (`packaging`).
    Industry: is_slug, "^[0-9a-z_-]{1,64}$",
    /// A user.
    UserId: is_uuid, "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    /// An invite of a user.
    InviteId: is_uuid, "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    /// A custodian authority.
    AuthorityId: is_uuid, "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    /// A sandbox: `sbx_` and a lower-case ULID.
    SandboxId: is_sandbox_id, "^sbx_[0-9a-z]{26}$",
    /// A custodian.
    CustodianId: is_slug, "^[0-9a-z_-]{1,64}$",
    /// A custodian auth flow.
    AuthFlowId: is_slug, "^[0-9a-z_-]{1,64}$",
}

impl TransactionId {
    /// The bytes that its digits stand for.
    pub fn to_bytes(&self) -> [u8; 12] {
        let mut bytes = [0; 12];
        match hex::decode_to_slice(self.as_str(), &mut bytes) {
            Ok(()) => bytes,
            Err(_) => unreachable!("an id is 24 hexadecimal digits"),
        }
    }

    /// The id of these bytes.
    pub fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(hex::encode(bytes).into())
    }
}

/// A path that ends in, or runs through, one id.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ById<I> {
    /// The id of the object that the path names.
    pub id: I,
}

/// A path to a point of an instrument's time series.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PointPath {
    /// The id of the instrument.
    pub id: InstrumentId,
    /// The id of the point.
    pub point_id: PointId,
}

/// The id in `text`, which is known to be well formed: literals of examples and of the demo data.
///
/// # Panics
/// On a malformed literal; the tests evaluate every example.
pub(crate) fn id<I: std::str::FromStr<Err = MalformedId>>(text: &str) -> I {
    match text.parse() {
        Ok(id) => id,
        Err(MalformedId) => unreachable!("malformed id literal {text}"),
    }
}

/// [`id`] wrapped as a path.
pub(crate) fn at<I: std::str::FromStr<Err = MalformedId>>(text: &str) -> ById<I> {
    ById { id: id(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_id_survives_its_bytes() {
        for text in [
            "0123456789abcdef01234567",
            "ffffffffffffffffffffffff",
            "00000000000000000000000a",
        ] {
            let id: TransactionId = id(text);
            assert_eq!(TransactionId::from_bytes(id.to_bytes()), id);
            assert_eq!(
                u128::from_str_radix(text, 16).unwrap().to_be_bytes()[4..],
                id.to_bytes()
            );
        }
    }
}
