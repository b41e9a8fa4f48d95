//! The life of a consent, compared with a small model of it.

use super::harness::{World, read, write};
use crate::{
    sandbox::{DomainError, authorities, clock},
    store::tenant::Tenant,
};
use contract::{
    Timestamp,
    authorities::{Authority, AuthorityStatus, LinkAuthority, NewAuthority},
    demo,
    ids::AuthorityId,
    sandbox::AdvanceClock,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;

/// What is done to a consent.
#[derive(Clone, Copy, Debug)]
enum Move {
    Link,
    Refresh,
    Revoke,
    /// Days pass.
    Wait(i64),
}

/// The flows, with their ceilings in days and whether the platform renews them.
const FLOWS: [(&str, &str, Option<i64>, bool); 4] = [
    ("nordea", "nordea-20260630", Some(180), false),
    ("saxo", "saxo-20260630", Some(90), true),
    ("meridian", "meridian-20260401", None, false),
    ("thornbury", "thornbury-20260115", Some(90), false),
];

/// What a consent should be: state, and the day it lapses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Model {
    Pending,
    Active(Option<i64>),
    Expired,
    Revoked,
}

impl Model {
    fn status(self) -> AuthorityStatus {
        match self {
            Self::Pending => AuthorityStatus::Pending,
            Self::Active(_) => AuthorityStatus::Active,
            Self::Expired => AuthorityStatus::Expired,
            Self::Revoked => AuthorityStatus::Revoked,
        }
    }

    /// The model after a move on `today`, or none where the move is refused.
    fn after(self, step: Move, today: i64, ceiling: Option<i64>) -> Option<Self> {
        let window = Self::Active(ceiling.map(|days| today + days));
        match (self, step) {
            (Self::Pending, Move::Link) | (Self::Active(_), Move::Refresh) => Some(window),
            (Self::Pending | Self::Active(_) | Self::Revoked, Move::Revoke) => Some(Self::Revoked),
            _ => None,
        }
    }

    fn on(self, today: i64, ceiling: Option<i64>, silent: bool) -> Self {
        match (self, ceiling) {
            (Self::Active(Some(lapse)), Some(days)) if silent && today >= lapse - 7 => {
                // Each renewal counts from the day it fell due.
                Self::Active(Some(lapse - 7 + days)).on(today, ceiling, silent)
            }
            (Self::Active(Some(lapse)), _) if !silent && today >= lapse => Self::Expired,
            (same, _) => same,
        }
    }
}

fn lives() -> impl Strategy<Value = (usize, Vec<Move>)> {
    let step = prop_oneof![
        3 => Just(Move::Link),
        2 => Just(Move::Refresh),
        1 => Just(Move::Revoke),
        4 => (1..200_i64).prop_map(Move::Wait),
    ];
    (0..FLOWS.len(), prop::collection::vec(step, 1..10))
}

async fn reserve(tenant: &Tenant, now: Timestamp, custodian: &str, flow: &str) -> Authority {
    let new = NewAuthority {
        custodian_id: custodian.parse().unwrap(),
        auth_flow_id: flow.parse().unwrap(),
    };
    write(tenant, move |tx| {
        Box::pin(async move { authorities::create(tx, now, &demo::LEGAL_ENTITY.parse().unwrap(), new).await })
    })
    .await
    .unwrap()
}

async fn step(
    tenant: &Tenant,
    now: Timestamp,
    id: AuthorityId,
    step: Move,
) -> Result<Authority, DomainError> {
    write(tenant, move |tx| {
        Box::pin(async move {
            match step {
                Move::Link => {
                    let link = LinkAuthority {
                        consent_reference: "given".parse().unwrap(),
                    };
                    authorities::link(tx, now, &id, link).await
                }
                Move::Refresh => authorities::refresh(tx, now, &id).await,
                Move::Revoke | Move::Wait(_) => authorities::revoke(tx, now, &id).await,
            }
        })
    })
    .await
}

async fn live(flow: usize, moves: Vec<Move>) {
    let (custodian, flow, ceiling, silent) = FLOWS[flow];
    let world = World::new().await;
    let tenant = world.tenant().await;
    let birth = world.now();
    let id = reserve(&tenant, birth, custodian, flow).await.id;
    let (mut model, mut today) = (Model::Pending, 0);
    for move_ in moves {
        if let Move::Wait(days) = move_ {
            let real = world.now();
            let by = AdvanceClock {
                by_seconds: Some(days * DAY),
                to: None,
            };
            write(&tenant, move |tx| Box::pin(clock::advance(tx, real, by)))
                .await
                .unwrap();
            today += days;
            model = model.on(today, ceiling, silent);
        } else {
            let now = tenant.now(&world.clock);
            let before = authorities::get(&mut read(&tenant).await, &id).await.unwrap();
            let done = step(&tenant, now, id.clone(), move_).await;
            if let Some(next) = model.after(move_, today, ceiling) {
                let done = done.unwrap();
                if model == Model::Revoked {
                    assert_eq!(done, before, "revoking again changes nothing");
                }
                model = next;
            } else {
                let refused = matches!(done, Err(DomainError::InvalidTransition { from, .. }) if from == model.status());
                assert!(refused, "{move_:?} in {model:?}: {done:?}");
            }
        }
        let stored = authorities::get(&mut read(&tenant).await, &id).await.unwrap();
        assert_eq!(stored.status, model.status());
        if let Model::Active(lapse) = model {
            let expected = lapse.map(|day| birth.plus_millis(day * DAY * 1000));
            assert_eq!(stored.expires_at, expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_consent_lives_as_the_model_does((flow, moves) in lives()) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(live(flow, moves));
    }
}

#[tokio::test]
async fn a_flow_of_another_custodian_is_refused() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    for (custodian, flow, pointer) in [
        ("nordea", "saxo-20260630", "#/auth_flow_id"),
        ("nordea", "nowhere", "#/auth_flow_id"),
        ("nowhere", "saxo-20260630", "#/custodian_id"),
    ] {
        let new = NewAuthority {
            custodian_id: custodian.parse().unwrap(),
            auth_flow_id: flow.parse().unwrap(),
        };
        let refused = write(&tenant, move |tx| {
            Box::pin(
                async move { authorities::create(tx, now, &demo::LEGAL_ENTITY.parse().unwrap(), new).await },
            )
        })
        .await;
        let Err(DomainError::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(errors[0].pointer.as_deref(), Some(pointer));
    }
}

#[tokio::test]
async fn the_outcome_of_a_withdrawal_is_that_of_the_flow() {
    use contract::authorities::UpstreamRevocation::{Failed, NotSupported, Succeeded};
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    for (custodian, flow, outcome) in [
        ("nordea", "nordea-20260630", Succeeded),
        ("nordea", "nordea-file-20250301", NotSupported),
        ("luxvault", "luxvault-upload-20250601", NotSupported),
        ("thornbury", "thornbury-20260115", Failed),
    ] {
        let id = reserve(&tenant, now, custodian, flow).await.id;
        step(&tenant, now, id.clone(), Move::Link).await.unwrap();
        let revoked = step(&tenant, now, id, Move::Revoke).await.unwrap();
        assert_eq!(revoked.upstream_revocation, Some(outcome), "{flow}");
    }
    let pending = reserve(&tenant, now, "nordea", "nordea-20260630").await.id;
    let revoked = step(&tenant, now, pending, Move::Revoke).await.unwrap();
    assert_eq!(
        (revoked.upstream_revocation, revoked.revoked_at),
        (None, Some(now))
    );
}
