//! Where the demo office's wealth sits: consents, depositories, accounts and portfolios.

use super::literal::{Kind, authority, birth, if_any, literal, object, objects, rows};
use crate::{
    sandbox::authorities::next_due,
    store::{
        StoreError,
        tenant::{
            Conn, WriteTx, accounts as account_rows, authorities as authority_rows,
            depositories as depository_rows, portfolios as portfolio_rows,
        },
    },
};
use contract::{
    Timestamp,
    accounts::Account,
    authorities::{Authority, AuthorityStatus, UpstreamRevocation},
    depositories::Depository,
    portfolios::Portfolio,
};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Adds them all.
pub(super) async fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
    for authority in authorities() {
        let due = tx
            .market()
            .flow(&authority.auth_flow_id)
            .and_then(|flow| next_due(&authority, &flow.shown));
        authority_rows::insert(tx, &authority, due).await?;
    }
    for depository in depositories() {
        depository_rows::insert(tx, &depository).await?;
    }
    for account in accounts() {
        account_rows::insert(tx, &account).await?;
    }
    for portfolio in portfolios() {
        portfolio_rows::insert(tx, &portfolio).await?;
    }
    Ok(())
}

/// Where a demo consent stands; days count from the sandbox's creation.
#[derive(Clone, Copy)]
enum Stand {
    Pending,
    /// In force, and for how many days still.
    Active(Option<i64>),
    /// How many days ago it lapsed.
    Expired(i64),
    /// How many days ago it was withdrawn, and what became of that.
    Revoked(i64, Option<UpstreamRevocation>),
}

/// The demo consents.
pub(super) fn authorities() -> impl Iterator<Item = Authority> {
    use Stand::{Active, Expired, Pending, Revoked};
    use UpstreamRevocation::{Failed, Succeeded};
    [
        (1, 1, "nordea", "nordea-20260630", Active(Some(120))),
        (2, 1, "nordea", "nordea-20260630", Pending),
        (3, 1, "saxo", "saxo-20260630", Active(Some(45))),
        (4, 2, "thornbury", "thornbury-20260115", Active(Some(30))),
        (5, 3, "saxo", "saxo-20260630", Active(Some(75))),
        (6, 5, "nordea", "nordea-20260630", Expired(20)),
        (7, 6, "alpenbank", "alpenbank-20250901", Active(Some(170))),
        (8, 7, "meridian", "meridian-20260401", Active(None)),
        (9, 8, "meridian", "meridian-20260401", Active(None)),
        (10, 9, "luxvault", "luxvault-20250601", Active(Some(150))),
        (
            11,
            2,
            "thornbury",
            "thornbury-20260115",
            Revoked(40, Some(Failed)),
        ),
        (12, 6, "nordea", "nordea-20260630", Revoked(55, None)),
        (13, 7, "saxo", "saxo-20260630", Revoked(15, Some(Succeeded))),
        (14, 3, "luxvault", "luxvault-upload-20250601", Pending),
    ]
    .into_iter()
    .map(|(number, entity, custodian, flow, stand)| consent(number, entity, (custodian, flow), stand))
}

fn consent(number: u32, entity: u32, (custodian, flow): (&str, &str), stand: Stand) -> Authority {
    let created_at = days_from_birth(-321);
    let linked_at = Some(days_from_birth(-320));
    let reserved = Authority {
        id: authority(number),
        legal_entity_id: object(Kind::LegalEntity, entity),
        custodian_id: literal(custodian),
        auth_flow_id: literal(flow),
        status: AuthorityStatus::Pending,
        expires_at: None,
        linked_at: None,
        revoked_at: None,
        upstream_revocation: None,
        created_at,
        updated_at: created_at,
    };
    match stand {
        Stand::Pending => reserved,
        Stand::Active(days) => Authority {
            status: AuthorityStatus::Active,
            linked_at,
            expires_at: days.map(days_from_birth),
            updated_at: days_from_birth(-60),
            ..reserved
        },
        Stand::Expired(days) => Authority {
            status: AuthorityStatus::Expired,
            linked_at,
            expires_at: Some(days_from_birth(-days)),
            updated_at: days_from_birth(-days),
            ..reserved
        },
        Stand::Revoked(days, upstream_revocation) => Authority {
            status: AuthorityStatus::Revoked,
            // What was withdrawn before it was given has no window.
            linked_at: linked_at.filter(|_| upstream_revocation.is_some()),
            expires_at: upstream_revocation.map(|_| days_from_birth(30)),
            revoked_at: Some(days_from_birth(-days)),
            upstream_revocation,
            updated_at: days_from_birth(-days),
            ..reserved
        },
    }
}

