//! Holdings: what a reporting entity holds and what it is worth, and the custodians' own view of it.

use crate::{
    Day, Decimal, Nothing, Page, demo,
    grouping::Grouping,
    ids::{
        AccountId, ById, CustodianId, DepositoryId, InstrumentClassId, InstrumentId, LegalEntityId,
        PortfolioId, ReportingEntityId, TransactionId, at, id,
    },
    operation::operation,
    query::list_query,
    text::{Currency, text},
};
use serde::{Deserialize, Serialize};

/// What can be shown along with a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expansion {
    /// The open lots of each holding.
    Lots,
}

/// What is held of one instrument, or the money of one account, valued at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Holding {
    /// What is held; `null` for money.
    pub instrument_id: Option<InstrumentId>,
    /// The class of the instrument; `cash` for money.
    pub instrument_class_id: Option<InstrumentClassId>,
    /// The account whose money it is, or that a commitment to a private fund is held in; `null` for what is in
    /// depositories.
    pub account_id: Option<AccountId>,
    /// The portfolio, when grouped by it; `null` otherwise.
    pub portfolio_id: Option<PortfolioId>,
    /// The depository, when everything in the row is in one; `null` where several are added up, and for money.
    pub depository_id: Option<DepositoryId>,
    /// The day at whose end it was held.
    pub as_of: Day,
    /// Units, or nominal of what is quoted in per cent; of money, its amount in the account's currency.
    pub quantity: Decimal,
    /// What it was valued by, in the instrument's currency: per unit, or in per cent of par. `null` for money.
    pub price: Option<Decimal>,
    /// The day of that price, on or before `as_of`.
    pub price_date: Option<Day>,
    /// Interest since the last payment, in `currency`; part of `market_value`.
    pub accrued_interest: Decimal,
    /// What it is worth, in `currency`.
    pub market_value: Decimal,
    /// What the open lots cost, each at the rate of its trade date, in `currency`.
    pub cost_basis: Decimal,
    /// `market_value` less `accrued_interest` less `cost_basis`.
    pub unrealised_pnl: Decimal,
    /// The currency of every amount in the row.
    pub currency: Currency,
    /// How much `currency` one unit of the instrument's or account's currency was worth.
    pub fx_rate: Decimal,
    /// The open lots, oldest first; `null` unless `expand=lots` asks for them.
    pub lots: Option<Vec<Lot>>,
}

/// What is left of one purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lot {
    /// The transaction that opened it. A sale under `specific_id` names it in `lot_ids`.
    pub id: TransactionId,
    /// Where it is held.
    pub depository_id: Option<DepositoryId>,
    /// The trade date of the purchase. A transfer keeps it.
    pub acquired_on: Day,
    /// Units, or nominal.
    pub quantity: Decimal,
    /// What these units cost, in the currency of the holding, at the rate of `acquired_on`.
    pub cost: Decimal,
}

/// What a custodian says it holds of one instrument, or of money, at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustodianHolding {
    /// Who says so.
    pub custodian_id: CustodianId,
    /// The depository; `null` for money and what stands in an account.
    pub depository_id: Option<DepositoryId>,
    /// The account; `null` for what is in a depository.
    pub account_id: Option<AccountId>,
    /// What is held; `null` for money.
    pub instrument_id: Option<InstrumentId>,
    /// The day at whose end it was held.
    pub date: Day,
    /// Units, or nominal; of money, its amount.
    pub quantity: Decimal,
    /// What the custodian valued it by; `null` for money.
    pub price: Option<Decimal>,
    /// What it is worth, in `currency`.
    pub market_value: Decimal,
    /// The currency of the instrument or account: custodians do not convert.
    pub currency: Currency,
    /// The custodian's figures less those of the ledger; all zero where both agree.
    pub difference: Difference,
}

/// How far a custodian's figures are from those of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// Units, nominal or money that the custodian has more than the ledger; negative where it has less.
    pub quantity: Decimal,
    /// The same in worth, in the row's `currency`.
    pub market_value: Decimal,
}

list_query! {
    /// Which holdings, and how they are shown.
    HoldingsQuery {
        /// The day at whose end they were held. Without it, the sandbox's today.
        as_of: Day,
        /// The currency of every amount. Without it, that of the reporting entity.
        currency: Currency,
        /// What to tell rows apart by: any of `portfolio`, `depository` and `instrument_class`, separated by commas.
        group_by: Grouping,
        /// Show the lots of each holding.
        expand: Expansion,
    }
}

list_query! {
    /// Which day's figures.
    CustodianHoldingsQuery {
        /// The day at whose end they were held. Without it, the sandbox's today.
        date: Day,
    }
}

/// A share of the demo data.
const EXAMPLE_SHARE: &str = "66a1f0c2d4e5b60718296001";

fn decimal(literal: &str) -> Decimal {
    literal.parse().unwrap_or_default()
}

fn example_day() -> Day {
    Day::from(jiff::civil::date(2026, 6, 30))
}

fn example() -> Holding {
    Holding {
        instrument_id: Some(id(EXAMPLE_SHARE)),
        instrument_class_id: Some(id("equity")),
        account_id: None,
        portfolio_id: None,
        depository_id: Some(id(demo::DEPOSITORY)),
        as_of: example_day(),
        quantity: decimal("42.00000000"),
        price: Some(decimal("1082.08700000")),
        price_date: Some(example_day()),
        accrued_interest: decimal("0.00"),
        market_value: decimal("6093.89"),
        cost_basis: decimal("6229.00"),
        unrealised_pnl: decimal("-135.11"),
        currency: text("EUR"),
        fx_rate: decimal("0.1340860028"),
        lots: None,
    }
}

fn example_of_custodian() -> CustodianHolding {
    CustodianHolding {
        custodian_id: id(demo::CUSTODIAN),
        depository_id: Some(id(demo::DEPOSITORY)),
        account_id: None,
        instrument_id: Some(id(EXAMPLE_SHARE)),
        date: example_day(),
        quantity: decimal("42.00000000"),
        price: Some(decimal("1082.08700000")),
        market_value: decimal("45447.65"),
        currency: text("DKK"),
        difference: Difference {
            quantity: decimal("0.00000000"),
            market_value: decimal("0.00"),
        },
    }
}

operation! {
    /// Lists what a reporting entity holds.
    ///
    /// One row for each instrument and one for the money of each account, over all portfolios of the entity: what
    /// stands in two of them counts once. `group_by` tells rows apart further and orders them by the group; grouped
    /// by portfolio, what stands in two of them is shown in both.
    ListHoldings = "holdings.list", Get "/v1/reporting-entities/{id}/holdings" => 200;
    V1 Holdings, auth: HoldingsRead, problems: [RateUnknown],
    path: ById<ReportingEntityId>, query: HoldingsQuery, body: Nothing, reply: Page<Holding>,
    example: (at(demo::REPORTING_ENTITY), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Lists what the custodians of a legal entity say they hold.
    ///
    /// Their own figures, as they delivered them, each beside its difference to the ledger.
    ListCustodianHoldings = "custodian_holdings.list", Get "/v1/legal-entities/{id}/custodian-holdings" => 200;
    V1 Holdings, auth: HoldingsRead, problems: [RateUnknown],
    path: ById<LegalEntityId>, query: CustodianHoldingsQuery, body: Nothing, reply: Page<CustodianHolding>,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, Page::whole(vec![example_of_custodian()])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![all.card::<ListHoldings>(), all.card::<ListCustodianHoldings>()]
}
