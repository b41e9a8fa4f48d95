//! What positions pay, as it changes: what is told, and where it stands in the order of change.

pub(super) mod flows;
mod timeline;

use super::{
    DomainError,
    positions::{asset_id, position_id},
    transactions::story::Story,
};
use crate::store::tenant::{
    Conn, WriteTx, accounts,
    cashflows::{self as store, Lost},
    events::EventType,
    portfolios, transactions,
};
use contract::{
    Timestamp,
    cashflows::CashflowType,
    ids::{AccountId, CashflowId, InstrumentId, PortfolioId, TransactionId},
    instruments::InstrumentType,
    portfolios::Portfolio,
    transactions::TransactionType as Entered,
};
use flows::{Flow, Standing, Which};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The id of a payment of a position: the same whatever becomes of it. `which` is the day of what is promised, or the
/// transaction of what is not.
pub(super) fn cashflow_id(
    (portfolio, instrument): (&PortfolioId, &InstrumentId),
    kind: CashflowType,
    which: &str,
) -> CashflowId {
    let named = format!("{portfolio} {instrument} {} {which}", kind.as_str());
    let text = format!("cf_{}", hex::encode(&Sha256::digest(named)[..12]));
    match text.parse() {
        Ok(id) => id,
        Err(contract::ids::MalformedId) => unreachable!("a generated id is well formed: {text}"),
    }
}

/// What is told of a payment apart: the day of what is promised or the transaction of what is not, and what it is for.
type Named = (String, CashflowType);

/// Where a payment stands, in ids that outlive what they are of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Expected(Decimal),
    Posted(TransactionId),
    Cancelled,
}

/// The payments of one instrument in each portfolio.
#[derive(Clone, Debug, Default)]
pub(super) struct Standings(BTreeMap<PortfolioId, BTreeMap<Named, Told>>);

/// Whether a transaction of this kind can change what an instrument of that type pays.
pub(super) fn is_concerned(instrument: InstrumentType, entered: Entered) -> bool {
    instrument.is_quoted_in_per_cent()
        || matches!(
            entered,
            Entered::Dividend
                | Entered::Coupon
                | Entered::Interest
                | Entered::Fee
                | Entered::Redemption
                | Entered::CapitalCall
                | Entered::Distribution
        )
}

/// The payments of an instrument in every portfolio.
///
/// # Errors
/// When the store fails.
pub(super) async fn standings(
    tx: &mut WriteTx,
    story: &Story,
    today: Date,
) -> Result<Standings, DomainError> {
    let concerned = portfolios::with_any(tx, &story.places()).await?;
    let excluded = accounts::excluded(tx).await?;
    let mut standings = Standings::default();
    for portfolio in &concerned {
        standings.add(story, portfolio, (&excluded, today))?;
    }
    Ok(standings)
}

/// The payments of an instrument in a portfolio as it was, and as it is.
///
/// # Errors
/// When the store fails.
pub(super) async fn regroup(
    tx: &mut WriteTx,
    now: Timestamp,
    (instrument, story): (&InstrumentId, &Story),
    [before, after]: [Option<&Portfolio>; 2],
) -> Result<(), DomainError> {
    let excluded = accounts::excluded(tx).await?;
    let mut both = [Standings::default(), Standings::default()];
    for (standings, portfolio) in both.iter_mut().zip([before, after]) {
        if let Some(portfolio) = portfolio {
            standings.add(story, portfolio, (&excluded, now.date()))?;
        }
    }
    let [before, after] = both;
    tell(tx, now, instrument, [&before, &after]).await
}

impl Standings {
    fn add(
        &mut self,
        story: &Story,
        portfolio: &Portfolio,
        (excluded, today): (&[AccountId], Date),
    ) -> Result<(), DomainError> {
        let scope = story.scope(portfolio, excluded);
        let of_ledger = flows::Story {
            ledger: story.ledger(),
            instrument: story.instrument(),
            entries: story.ledger().entries().iter().collect(),
        };
        let flows = of_ledger.flows(&scope, today)?;
        let told = flows.into_iter().filter_map(|flow| named(story, flow)).collect();
        self.0.insert(portfolio.id.clone(), told);
        Ok(())
    }
}

