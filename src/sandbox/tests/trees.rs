//! The three trees: whatever is moved where, none of them ever holds a loop.

use super::harness::{World, any, read, write};
use crate::sandbox::{DomainError, clients, legal_entities, reporting_entities};
use crate::store::tenant::Tenant;
use contract::{
    Field, Timestamp,
    clients::{ClientPatch, NewClient},
    demo,
    ids::{ClientId, LegalEntityId, ReportingEntityId},
    legal_entities::{LegalEntityPatch, LegalEntityType, NewLegalEntity},
    reporting_entities::{NewReportingEntity, ReportingEntityPatch},
};
use proptest::prelude::*;

/// How many nodes a tree has.
const NODES: usize = 6;

/// Moves: which node goes under which, or to the top.
fn moves() -> impl Strategy<Value = Vec<(usize, Option<usize>)>> {
    prop::collection::vec((0..NODES, prop::option::of(0..NODES)), 1..25)
}

/// A tree as a model: each node's parent.
#[derive(Default)]
struct Model([Option<usize>; NODES]);

impl Model {
    /// Moves a node, unless that would make a loop.
    fn move_under(&mut self, node: usize, parent: Option<usize>) -> bool {
        let mut above = parent;
        while let Some(next) = above {
            if next == node {
                return false;
            }
            above = self.0[next];
        }
        self.0[node] = parent;
        true
    }
}

/// A kind of tree: how its nodes are made, moved and read.
trait Tree: Sized {
    type Id: Clone + PartialEq + std::fmt::Debug;
    async fn plant(tenant: &Tenant, now: Timestamp) -> Vec<Self::Id>;
    async fn graft(
        tenant: &Tenant,
        now: Timestamp,
        id: Self::Id,
        parent: Option<Self::Id>,
    ) -> Result<(), DomainError>;
    async fn parent(tenant: &Tenant, id: &Self::Id) -> Option<Self::Id>;
}

fn field<T>(value: Option<T>) -> Field<T> {
    value.map_or(Field::Null, Field::Value)
}

struct Clients;

impl Tree for Clients {
    type Id = ClientId;
    async fn plant(tenant: &Tenant, now: Timestamp) -> Vec<ClientId> {
        let mut ids = Vec::new();
        for _ in 0..NODES {
            let new = NewClient {
                name: "node".parse().unwrap(),
                parent_id: None,
                reference_currency: "EUR".parse().unwrap(),
                accounting_method: None,
            };
            let made = write(tenant, move |tx| Box::pin(clients::create(tx, now, new))).await;
            ids.push(made.unwrap().id);
        }
        ids
    }
    async fn graft(
        tenant: &Tenant,
        now: Timestamp,
        id: ClientId,
        parent: Option<ClientId>,
    ) -> Result<(), DomainError> {
        let patch = ClientPatch {
            parent_id: field(parent),
            ..ClientPatch::default()
        };
        write(tenant, move |tx| {
            Box::pin(async move { clients::update(tx, now, &id, patch, &any).await })
        })
        .await
        .map(drop)
    }
    async fn parent(tenant: &Tenant, id: &ClientId) -> Option<ClientId> {
        clients::get(&mut read(tenant).await, id).await.unwrap().parent_id
    }
}

struct LegalEntities;

impl Tree for LegalEntities {
    type Id = LegalEntityId;
    async fn plant(tenant: &Tenant, now: Timestamp) -> Vec<LegalEntityId> {
        let mut ids = Vec::new();
        for _ in 0..NODES {
            let new = NewLegalEntity {
                parent_legal_entity_id: None,
                name: "node".parse().unwrap(),
                r#type: LegalEntityType::Trust,
                jurisdiction: "DK".parse().unwrap(),
            };
            let made = write(tenant, move |tx| {
                Box::pin(
                    async move { legal_entities::create(tx, now, &demo::CLIENT.parse().unwrap(), new).await },
                )
            });
            ids.push(made.await.unwrap().id);
        }
        ids
    }
    async fn graft(
        tenant: &Tenant,
        now: Timestamp,
        id: LegalEntityId,
        parent: Option<LegalEntityId>,
    ) -> Result<(), DomainError> {
        let patch = LegalEntityPatch {
            parent_legal_entity_id: field(parent),
            ..LegalEntityPatch::default()
        };
        write(tenant, move |tx| {
            Box::pin(async move { legal_entities::update(tx, now, &id, patch, &any).await })
        })
        .await
        .map(drop)
    }
    async fn parent(tenant: &Tenant, id: &LegalEntityId) -> Option<LegalEntityId> {
        let found = legal_entities::get(&mut read(tenant).await, id).await;
        found.unwrap().parent_legal_entity_id
    }
}

