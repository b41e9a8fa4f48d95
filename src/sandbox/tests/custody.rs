//! Depositories, accounts and portfolios: what belongs together, and what blocks a delete.

use super::harness::{World, any, read, write};
use crate::{
    sandbox::{
        DomainError, PageRequest, accounts, depositories, legal_entities, portfolios, reporting_entities,
    },
    store::tenant::{Tenant, events},
};
use contract::{
    Change, Field, Timestamp,
    accounts::{Account, AccountPatch, NewAccount},
    demo,
    depositories::{Depository, DepositoryPatch, NewDepository},
    ids::{AccountId, DepositoryId, LegalEntityId},
    portfolios::{NewPortfolio, Portfolio, PortfolioPatch},
};
use std::sync::Arc;

struct Desk {
    _world: World,
    tenant: Arc<Tenant>,
    now: Timestamp,
    entity: LegalEntityId,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        Self {
            tenant: world.tenant().await,
            now: world.now(),
            entity: demo::LEGAL_ENTITY.parse().unwrap(),
            _world: world,
        }
    }

    async fn depository(&self, custodian: &str, identifier: Option<&str>) -> Result<Depository, DomainError> {
        let (now, entity) = (self.now, self.entity.clone());
        let new = NewDepository {
            custodian_id: custodian.parse().unwrap(),
            name: "D".parse().unwrap(),
            external_identifier: identifier.map(|text| text.parse().unwrap()),
        };
        write(&self.tenant, move |tx| {
            Box::pin(async move { depositories::create(tx, now, &entity, new).await })
        })
        .await
    }

    async fn account(
        &self,
        depositories: &[&DepositoryId],
        identifier: Option<&str>,
    ) -> Result<Account, DomainError> {
        let (now, entity) = (self.now, self.entity.clone());
        let new = NewAccount {
            name: "A".parse().unwrap(),
            external_identifier: identifier.map(|text| text.parse().unwrap()),
            currency: "EUR".parse().unwrap(),
            depository_ids: depositories.iter().map(|id| (*id).clone()).collect(),
            exclude_from_reporting: false,
        };
        write(&self.tenant, move |tx| {
            Box::pin(async move { accounts::create(tx, now, &entity, new).await })
        })
        .await
    }

    async fn change_account(&self, id: &AccountId, patch: AccountPatch) -> Result<Account, DomainError> {
        let (now, id) = (self.now.plus_millis(1000), id.clone());
        write(&self.tenant, move |tx| {
            Box::pin(async move { accounts::update(tx, now, &id, patch, &any).await })
        })
        .await
    }

    async fn delete_account(&self, id: &AccountId) -> Result<(), DomainError> {
        let (now, id) = (self.now.plus_millis(2000), id.clone());
        write(&self.tenant, move |tx| {
            Box::pin(async move { accounts::delete(tx, now, &id, &any).await })
        })
        .await
    }

    async fn delete_depository(&self, id: &DepositoryId) -> Result<(), DomainError> {
        let (now, id) = (self.now, id.clone());
        write(&self.tenant, move |tx| {
            Box::pin(async move { depositories::delete(tx, now, &id, &any).await })
        })
        .await
    }

    async fn portfolio(
        &self,
        accounts: Vec<AccountId>,
        depositories: Vec<DepositoryId>,
    ) -> Result<Portfolio, DomainError> {
        let now = self.now;
        let new = NewPortfolio {
            name: "P".parse().unwrap(),
            account_ids: accounts,
            depository_ids: depositories,
        };
        write(&self.tenant, move |tx| {
            Box::pin(async move {
                portfolios::create(tx, now, &demo::REPORTING_ENTITY.parse().unwrap(), new).await
            })
        })
        .await
    }
}

