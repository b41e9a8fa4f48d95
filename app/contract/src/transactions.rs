//! Transactions: the ledger that every figure is replayed from.

mod draft;
mod types;

pub use draft::NewTransaction;
pub use types::{Category, TransactionType};

use crate::{
    Day, Decimal, Nothing, Page, Reply, Timestamp, demo,
    ids::{AccountId, ById, DepositoryId, InstrumentId, ReportingEntityId, TransactionId, at, id},
    operation::operation,
    query::list_query,
    text::{Currency, Name, text},
};
use serde::{Deserialize, Serialize};

/// One entry of the ledger. It is never changed: delete it and enter it anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transaction {
    /// Stable id. It also names the lot that the transaction opens.
    pub id: TransactionId,
    /// What it does; decides which other members have a value.
    pub r#type: TransactionType,
    /// The account whose money it moves.
    pub account_id: AccountId,
    /// Where the instrument is held.
    pub depository_id: Option<DepositoryId>,
    /// What it is about.
    pub instrument_id: Option<InstrumentId>,
    /// The day on which it was agreed. Figures count it from the end of that day.
    pub trade_date: Day,
    /// The day on which it settles.
    pub value_date: Day,
    /// Money, positive into the account, costs and accrued interest included.
    pub amount: Decimal,
    /// The currency of `amount`: the account's.
    pub currency: Currency,
    /// Units, or nominal of bonds and loans; positive when received.
    pub quantity: Option<Decimal>,
    /// Per unit, or in per cent of par, in the instrument's currency.
    pub price: Option<Decimal>,
    /// What the trade cost; part of `amount`.
    pub fees: Option<Decimal>,
    /// Interest that was bought or sold along; part of `amount`.
    pub accrued_interest: Option<Decimal>,
    /// The lots that it closes or moves, each named by the transaction that opened it.
    pub lot_ids: Option<Vec<TransactionId>>,
    /// New units for each old one.
    pub ratio: Option<Decimal>,
    /// The other account of a transfer; `null` where it crosses the border of the sandbox.
    pub counterparty_account_id: Option<AccountId>,
    /// The other depository of a transfer.
    pub counterparty_depository_id: Option<DepositoryId>,
    /// The account of the other leg of a currency trade.
    pub counter_account_id: Option<AccountId>,
    /// The money of the other leg, positive into that account, in its currency.
    pub counter_amount: Option<Decimal>,
    /// What a fee is for.
    pub category: Option<Category>,
    /// How the unfunded commitment changes, signed as `amount` is.
    pub effect_on_commitment: Option<Decimal>,
    /// How much of it may be called again.
    pub recallable_amount: Option<Decimal>,
    /// Whether it counts in paid in and distributed.
    pub affects_multiples: Option<bool>,
    /// Whether it counts in the internal rate of return.
    pub affects_irr: Option<bool>,
    /// Whether it changes the cost basis.
    pub affects_cost_basis: Option<bool>,
    /// Whether it changes the net asset value until the next one is published.
    pub affects_nav: Option<bool>,
    /// A note, for people.
    pub comment: Option<Name>,
    /// When it was entered. Never earlier than that of a transaction that was entered before.
    pub created_at: Timestamp,
    /// The same instant: a transaction does not change.
    pub updated_at: Timestamp,
}

impl Transaction {
    /// Whether it is a call or a distribution of a private fund.
    pub const fn is_of_private_fund(&self) -> bool {
        matches!(
            self.r#type,
            TransactionType::CapitalCall | TransactionType::Distribution
        )
    }
}

impl Reply for Transaction {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/transactions/{}", self.id))
    }
}

list_query! {
    /// Which transactions to list.
    TransactionQuery {
        /// Only those that move money or assets of this account, on either side.
        account_id: AccountId,
        /// Only those that move assets of this depository, on either side.
        depository_id: DepositoryId,
        /// Only those about this instrument.
        instrument_id: InstrumentId,
        /// Only those of this type.
        r#type: TransactionType,
        /// Only those with a trade date on or after this day.
        from: Day,
        /// Only those with a trade date on or before this day.
        to: Day,
        /// Only those entered at or after this instant. Pass the latest `updated_at` that you have seen.
        updated_since: Timestamp,
    }
}

/// The purchase that the docs enter.
fn purchase() -> NewTransaction {
    NewTransaction {
        depository_id: Some(id(demo::DEPOSITORY)),
        instrument_id: Some(id(demo::SHARE)),
        value_date: Some(day(2026, 7, 2)),
        amount: Some(figure(-785_000, 2)),
        quantity: Some(figure(100, 0)),
        price: Some(figure(784, 1)),
        fees: Some(figure(1_000, 2)),
        ..NewTransaction::of(TransactionType::Buy, id(demo::ACCOUNT), day(2026, 6, 30))
    }
}

