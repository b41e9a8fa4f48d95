//! Following the list while it changes.

use super::{Desk, desk};
use crate::harness::Portal;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;
use std::collections::BTreeSet;

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Meanwhile {
    Enter,
    DeleteSeen,
    DeleteUnseen,
}

/// What a walk has seen, and what there was to see.
#[derive(Default)]
struct Walk {
    seen: BTreeSet<String>,
    entered: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Walk {
    async fn meanwhile(&mut self, desk: &Desk, step: &Meanwhile) {
        let victim = match step {
            Meanwhile::Enter => None,
            Meanwhile::DeleteSeen => self.seen.difference(&self.gone).next().cloned(),
            Meanwhile::DeleteUnseen => {
                let mut unseen = self.entered.difference(&self.seen);
                unseen.find(|id| !self.gone.contains(*id)).cloned()
            }
        };
        if let Some(id) = victim {
            let path = format!("/v1/transactions/{id}");
            desk.developer.delete(&path).await.expect(204);
            self.gone.insert(id);
        }
        for _ in 0..2 {
            let body = json!({ "type": "deposit", "amount": "1" });
            self.entered.insert(desk.enter(body).await.expect(201).id());
        }
    }

    fn missed(&self) -> Vec<&String> {
        let unseen = self.entered.difference(&self.seen);
        unseen.filter(|id| !self.gone.contains(*id)).collect()
    }
}

async fn poll_amid(desk: &Desk, limit: u8, steps: Vec<Meanwhile>) -> Result<(), TestCaseError> {
    let mut walk = Walk::default();
    let mut since = String::from("2000-01-01T00:00:00Z");
    let mut steps = steps.into_iter();
    let mut quiet = false;
    while !quiet {
        quiet = true;
        let list = format!(
            "/v1/transactions?account_id={}&limit={limit}&updated_since={since}",
            desk.account
        );
        let mut path = Some(list.clone());
        while let Some(next) = path {
            let page = desk.developer.get(&next).await.expect(200).json();
            for row in page["data"].as_array().into_iter().flatten() {
                walk.seen
                    .insert(row["id"].as_str().unwrap_or_default().to_owned());
                row["updated_at"]
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut since);
            }
            if let Some(step) = steps.next() {
                quiet = false;
                walk.meanwhile(desk, &step).await;
            }
            path = page["next_cursor"]
                .as_str()
                .map(|cursor| format!("{list}&cursor={cursor}"));
        }
    }
    prop_assert!(walk.missed().is_empty(), "missed {:?}", walk.missed());
    Ok(())
}

#[test]
fn polling_by_the_latest_instant_misses_nothing_that_is_entered_meanwhile() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = runtime.block_on(Portal::new());
    let step = prop_oneof![
        Just(Meanwhile::Enter),
        Just(Meanwhile::DeleteSeen),
        Just(Meanwhile::DeleteUnseen)
    ];
    let cases = ProptestConfig::with_cases(6);
    TestRunner::new(cases)
        .run(&(1_u8..5, prop::collection::vec(step, 0..8)), |(limit, steps)| {
            runtime.block_on(async { poll_amid(&desk(&portal).await, limit, steps).await })
        })
        .expect("nothing is missed");
}