fn pointers<T: std::fmt::Debug>(refused: Result<T, DomainError>) -> Vec<String> {
    match refused {
        Err(DomainError::Invalid(errors)) => errors.into_iter().filter_map(|error| error.pointer).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_account_takes_its_custodian_from_its_depositories() {
    let desk = Desk::new().await;
    let saxo = desk.depository("saxo", None).await.unwrap();
    let nordea = desk.depository("nordea", None).await.unwrap();
    let by_hand = desk.account(&[], None).await.unwrap();
    assert_eq!(by_hand.custodian_id, None);
    let kept = desk.account(&[&saxo.id], None).await.unwrap();
    assert_eq!(kept.custodian_id.as_ref().unwrap().as_str(), "saxo");
    let mixed = desk.account(&[&saxo.id, &nordea.id], None).await;
    assert_eq!(pointers(mixed), ["#/depository_ids/1"]);

    let moved = AccountPatch {
        depository_ids: Change::To(vec![nordea.id.clone()]),
        ..AccountPatch::default()
    };
    let moved = desk.change_account(&kept.id, moved).await.unwrap();
    assert_eq!(moved.custodian_id.unwrap().as_str(), "nordea");
    let stored = depositories::get(&mut read(&desk.tenant).await, &nordea.id)
        .await
        .unwrap();
    assert_eq!(stored.account_ids, [kept.id]);
}

#[tokio::test]
async fn an_account_that_a_consent_feeds_keeps_its_custodian() {
    let desk = Desk::new().await;
    let saxo = desk.depository("saxo", None).await.unwrap();
    let fed: AccountId = demo::ACCOUNT.parse().unwrap();
    let moved = AccountPatch {
        depository_ids: Change::To(vec![saxo.id]),
        ..AccountPatch::default()
    };
    assert_eq!(
        pointers(desk.change_account(&fed, moved).await),
        ["#/depository_ids/0"]
    );
    let emptied = AccountPatch {
        depository_ids: Change::To(Vec::new()),
        ..AccountPatch::default()
    };
    let emptied = desk.change_account(&fed, emptied).await.unwrap();
    assert_eq!(emptied.custodian_id.unwrap().as_str(), "nordea");
}

#[tokio::test]
async fn lists_of_ids_hold_known_ones_once() {
    let desk = Desk::new().await;
    let saxo = desk.depository("saxo", None).await.unwrap();
    // A depository of another legal entity, and one of nobody.
    let foreign: DepositoryId = "66a1f0c2d4e5b60718293009".parse().unwrap();
    let nobody: DepositoryId = "ffffffffffffffffffffffff".parse().unwrap();
    let refused = desk.account(&[&saxo.id, &foreign, &nobody], None).await;
    assert_eq!(pointers(refused), ["#/depository_ids/1", "#/depository_ids/2"]);
    let refused = desk.account(&[&saxo.id, &saxo.id], None).await;
    assert_eq!(pointers(refused), ["#/depository_ids/1"]);

    let own: AccountId = demo::ACCOUNT.parse().unwrap();
    let foreign_account: AccountId = "66a1f0c2d4e5b60718292014".parse().unwrap();
    let refused = desk.portfolio(vec![own.clone(), own.clone()], vec![]).await;
    assert_eq!(pointers(refused), ["#/account_ids/1"]);
    let refused = desk
        .portfolio(vec![own, foreign_account], vec![foreign, saxo.id])
        .await;
    assert_eq!(pointers(refused), ["#/account_ids/1", "#/depository_ids/0"]);
}

#[tokio::test]
async fn an_external_identifier_is_unique_per_custodian() {
    let desk = Desk::new().await;
    let saxo = desk.depository("saxo", Some("X-1")).await.unwrap();
    let nordea = desk.depository("nordea", Some("X-1")).await.unwrap();
    let again = desk.depository("saxo", Some("X-1")).await;
    assert!(
        matches!(&again, Err(DomainError::AlreadyExists { pointer: "/external_identifier", detail }) if detail.contains(saxo.id.as_str())),
        "{again:?}"
    );
    desk.account(&[&saxo.id], Some("Y-1")).await.unwrap();
    let other = desk.account(&[&nordea.id], Some("Y-1")).await.unwrap();
    assert!(matches!(
        desk.account(&[&saxo.id], Some("Y-1")).await,
        Err(DomainError::AlreadyExists { .. })
    ));
    // Two that no custodian keeps have nothing to clash in.
    desk.account(&[], Some("Y-1")).await.unwrap();
    desk.account(&[], Some("Y-1")).await.unwrap();
    // Nor may a move or a rename bring two together.
    let moved = AccountPatch {
        depository_ids: Change::To(vec![saxo.id.clone()]),
        ..AccountPatch::default()
    };
    assert!(matches!(
        desk.change_account(&other.id, moved).await,
        Err(DomainError::AlreadyExists { .. })
    ));
    let cleared = AccountPatch {
        external_identifier: Field::Null,
        depository_ids: Change::To(vec![saxo.id]),
        ..AccountPatch::default()
    };
    let cleared = desk.change_account(&other.id, cleared).await.unwrap();
    assert_eq!(cleared.external_identifier, None);
}

#[tokio::test]
async fn a_depository_keeps_its_custodian_while_accounts_settle_into_it() {
    let desk = Desk::new().await;
    let saxo = desk.depository("saxo", None).await.unwrap();
    let to = |custodian: &str| DepositoryPatch {
        custodian_id: Change::To(custodian.parse().unwrap()),
        ..DepositoryPatch::default()
    };
    let change = async |patch: DepositoryPatch| {
        let (now, id) = (desk.now, saxo.id.clone());
        write(&desk.tenant, move |tx| {
            Box::pin(async move { depositories::update(tx, now, &id, patch, &any).await })
        })
        .await
    };
    assert_eq!(pointers(change(to("nowhere")).await), ["#/custodian_id"]);
    change(to("nordea")).await.unwrap();
    desk.account(&[&saxo.id], None).await.unwrap();
    let refused = change(to("saxo")).await;
    assert!(matches!(refused, Err(DomainError::InUse { .. })), "{refused:?}");
}

#[tokio::test]
async fn what_is_used_cannot_be_deleted() {
    let desk = Desk::new().await;
    let with_history: AccountId = demo::ACCOUNT.parse().unwrap();
    let refused = desk.delete_account(&with_history).await;
    assert!(
        matches!(&refused, Err(DomainError::InUse { detail }) if detail.contains("transactions")),
        "{refused:?}"
    );
    let recoined = AccountPatch {
        currency: Change::To("USD".parse().unwrap()),
        ..AccountPatch::default()
    };
    let refused = desk.change_account(&with_history, recoined.clone()).await;
    assert!(matches!(refused, Err(DomainError::InUse { .. })));
    let fresh = desk.account(&[], None).await.unwrap();
    let changed = desk.change_account(&fresh.id, recoined).await.unwrap();
    assert_eq!(changed.currency.as_str(), "USD");

    let refused = desk.delete_depository(&demo::DEPOSITORY.parse().unwrap()).await;
    assert!(
        matches!(&refused, Err(DomainError::InUse { detail }) if detail.contains("2 accounts that settle into it and")),
        "{refused:?}"
    );
    let (now, entity) = (desk.now, desk.entity.clone());
    let refused = write(&desk.tenant, move |tx| {
        Box::pin(async move { legal_entities::delete(tx, now, &entity, &any).await })
    })
    .await;
    let Err(DomainError::InUse { detail }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        detail,
        "It still has 2 legal entities under it, 4 accounts, 2 depositories and 3 custodian authorities."
    );
    let refused = write(&desk.tenant, move |tx| {
        Box::pin(async move {
            reporting_entities::delete(tx, now, &demo::REPORTING_ENTITY.parse().unwrap(), &any).await
        })
    })
    .await;
    assert!(matches!(refused, Err(DomainError::InUse { .. })));
}

#[tokio::test]
async fn what_is_deleted_leaves_its_portfolios_and_they_say_so() {
    let desk = Desk::new().await;
    let depository = desk.depository("saxo", None).await.unwrap();
    let account = desk.account(&[], None).await.unwrap();
    let own: AccountId = demo::ACCOUNT.parse().unwrap();
    let portfolio = desk
        .portfolio(vec![own.clone(), account.id.clone()], vec![depository.id.clone()])
        .await
        .unwrap();
    desk.delete_account(&account.id).await.unwrap();
    desk.delete_depository(&depository.id).await.unwrap();
    let stored = portfolios::get(&mut read(&desk.tenant).await, &portfolio.id)
        .await
        .unwrap();
    assert_eq!(stored.account_ids, [own]);
    assert!(stored.depository_ids.is_empty());

    let (now, id) = (desk.now, portfolio.id.clone());
    write(&desk.tenant, move |tx| {
        Box::pin(async move { portfolios::delete(tx, now, &id, &any).await })
    })
    .await
    .unwrap();
    let gone = portfolios::get(&mut read(&desk.tenant).await, &portfolio.id).await;
    assert!(matches!(gone, Err(DomainError::NotFound)));
}

#[tokio::test]
async fn a_portfolio_keeps_the_order_it_was_given() {
    let desk = Desk::new().await;
    let mut accounts: Vec<AccountId> = Vec::new();
    for _ in 0..5 {
        accounts.push(desk.account(&[], None).await.unwrap().id);
    }
    accounts.reverse();
    let portfolio = desk.portfolio(accounts.clone(), vec![]).await.unwrap();
    accounts.rotate_left(2);
    let patch = PortfolioPatch {
        account_ids: Change::To(accounts.clone()),
        ..PortfolioPatch::default()
    };
    let (now, id) = (desk.now.plus_millis(1), portfolio.id.clone());
    let changed = write(&desk.tenant, move |tx| {
        Box::pin(async move { portfolios::update(tx, now, &id, patch, &any).await })
    })
    .await
    .unwrap();
    assert_eq!(changed.account_ids, accounts);
    let stored = portfolios::get(&mut read(&desk.tenant).await, &portfolio.id)
        .await
        .unwrap();
    assert_eq!(stored, changed);
}

#[tokio::test]
async fn lists_of_a_parent_that_does_not_exist_are_not_found() {
    let desk = Desk::new().await;
    let mut conn = read(&desk.tenant).await;
    let page = PageRequest::first(25);
    let entity: LegalEntityId = "ffffffffffffffffffffffff".parse().unwrap();
    let missing = accounts::list_of(&mut conn, &entity, page).await;
    assert!(matches!(missing, Err(DomainError::NotFound)));
    let missing = depositories::list_of(&mut conn, &entity, page).await;
    assert!(matches!(missing, Err(DomainError::NotFound)));
    let missing = portfolios::list(&mut conn, &"ffffffffffffffffffffffff".parse().unwrap(), page).await;
    assert!(matches!(missing, Err(DomainError::NotFound)));
    let missing = legal_entities::list(&mut conn, &"ffffffffffffffffffffffff".parse().unwrap(), page).await;
    assert!(matches!(missing, Err(DomainError::NotFound)));
    // A parent without children is an empty list all the same.
    let bare: LegalEntityId = "66a1f0c2d4e5b60718291004".parse().unwrap();
    assert_eq!(
        depositories::list_of(&mut conn, &bare, page).await.unwrap().rows,
        []
    );
}

#[tokio::test]
async fn events_of_custody_name_only_what_a_consent_feeds() {
    let desk = Desk::new().await;
    let before = events::page(&mut read(&desk.tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    let account = desk.account(&[], None).await.unwrap();
    desk.delete_account(&account.id).await.unwrap();
    let after = events::page(&mut read(&desk.tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    assert_eq!(after.rows.len(), before.rows.len());
}
