//! Which tenants are open: a bounded number, the least recently used one without users closes first.

mod reset;
mod slots;

use super::{DomainError, clock, demo, template};
use crate::{
    clock::Clock,
    ids,
    store::{
        StoreError,
        control::{
            Control,
            sandboxes::{self, NewSandbox, SandboxRow},
            workspaces::WorkspaceId,
        },
        log::RequestLog,
        market::Market,
        tenant::{Draft, Opening, Tenant, files},
    },
};
use contract::{Timestamp, ids::SandboxId, sandbox::Plan, text::Name};
use slots::{Slots, Step};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How often the registry looks for tenants that nobody calls but in which something is due.
const TICK: Duration = Duration::from_secs(1);
/// How many of those it wakes at a time.
const DUE_AT_ONCE: u32 = 64;
/// How often a caller tries again who comes while a tenant is reset or closed.
const TRIES: usize = 16;

/// How the registry behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantsConfig {
    /// How many tenants stay open. Tenants in use do not close, so it can be more for a moment.
    pub open_at_most: usize,
}

impl Default for TenantsConfig {
    fn default() -> Self {
        Self { open_at_most: 64 }
    }
}

/// The registry of tenants; cheap to clone.
#[derive(Clone, Debug)]
pub struct Tenants {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    data_dir: PathBuf,
    control: Control,
    clock: Clock,
    market: Arc<Market>,
    template: PathBuf,
    slots: Mutex<Slots>,
}

