//! What a transaction does, and what a fee is for.

use serde::{Deserialize, Serialize};

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// What a transaction does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum TransactionType {
            $($(#[doc = $doc])+ $name),+
        }
        impl TransactionType {
            /// Every type, in the order of the docs.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// The value as it stands on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

types! {
    /// Opens a lot.
    Buy = "buy",
    /// Closes lots.
    Sell = "sell",
    /// Money from outside.
    Deposit = "deposit",
    /// Money to the outside.
    Withdrawal = "withdrawal",
    /// Moves lots or money to another place, or over the border of the sandbox.
    Transfer = "transfer",
    /// Income of a share or fund.
    Dividend = "dividend",
    /// Income of a bond.
    Coupon = "coupon",
    /// Income or cost of money, or income of a loan.
    Interest = "interest",
    /// A cost.
    Fee = "fee",
    /// Money of one currency for money of another.
    FxTrade = "fx_trade",
    /// Pays a bond or loan back, in part or at maturity.
    Redemption = "redemption",
    /// A split: multiplies quantities at unchanged cost.
    CorporateAction = "corporate_action",
    /// Money called by a private fund.
    CapitalCall = "capital_call",
    /// Money paid out by a private fund.
    Distribution = "distribution",
}

/// What a fee, or the fee part of a capital call, is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Safe keeping.
    Custody,
    /// Management.
    Management,
    /// Anything else.
    Other,
}

impl Category {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Custody => "custody",
            Self::Management => "management",
            Self::Other => "other",
        }
    }
}
