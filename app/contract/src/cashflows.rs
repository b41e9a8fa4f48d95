//! Cashflows: what positions have paid, and what their terms promise.

use crate::{
    Day, Decimal, Nothing, Page, Timestamp, demo,
    ids::{AssetId, CashflowId, InstrumentId, PortfolioId, PositionId, TransactionId, id},
    operation::operation,
    query::list_query,
    text::{Currency, text},
};
use serde::{Deserialize, Serialize};

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CashflowType {
    /// Interest of a loan.
    Interest,
    /// Repayment, in part or at maturity.
    Principal,
    /// Interest of a bond.
    Coupon,
    /// A dividend.
    Dividend,
    /// A fee.
    Fee,
    /// Money called by a private fund.
    CapitalCall,
    /// Money given back by a private fund.
    Distribution,
}

impl CashflowType {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interest => "interest",
            Self::Principal => "principal",
            Self::Coupon => "coupon",
            Self::Dividend => "dividend",
            Self::Fee => "fee",
            Self::CapitalCall => "capital_call",
            Self::Distribution => "distribution",
        }
    }
}

/// Where a cashflow stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CashflowStatus {
    /// Promised by the terms of what is held; overdue where its day has passed.
    Expected,
    /// Paid: a transaction says so.
    Posted,
    /// Was expected, and will not be paid: what promised it is no longer held.
    Cancelled,
}

impl CashflowStatus {
    /// The value as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Posted => "posted",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Which cashflows to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CashflowFilter {
    /// Expected ones.
    #[default]
    Expected,
    /// Posted ones.
    Posted,
    /// Cancelled ones.
    Cancelled,
    /// Whatever their status.
    All,
}

impl CashflowFilter {
    /// Whether it lets this status through.
    pub fn takes(self, status: CashflowStatus) -> bool {
        match self {
            Self::Expected => status == CashflowStatus::Expected,
            Self::Posted => status == CashflowStatus::Posted,
            Self::Cancelled => status == CashflowStatus::Cancelled,
            Self::All => true,
        }
    }
}

/// A payment of a position. It is a view over the ledger and the terms of what is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cashflow {
    /// Stable id: the same while it is expected and once it is posted.
    pub id: CashflowId,
    /// The position that pays, or is paid into.
    pub position_id: PositionId,
    /// The portfolio that the position is in.
    pub portfolio_id: PortfolioId,
    /// The instrument, as integrations name it.
    pub asset_id: AssetId,
    /// The instrument, as the rest of the API names it.
    pub instrument_id: InstrumentId,
    /// What it is for.
    pub r#type: CashflowType,
    /// Where it stands.
    pub status: CashflowStatus,
    /// The day on which the terms promise it; `null` for what no terms promise, such as a dividend.
    pub expected_date: Option<Day>,
    /// The trade date of the transaction that posted it.
    pub posted_date: Option<Day>,
    /// Positive into the portfolio. What is expected is worked out on what is held; what is cancelled is zero.
    pub amount: Decimal,
    /// The currency of the amount: the account's once it is posted, the instrument's before.
    pub currency: Currency,
    /// The transaction that posted it.
    pub transaction_id: Option<TransactionId>,
    /// When it last changed: the latest of what was entered about its position, and of the day it came into the twelve months that are looked ahead.
    pub updated_at: Timestamp,
}

list_query! {
    /// Which cashflows to list.
    CashflowQuery {
        /// Which ones. Without it, `expected`.
        status: CashflowFilter,
        /// Only those of positions in this portfolio.
        portfolio_id: PortfolioId,
        /// Only those from this day on, that day included: the day of posting where there is one, else the expected one.
        from: Day,
        /// Only those up to this day, that day included.
        to: Day,
        /// Only those that changed at or after this instant. Pass the latest `updated_at` that you have seen.
        updated_since: Timestamp,
    }
}

fn example() -> Cashflow {
    Cashflow {
        id: id("cf_a50a73e09d5f41e956545d32"),
        position_id: id("pos_4c05aba7a5b6c74726a126a9"),
        portfolio_id: id(demo::PORTFOLIO),
        asset_id: id("ast_RHN_2031"),
        instrument_id: id("66a1f0c2d4e5b60718296030"),
        r#type: CashflowType::Coupon,
        status: CashflowStatus::Expected,
        expected_date: Some(jiff::civil::date(2026, 9, 1).into()),
        posted_date: None,
        amount: rust_decimal::Decimal::new(3_719_250, 2).into(),
        currency: text("EUR"),
        transaction_id: None,
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

operation! {
    /// Lists cashflows, those of the positions that changed least recently first.
    ///
    /// What is expected is projected twelve months ahead from the terms of what is held. To follow them, walk once with `status=all`, then ask again with the latest `updated_at` you have seen as `updated_since`: none is missed.
    ListCashflows = "cashflows.list", Get "/v1/cashflows" => 200;
    V1 Cashflows, auth: CashflowsRead, problems: [],
    path: Nothing, query: CashflowQuery, body: Nothing, reply: Page<Cashflow>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![example()])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![all.card::<ListCashflows>()]
}