impl Tenants {
    /// Prepares the market database and the template in `data_dir`, and starts without an open tenant. Nothing here
    /// depends on how many sandboxes there are.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub async fn open(
        data_dir: &Path,
        control: Control,
        clock: Clock,
        config: TenantsConfig,
    ) -> Result<Self, StoreError> {
        let market = Arc::new(Market::open(data_dir, &demo::catalogue()).await?);
        let template = template::prepare(data_dir, &market).await?;
        Ok(Self {
            shared: Arc::new(Shared {
                data_dir: data_dir.to_owned(),
                control,
                clock,
                market,
                template,
                slots: Mutex::new(Slots::new(config.open_at_most)),
            }),
        })
    }

    /// The market data that all tenants share.
    pub fn market(&self) -> &Arc<Market> {
        &self.shared.market
    }

    /// How many tenants are open.
    pub fn open_count(&self) -> usize {
        self.slots().open_count()
    }

    /// The tenant of a sandbox whose epoch is `epoch` or, where the caller's knowledge is old, a later one.
    ///
    /// # Errors
    /// [`DomainError::NotFound`] when there is no such sandbox.
    pub async fn get(&self, id: &SandboxId, epoch: u32) -> Result<Arc<Tenant>, DomainError> {
        for _ in 0..TRIES {
            let (step, closing) = self.slots().step(id, epoch);
            self.forget_when_closed(closing);
            let cell = match step {
                Step::Open(cell) => cell,
                Step::Wait(closed) => {
                    closed.cancelled().await;
                    self.slots().forget(id, &closed);
                    continue;
                }
            };
            let opened = cell.get_or_try_init(|| self.open_file(id)).await.map(Arc::clone);
            let current = self.slots().holds(id, &cell);
            match opened {
                Ok(tenant) if current && tenant.epoch() >= epoch => return Ok(tenant),
                Ok(tenant) if !current => self.retire_if_past(&tenant).await?,
                Err(error) if current => {
                    self.slots().forget_unopened(id, &cell);
                    return Err(error);
                }
                Ok(_) | Err(_) => {}
            }
        }
        Err(StoreError::Closing.into())
    }

    /// The tenant of a sandbox in its present epoch.
    ///
    /// # Errors
    /// [`DomainError::NotFound`] when there is no such sandbox.
    pub async fn get_current(&self, id: &SandboxId) -> Result<Arc<Tenant>, DomainError> {
        let row = self.row(id).await?;
        self.get(id, row.epoch).await
    }

    /// Makes a sandbox: a copy of the template.
    ///
    /// # Errors
    /// When the disk or the control database does not take it.
    pub async fn create(
        &self,
        name: Name,
        plan: Plan,
        workspace_id: Option<WorkspaceId>,
    ) -> Result<SandboxRow, StoreError> {
        let now = self.shared.clock.now();
        let id: SandboxId = ids::prefixed("sbx_", now)
            .parse()
            .map_err(|error: contract::ids::MalformedId| StoreError::Inconsistent(error.to_string()))?;
        let new = NewSandbox {
            id,
            name,
            plan,
            workspace_id,
        };
        let folder = self.folder(&new.id);
        match self.found(&new, &folder, now).await {
            Ok(row) => Ok(row),
            Err(error) => {
                if let Err(left) = files::remove_folder(&folder).await {
                    tracing::warn!(error = %left, "the files of a sandbox that failed to be made are left");
                }
                Err(error)
            }
        }
    }

    async fn found(&self, new: &NewSandbox, folder: &Path, now: Timestamp) -> Result<SandboxRow, StoreError> {
        let path = files::tenant(folder, 1);
        let mut draft = self.draft(&path).await?;
        draft.assign(&new.id, 1, now).await?;
        let due = draft.finish().await?;
        files::sync(&path).await?;
        let mut write = self.shared.control.begin().await?;
        let row = sandboxes::create(&mut write, new, now).await?;
        sandboxes::set_due(&mut write, &new.id, due).await?;
        write.commit().await?;
        Ok(row)
    }

    /// Deletes a sandbox with its credentials and its files. Calls in flight end on what they have open.
    ///
    /// # Errors
    /// [`DomainError::NotFound`] when there is no such sandbox.
    pub async fn delete(&self, id: &SandboxId) -> Result<(), DomainError> {
        let mut write = self.shared.control.begin().await?;
        let existed = sandboxes::delete(&mut write, id).await?;
        write.commit().await?;
        if !existed {
            return Err(DomainError::NotFound);
        }
        if let Some(tenant) = self.slots().take(id) {
            tenant.retire();
        }
        Ok(files::remove_folder(&self.folder(id)).await?)
    }

    /// Lets what is due happen in tenants that nobody calls, until `shutdown`.
    pub async fn run_due(&self, shutdown: CancellationToken) {
        loop {
            if let Err(error) = self.settle_due().await {
                tracing::warn!(%error, "what is due in idle sandboxes waits for the next round");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    /// Lets what is due happen in tenants that nobody calls, once.
    ///
    /// # Errors
    /// When a tenant cannot be opened or written.
    pub async fn settle_due(&self) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        for id in sandboxes::due_before(&self.shared.control, now, DUE_AT_ONCE).await? {
            let settled = match self.get_current(&id).await {
                Ok(tenant) => self.settle_one(&tenant).await,
                // Deleted in between.
                Err(DomainError::NotFound) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = settled {
                tracing::warn!(%error, sandbox = %id, "what is due in this sandbox did not happen");
            }
        }
        Ok(())
    }

    async fn settle_one(&self, tenant: &Tenant) -> Result<(), DomainError> {
        let now = tenant.now(&self.shared.clock);
        tenant
            .write(move |tx| {
                Box::pin(async move {
                    // Even where nothing was due after all, so that the same sandbox is not woken again for it.
                    tx.announce_due();
                    clock::run_due(tx, now).await.map_err(DomainError::from)
                })
            })
            .await
    }

    /// Closes every tenant, each once its last user has gone.
    pub async fn close(&self) {
        let (open, closing) = self.slots().drain();
        for tenant in open {
            if let Err(error) = tenant.log().flush().await {
                tracing::warn!(%error, sandbox = %tenant.sandbox_id(), "the last requests were not logged");
            }
        }
        for closed in closing {
            closed.cancelled().await;
        }
    }

    /// A reset overtook the opening of this tenant: where that made it one of the past, its file must go.
    async fn retire_if_past(&self, tenant: &Tenant) -> Result<(), DomainError> {
        if self.row(tenant.sandbox_id()).await?.epoch > tenant.epoch() {
            tenant.retire();
        }
        Ok(())
    }

    async fn open_file(&self, id: &SandboxId) -> Result<Arc<Tenant>, DomainError> {
        let row = self.row(id).await?;
        let folder = self.folder(id);
        let log = self.slots().log(id);
        let tenant = Tenant::open(Opening {
            sandbox_id: id.clone(),
            epoch: row.epoch,
            path: files::tenant(&folder, row.epoch),
            market: Arc::clone(&self.shared.market),
            log: log.unwrap_or_else(|| Arc::new(RequestLog::new(files::log(&folder)))),
            control: self.shared.control.clone(),
        });
        Ok(Arc::new(tenant.await?))
    }

    /// A copy of the template at `path`, under construction.
    async fn draft(&self, path: &Path) -> Result<Draft, StoreError> {
        files::copy(&self.shared.template, path).await?;
        Draft::open(path, Arc::clone(&self.shared.market)).await
    }

    async fn row(&self, id: &SandboxId) -> Result<SandboxRow, DomainError> {
        sandboxes::get(&self.shared.control, id)
            .await?
            .ok_or(DomainError::NotFound)
    }

    fn folder(&self, id: &SandboxId) -> PathBuf {
        files::folder(&self.shared.data_dir, id)
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.shared.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_when_closed(&self, closing: Vec<(SandboxId, CancellationToken)>) {
        for (id, closed) in closing {
            let tenants = self.clone();
            tokio::spawn(async move {
                closed.cancelled().await;
                tenants.slots().forget(&id, &closed);
            });
        }
    }
}
