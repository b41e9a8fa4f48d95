//! What a new transaction refers to: each object exists in this sandbox and goes with the others.

use crate::{
    sandbox::{DomainError, instruments},
    store::tenant::{WriteTx, accounts, clients, depositories, legal_entities, transactions},
};
use contract::{
    FieldError,
    accounts::Account,
    clients::AccountingMethod,
    ids::{AccountId, DepositoryId},
    instruments::InstrumentType,
    transactions::{NewTransaction, TransactionType as Type},
};
use jiff::civil::{Date, date};

/// No transaction is older.
const EARLIEST: Date = date(1900, 1, 1);

/// Checks days and references, and answers with the account.
///
/// # Errors
/// [`DomainError::Invalid`], naming each that is at fault.
pub(super) async fn check(
    tx: &mut WriteTx,
    today: Date,
    new: &NewTransaction,
) -> Result<Account, DomainError> {
    let mut faults = days(today, new);
    let account = accounts::find(tx, &new.account_id).await?;
    if account.is_none() {
        faults.push(FieldError::at("/account_id", "no such account"));
    }
    if let (Some(account), Some(currency)) = (&account, &new.currency)
        && *currency != account.currency
    {
        let detail = format!("is not that of the account, {}", account.currency);
        faults.push(FieldError::at("/currency", detail));
    }
    if let Some(id) = &new.depository_id {
        faults.extend(depository(tx, "/depository_id", id, account.as_ref()).await?);
    }
    faults.extend(instrument(tx, new).await?);
    faults.extend(other_side(tx, new, account.as_ref()).await?);
    faults.extend(lots(tx, new, account.as_ref()).await?);
    match account {
        Some(account) if faults.is_empty() => Ok(account),
        _ => Err(DomainError::Invalid(faults)),
    }
}

fn days(today: Date, new: &NewTransaction) -> Vec<FieldError> {
    let traded = new.trade_date.date();
    let mut faults = Vec::new();
    if traded > today {
        let detail = format!("{traded} is after the sandbox's today, {today}");
        faults.push(FieldError::at("/trade_date", detail));
    }
    if traded < EARLIEST {
        faults.push(FieldError::at("/trade_date", format!("is before {EARLIEST}")));
    }
    if let Some(value) = new.value_date.filter(|value| value.date() < traded) {
        let detail = format!("{value} is before the trade date, {traded}");
        faults.push(FieldError::at("/value_date", detail));
    }
    faults
}

/// A depository that exists and that the account, where it is known, settles into.
async fn depository(
    tx: &mut WriteTx,
    pointer: &str,
    id: &DepositoryId,
    account: Option<&Account>,
) -> Result<Option<FieldError>, DomainError> {
    let detail = if depositories::find(tx, id).await?.is_none() {
        "no such depository"
    } else if account.is_some_and(|account| !account.depository_ids.contains(id)) {
        "is not one of the account's depositories"
    } else {
        return Ok(None);
    };
    Ok(Some(FieldError::at(pointer, detail)))
}

async fn instrument(tx: &mut WriteTx, new: &NewTransaction) -> Result<Option<FieldError>, DomainError> {
    let Some(id) = new.instrument_id.as_ref() else {
        return Ok(None);
    };
    let detail = match instruments::find(tx, id).await?.map(|found| found.r#type) {
        None => "no such instrument",
        Some(kind) => match new.r#type {
            Type::Redemption if !kind.is_quoted_in_per_cent() => "is neither a bond nor a loan",
            Type::CapitalCall | Type::Distribution if kind != InstrumentType::PrivateMarketFund => {
                "is not a private fund"
            }
            Type::Transfer if new.depository_id.is_none() && kind != InstrumentType::PrivateMarketFund => {
                return Ok(Some(FieldError::at(
                    "/depository_id",
                    "is required by a transfer of an instrument",
                )));
            }
            _ => return Ok(None),
        },
    };
    Ok(Some(FieldError::at("/instrument_id", detail)))
}

/// The account and depository on the other side of a transfer or a currency trade.
async fn other_side(
    tx: &mut WriteTx,
    new: &NewTransaction,
    account: Option<&Account>,
) -> Result<Vec<FieldError>, DomainError> {
    let mut faults = Vec::new();
    let mut partner = None;
    let named = [
        ("/counterparty_account_id", &new.counterparty_account_id),
        ("/counter_account_id", &new.counter_account_id),
    ];
    for (pointer, id) in named {
        let Some(id) = id else { continue };
        partner = accounts::find(tx, id).await?;
        let detail = match &partner {
            None => Some("no such account".to_owned()),
            Some(_) => conflict(new, account, id, partner.as_ref()),
        };
        faults.extend(detail.map(|detail| FieldError::at(pointer, detail)));
    }
    if let Some(id) = &new.counterparty_depository_id {
        let pointer = "/counterparty_depository_id";
        faults.extend(depository(tx, pointer, id, partner.as_ref()).await?);
        if new.depository_id.as_ref() == Some(id) {
            faults.push(FieldError::at(pointer, "is the depository that it leaves"));
        }
    }
    Ok(faults)
}

/// Why the account and the one on the other side do not go together.
fn conflict(
    new: &NewTransaction,
    account: Option<&Account>,
    id: &AccountId,
    partner: Option<&Account>,
) -> Option<String> {
    let (own, other) = (&account?.currency, &partner?.currency);
    let moves_money = new.r#type == Type::Transfer && new.instrument_id.is_none();
    let is_itself = new.account_id == *id && (moves_money || new.r#type == Type::FxTrade);
    if is_itself {
        return Some("is the account itself".to_owned());
    }
    (moves_money && own != other).then(|| format!("is kept in {other}, not in {own}"))
}

/// The lots that a client who accounts by `specific_id` must name, and nobody else can.
async fn lots(
    tx: &mut WriteTx,
    new: &NewTransaction,
    account: Option<&Account>,
) -> Result<Vec<FieldError>, DomainError> {
    let names_lots = matches!(new.r#type, Type::Sell | Type::Redemption);
    let Some(account) = account.filter(|_| names_lots || new.lot_ids.is_some()) else {
        return Ok(Vec::new());
    };
    let mut by_lot = false;
    if let Some(entity) = legal_entities::find(tx, &account.legal_entity_id).await? {
        by_lot = clients::find(tx, &entity.client_id)
            .await?
            .is_some_and(|client| client.accounting_method == AccountingMethod::SpecificId);
    }
    let named = new.lot_ids.as_deref().unwrap_or_default();
    if names_lots && by_lot && named.is_empty() {
        let detail = "is required: the client accounts by specific_id";
        return Ok(vec![FieldError::at("/lot_ids", detail)]);
    }
    if !by_lot && !named.is_empty() {
        let detail = "is taken only where the client accounts by specific_id";
        return Ok(vec![FieldError::at("/lot_ids", detail)]);
    }
    let mut faults = Vec::new();
    for (index, id) in named.iter().enumerate() {
        let is_of_it = transactions::find(tx, id)
            .await?
            .is_some_and(|(_, lot)| lot.instrument_id == new.instrument_id);
        if !is_of_it || named[..index].contains(id) {
            let detail = if is_of_it {
                "is in the list already"
            } else {
                "no such lot of this instrument"
            };
            faults.push(FieldError::at(format!("/lot_ids/{index}"), detail));
        }
    }
    Ok(faults)
}