fn days_from_birth(days: i64) -> Timestamp {
    birth().plus_millis(days * DAY_MILLIS)
}

fn depositories() -> impl Iterator<Item = Depository> {
    [
        (1, 1, "nordea", "Nordea depository", "NDEA-DEP-7788"),
        (2, 1, "saxo", "Saxo depository", "SAXO-DEP-1204"),
        (3, 2, "thornbury", "Thornbury depository", "THOR-DEP-0091"),
        (4, 3, "saxo", "Saxo depository, private", "SAXO-DEP-3315"),
        (5, 5, "nordea", "Nordea depository, foundation", "NDEA-DEP-9034"),
        (6, 6, "alpenbank", "Alpenbank depository", "ALPE-DEP-4410"),
        (7, 7, "meridian", "Meridian depository", "MERI-DEP-5512"),
        (8, 8, "meridian", "Meridian depository, trust", "MERI-DEP-5513"),
        (9, 9, "luxvault", "Luxvault depository", "LUXV-DEP-0007"),
    ]
    .into_iter()
    .map(|(number, entity, custodian, name, identifier)| Depository {
        id: object(Kind::Depository, number),
        legal_entity_id: object(Kind::LegalEntity, entity),
        custodian_id: literal(custodian),
        name: literal(name),
        external_identifier: Some(literal(identifier)),
        account_ids: Vec::new(),
        created_at: birth(),
        updated_at: birth(),
    })
}

/// The accounts as a table.
pub(super) const ACCOUNTS: &str = include_str!("tables/accounts.txt");

/// The demo accounts.
pub(super) fn accounts() -> impl Iterator<Item = Account> {
    (1..).zip(rows(ACCOUNTS)).map(|(number, row)| {
        let [entity, custodian, consent, depository, name, identifier, currency] = row;
        Account {
            id: object(Kind::Account, number),
            legal_entity_id: object(Kind::LegalEntity, literal(entity)),
            custodian_id: if_any(custodian),
            custodian_authority_id: if_any(consent).map(authority),
            name: literal(name),
            external_identifier: if_any(identifier),
            currency: literal(currency),
            depository_ids: if_any(depository)
                .map(|number| object(Kind::Depository, number))
                .into_iter()
                .collect(),
            exclude_from_reporting: custodian.is_empty(),
            created_at: birth(),
            updated_at: birth(),
        }
    })
}

fn portfolios() -> impl Iterator<Item = Portfolio> {
    [
        (1, "Listed equities", "1", "1"),
        (1, "Nordic and dollar", "2 3", "2"),
        (1, "Everything", "1 2 3 4 5 6", "1 2 3 4"),
        (2, "Trading", "3 6", "2 4"),
        (3, "Trust assets", "4 5", "3"),
        (4, "Foundation capital", "8", "5"),
        (4, "Erik, Zürich", "9 10", "6"),
        (5, "Leveraged loans", "11", "7"),
        (5, "Liquid assets", "12 13", "7 8"),
        (6, "Private markets", "13 14", "8 9"),
    ]
    .into_iter()
    .zip(1..)
    .map(|((entity, name, accounts, depositories), number)| Portfolio {
        id: object(Kind::Portfolio, number),
        reporting_entity_id: object(Kind::ReportingEntity, entity),
        name: literal(name),
        account_ids: objects(Kind::Account, accounts),
        depository_ids: objects(Kind::Depository, depositories),
        created_at: birth(),
        updated_at: birth(),
    })
}