fn named(story: &Story, flow: Flow) -> Option<(Named, Told)> {
    let which = match flow.which {
        Which::Promised(day, _) => day.to_string(),
        Which::Entered(number, _) => story.transaction(number)?.to_string(),
    };
    let told = match flow.standing {
        Standing::Expected(held) => Told::Expected(held.quantity),
        Standing::Posted(number) => Told::Posted(story.transaction(number)?.clone()),
        Standing::Cancelled => Told::Cancelled,
    };
    Some(((which, flow.which.kind()), told))
}

/// Tells how the payments of an instrument changed.
///
/// # Errors
/// When the store fails.
pub(super) async fn tell(
    tx: &mut WriteTx,
    now: Timestamp,
    instrument: &InstrumentId,
    [before, after]: [&Standings; 2],
) -> Result<(), DomainError> {
    let nothing = BTreeMap::new();
    let portfolios: BTreeSet<&PortfolioId> = before.0.keys().chain(after.0.keys()).collect();
    for portfolio in portfolios {
        let [was, is] = [before, after].map(|all| all.0.get(portfolio).unwrap_or(&nothing));
        if was == is {
            continue;
        }
        let at = transactions::entry_instant(tx, now).await?;
        store::touch(tx, portfolio, instrument, at).await?;
        tx.mark_changed();
        let all: BTreeSet<&Named> = was.keys().chain(is.keys()).collect();
        for payment in all {
            let change = Change {
                payer: (portfolio, instrument),
                payment,
                was: was.get(payment),
                is: is.get(payment),
            };
            change.tell(tx, now).await?;
        }
    }
    Ok(())
}

/// Tells that every payment of an instrument may have another amount than before.
///
/// # Errors
/// When the store fails.
pub(super) async fn restate(
    tx: &mut WriteTx,
    now: Timestamp,
    instrument: &InstrumentId,
) -> Result<(), DomainError> {
    let at = transactions::entry_instant(tx, now).await?;
    for payer in store::payers(tx).await? {
        if payer.instrument_id == *instrument {
            store::touch(tx, &payer.portfolio_id, instrument, at).await?;
        }
    }
    Ok(())
}

/// How a payment changed.
struct Change<'a> {
    payer: (&'a PortfolioId, &'a InstrumentId),
    payment: &'a Named,
    was: Option<&'a Told>,
    is: Option<&'a Told>,
}

impl Change<'_> {
    fn event(&self) -> Option<EventType> {
        match (self.was, self.is) {
            (Some(Told::Expected(_)), Some(Told::Expected(_)))
            | (None | Some(Told::Cancelled), None | Some(Told::Cancelled)) => None,
            (_, Some(Told::Expected(_))) => Some(EventType::CashflowExpected),
            (was, is @ Some(Told::Posted(_))) => (was != is).then_some(EventType::CashflowPosted),
            (_, None | Some(Told::Cancelled)) => Some(EventType::CashflowCancelled),
        }
    }

    async fn tell(&self, tx: &mut WriteTx, now: Timestamp) -> Result<(), DomainError> {
        let Some(event) = self.event() else { return Ok(()) };
        let ((portfolio, instrument), (which, kind)) = (self.payer, self.payment);
        if self.is.is_none() {
            let lost = Lost {
                kind: *kind,
                which: which.clone(),
            };
            store::lose(tx, self.payer, &lost).await?;
        }
        let data = json!({
            "cashflow_id": cashflow_id(self.payer, *kind, which),
            "position_id": position_id(portfolio, instrument),
            "portfolio_id": portfolio,
            "asset_id": asset_id(tx.market(), instrument),
            "type": kind,
            "expected_date": which.parse::<Date>().ok(),
            "transaction_id": match self.is {
                Some(Told::Posted(id)) => Some(id),
                _ => None,
            },
        });
        Ok(tx.emit(now, event, data).await?)
    }
}
