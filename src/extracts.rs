//! Extracts: whole data sets written to files in the background, and the links by which they are fetched.
//!
//! What is asked for is a row of the tenant's own file, and so is how it ends; the control database knows which
//! sandboxes have such rows. [`Extracts::run`] goes through them, so it finds after a restart what was left undone. To
//! add a data set: its columns and how its rows come about in [`ledger`] or [`figures`], and its arm in [`work`].

mod csv;
mod figures;
mod ledger;
pub mod link;
mod ndjson;
mod output;
mod parquet;
mod progress;
mod table;
mod trouble;
mod work;

use crate::{
    clock::Clock,
    sandbox::{DomainError, tenants::Tenants},
    store::{
        StoreError,
        control::{Control, sandboxes},
        tenant::Tenant,
    },
};
use contract::{
    extracts::{Extract, ExtractFormat},
    ids::SandboxId,
};
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    task::{Id, JoinSet},
};
use tokio_util::sync::CancellationToken;

/// How often the control database is asked though nobody said that there is work.
const TICK: Duration = Duration::from_secs(1);

/// How many sandboxes with work are looked at in one round.
const ROUND: u32 = 256;

/// Makes extracts, of a bounded number of sandboxes at a time; cheap to clone.
#[derive(Clone, Debug)]
pub struct Extracts {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    control: Control,
    tenants: Tenants,
    clock: Clock,
    at_once: usize,
    nudge: Notify,
}

impl Extracts {
    /// Nothing is made before [`Self::run`]; at most `at_once` sandboxes are worked for at a time.
    pub fn new(control: Control, tenants: Tenants, clock: Clock, at_once: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                control,
                tenants,
                clock,
                at_once,
                nudge: Notify::new(),
            }),
        }
    }

    /// There is new work.
    pub fn nudge(&self) {
        self.shared.nudge.notify_one();
    }

    /// Where the file of an extract lies.
    pub fn path(&self, tenant: &Tenant, extract: &Extract) -> PathBuf {
        let name = format!("{}.{}", extract.id, ending(extract.format));
        self.shared.tenants.extracts_folder(tenant).join(name)
    }

    /// Makes what is asked for until `shutdown`, and begins again what was left undone.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut running = JoinSet::new();
        let mut busy: HashMap<Id, SandboxId> = HashMap::new();
        let mut last = None;
        loop {
            let free = self.shared.at_once.saturating_sub(busy.len());
            match self.next(&busy, last.as_ref(), free).await {
                Ok(found) => {
                    for id in found {
                        last = Some(id.clone());
                        let (this, stop) = (self.clone(), shutdown.clone());
                        let of = id.clone();
                        let task = running.spawn(async move { this.serve(&of, &stop).await });
                        busy.insert(task.id(), id);
                    }
                }
                Err(error) => tracing::warn!(%error, "extracts wait for the next round"),
            }
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = self.shared.nudge.notified() => {}
                () = tokio::time::sleep(TICK) => {}
                Some(ended) = running.join_next_with_id() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(error) => error.id(),
                    };
                    busy.remove(&id);
                }
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Up to `free` sandboxes with work that nobody is at: those after `last` first, so that each has its turn.
    async fn next(
        &self,
        busy: &HashMap<Id, SandboxId>,
        last: Option<&SandboxId>,
        free: usize,
    ) -> Result<Vec<SandboxId>, StoreError> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let mut found = sandboxes::with_work(&self.shared.control, last, ROUND).await?;
        found.retain(|id| !busy.values().any(|known| known == id));
        found.truncate(free);
        Ok(found)
    }

    /// Does what waits in one sandbox.
    async fn serve(&self, id: &SandboxId, stop: &CancellationToken) {
        let served = match self.shared.tenants.get_current(id).await {
            Ok(tenant) => work::serve(self, &tenant, stop).await,
            // Deleted in between.
            Err(DomainError::NotFound) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = served {
            tracing::warn!(%error, sandbox = %id, "the extracts of this sandbox wait");
            let pause = tokio::time::sleep(TICK);
            tokio::select! { () = pause => {}, () = stop.cancelled() => {} }
        }
    }
}

/// What the name of a file of this format ends in.
pub const fn ending(format: ExtractFormat) -> &'static str {
    format.as_str()
}