/// The one that the docs show.
fn example() -> Transaction {
    let new = purchase();
    Transaction {
        id: id("6a4400c2d4e5b60718297001"),
        r#type: new.r#type,
        account_id: new.account_id,
        depository_id: new.depository_id,
        instrument_id: new.instrument_id,
        trade_date: new.trade_date,
        value_date: day(2026, 7, 2),
        amount: figure(-785_000, 2),
        currency: text("EUR"),
        quantity: new.quantity,
        price: new.price,
        fees: new.fees,
        accrued_interest: None,
        lot_ids: None,
        ratio: None,
        counterparty_account_id: None,
        counterparty_depository_id: None,
        counter_account_id: None,
        counter_amount: None,
        category: None,
        effect_on_commitment: None,
        recallable_amount: None,
        affects_multiples: None,
        affects_irr: None,
        affects_cost_basis: None,
        affects_nav: None,
        comment: None,
        created_at: Timestamp::from_millis(1_782_820_800_000),
        updated_at: Timestamp::from_millis(1_782_820_800_000),
    }
}

fn day(year: i16, month: i8, day: i8) -> Day {
    jiff::civil::date(year, month, day).into()
}

fn figure(digits: i64, scale: u32) -> Decimal {
    rust_decimal::Decimal::new(digits, scale).into()
}

fn opening() -> Transaction {
    Transaction {
        id: id(demo::TRANSACTION),
        r#type: TransactionType::Deposit,
        depository_id: None,
        instrument_id: None,
        trade_date: day(2021, 7, 1),
        value_date: day(2021, 7, 1),
        amount: figure(demo::OPENING, 2),
        quantity: None,
        price: None,
        fees: None,
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
        ..example()
    }
}

operation! {
    /// Lists the transactions of the sandbox, in the order in which they were entered.
    ///
    /// To follow the ledger, walk it once, then ask again with the latest `updated_at` you have seen as `updated_since`: the order is that of entry, so nothing is missed. Deletions are told by the event `transaction.deleted`.
    ListTransactions = "transactions.list", Get "/v1/transactions" => 200;
    V1 Transactions, auth: TransactionsRead, problems: [],
    path: Nothing, query: TransactionQuery, body: Nothing, reply: Page<Transaction>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![opening()])),
}

operation! {
    /// Lists the transactions behind a reporting entity: those of the accounts and depositories in its portfolios.
    ///
    /// Accounts that are excluded from reporting are left out. What stands in two portfolios is listed once.
    ListReportingEntityTransactions = "transactions.list_by_reporting_entity", Get "/v1/reporting-entities/{id}/transactions" => 200;
    V1 Transactions, auth: TransactionsRead, problems: [],
    path: ById<ReportingEntityId>, query: TransactionQuery, body: Nothing, reply: Page<Transaction>,
    example: (at(demo::REPORTING_ENTITY), Nothing {}, Page::whole(vec![opening()])),
}

operation! {
    /// Enters a transaction.
    ///
    /// The ledger is replayed with it before it is kept. One that would take more than is held on its day, or leave too little for a later one, is refused; the answer names the date and the quantity.
    CreateTransaction = "transactions.create", Post "/v1/transactions" => 201;
    V1 Transactions, auth: TransactionsWrite, problems: [],
    path: Nothing, query: Nothing, body: NewTransaction, reply: Transaction,
    example: (Nothing {}, purchase(), example()),
}

operation! {
    /// Reads one transaction.
    GetTransaction = "transactions.get", Get "/v1/transactions/{id}" => 200;
    V1 Transactions, auth: TransactionsRead, problems: [],
    path: ById<TransactionId>, query: Nothing, body: Nothing, reply: Transaction,
    example: (at(demo::TRANSACTION), Nothing {}, opening()),
}

operation! {
    /// Deletes a transaction.
    ///
    /// The ledger is replayed without it. Refused with `in-use` when a later transaction would become impossible; `detail` names that one.
    DeleteTransaction = "transactions.delete", Delete "/v1/transactions/{id}" => 204;
    V1 Transactions, auth: TransactionsWrite, problems: [InUse],
    path: ById<TransactionId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::TRANSACTION), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListTransactions>(),
        all.card::<ListReportingEntityTransactions>(),
        all.card::<CreateTransaction>(),
        all.card::<GetTransaction>(),
        all.card::<DeleteTransaction>(),
    ]
}
