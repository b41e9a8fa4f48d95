//! Positions: one instrument in one portfolio, as integrations follow it.

use crate::{
    Decimal, Nothing, Page, Timestamp, demo,
    ids::{AssetId, InstrumentId, IssuerId, PortfolioId, PositionId, id},
    operation::operation,
    query::list_query,
    text::{Currency, Name, text},
};
use serde::{Deserialize, Serialize};

/// Whether anything is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PositionStatus {
    /// Something is held at the sandbox's today.
    Open,
    /// Something was held, and nothing is any more.
    Closed,
}

impl PositionStatus {
    /// The value as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// Which positions to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PositionFilter {
    /// Open ones.
    #[default]
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    All,
}

/// One instrument in one portfolio. It is a view over the ledger, valued at the sandbox's today in the instrument's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// Stable id: the same for as long as this portfolio holds this instrument, and when it does again.
    pub id: PositionId,
    /// The portfolio.
    pub portfolio_id: PortfolioId,
    /// Who issued the instrument.
    pub issuer_id: Option<IssuerId>,
    /// The name of the issuer.
    pub issuer_name: Option<Name>,
    /// The instrument, as integrations name it.
    pub asset_id: AssetId,
    /// The name of the instrument.
    pub asset_name: Name,
    /// The instrument, as the rest of the API names it.
    pub instrument_id: InstrumentId,
    /// The industry of the issuer.
    pub industry: Option<String>,
    /// The currency of every amount: the instrument's.
    pub currency: Currency,
    /// Nominal of bonds and loans, units of all else.
    pub par: Decimal,
    /// What it is valued by: per unit, or in per cent of par. `null` when it is closed, or where no price is known.
    pub mark_price: Option<Decimal>,
    /// What it is worth, accrued interest included.
    pub market_value: Decimal,
    /// Interest since the last payment.
    pub accrued_interest: Decimal,
    /// Whether anything is held.
    pub status: PositionStatus,
    /// When it last changed: the latest of what was entered, and of the start of the day it is priced at.
    pub updated_at: Timestamp,
}

list_query! {
    /// Which positions to list.
    PositionQuery {
        /// Only those in this portfolio.
        portfolio_id: PortfolioId,
        /// Only those whose issuer is in this industry, such as `packaging`.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
        industry: String,
        /// Only those that changed at or after this instant. Pass the latest `updated_at` that you have seen.
        updated_since: Timestamp,
        /// Which ones. Without it, `open`.
        status: PositionFilter,
    }
}

fn example() -> Position {
    let figure = |digits, scale| rust_decimal::Decimal::new(digits, scale).into();
    Position {
        id: id("pos_0f5a3c9d1b7e4a6280c2d4e5"),
        portfolio_id: id(demo::PORTFOLIO),
        issuer_id: Some(id("iss_RHN")),
        issuer_name: Some(text("Rheinwerk Automotive")),
        asset_id: id("ast_RHN_EQ"),
        asset_name: text("Rheinwerk Automotive SE"),
        instrument_id: id(demo::SHARE),
        industry: Some("automotive".to_owned()),
        currency: text("EUR"),
        par: figure(100, 0),
        mark_price: Some(figure(784, 1)),
        market_value: figure(784_000, 2),
        accrued_interest: figure(0, 2),
        status: PositionStatus::Open,
        updated_at: Timestamp::from_millis(1_782_820_800_000),
    }
}

operation! {
    /// Lists positions, those that changed least recently first.
    ///
    /// To follow them, walk once with `status=all`, then ask again with the latest `updated_at` you have seen as `updated_since`. The order is that of change, so a position that changes during a walk is met again at its end, and none is missed.
    ListPositions = "positions.list", Get "/v1/positions" => 200;
    V1 Positions, auth: PositionsRead, problems: [],
    path: Nothing, query: PositionQuery, body: Nothing, reply: Page<Position>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![example()])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![all.card::<ListPositions>()]
}