struct ReportingEntities;

impl Tree for ReportingEntities {
    type Id = ReportingEntityId;
    async fn plant(tenant: &Tenant, now: Timestamp) -> Vec<ReportingEntityId> {
        let mut ids = Vec::new();
        for _ in 0..NODES {
            let new = NewReportingEntity {
                parent_reporting_entity_id: None,
                name: "node".parse().unwrap(),
                currency: "EUR".parse().unwrap(),
            };
            let made = write(tenant, move |tx| {
                Box::pin(async move {
                    reporting_entities::create(tx, now, &demo::CLIENT.parse().unwrap(), new).await
                })
            });
            ids.push(made.await.unwrap().id);
        }
        ids
    }
    async fn graft(
        tenant: &Tenant,
        now: Timestamp,
        id: ReportingEntityId,
        parent: Option<ReportingEntityId>,
    ) -> Result<(), DomainError> {
        let patch = ReportingEntityPatch {
            parent_reporting_entity_id: field(parent),
            ..ReportingEntityPatch::default()
        };
        write(tenant, move |tx| {
            Box::pin(async move { reporting_entities::update(tx, now, &id, patch, &any).await })
        })
        .await
        .map(drop)
    }
    async fn parent(tenant: &Tenant, id: &ReportingEntityId) -> Option<ReportingEntityId> {
        let found = reporting_entities::get(&mut read(tenant).await, id).await;
        found.unwrap().parent_reporting_entity_id
    }
}

/// Makes the moves in the tree and in the model, which must agree on every one.
async fn compare<T: Tree>(steps: Vec<(usize, Option<usize>)>) {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let ids = T::plant(&tenant, now).await;
    let mut model = Model::default();
    for (node, parent) in steps {
        let target = parent.map(|parent| ids[parent].clone());
        let grafted = T::graft(&tenant, now, ids[node].clone(), target).await;
        let allowed = model.move_under(node, parent);
        assert_eq!(grafted.is_ok(), allowed, "{node} under {parent:?}: {grafted:?}");
        if let Err(refused) = grafted {
            assert!(matches!(refused, DomainError::Invalid(_)), "{refused:?}");
        }
    }
    for (node, parent) in model.0.into_iter().enumerate() {
        assert_eq!(
            T::parent(&tenant, &ids[node]).await,
            parent.map(|parent| ids[parent].clone())
        );
    }
}

fn run(check: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(check);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_never_form_a_loop(moves in moves()) {
        run(compare::<Clients>(moves));
    }

    #[test]
    fn legal_entities_never_form_a_loop(moves in moves()) {
        run(compare::<LegalEntities>(moves));
    }

    #[test]
    fn reporting_entities_never_form_a_loop(moves in moves()) {
        run(compare::<ReportingEntities>(moves));
    }
}

#[tokio::test]
async fn a_parent_of_another_client_is_refused() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let own: LegalEntityId = demo::LEGAL_ENTITY.parse().unwrap();
    // The first legal entity of the office's third client.
    let foreign: LegalEntityId = "66a1f0c2d4e5b60718291007".parse().unwrap();
    let refused = LegalEntities::graft(&tenant, now, own, Some(foreign)).await;
    let Err(DomainError::Invalid(errors)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(errors[0].pointer.as_deref(), Some("#/parent_legal_entity_id"));
    let own: ReportingEntityId = demo::REPORTING_ENTITY.parse().unwrap();
    let foreign: ReportingEntityId = "66a1f0c2d4e5b60718294005".parse().unwrap();
    let refused = ReportingEntities::graft(&tenant, now, own, Some(foreign)).await;
    let Err(DomainError::Invalid(errors)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(errors[0].pointer.as_deref(), Some("#/parent_reporting_entity_id"));
}
