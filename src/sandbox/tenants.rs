//! Which tenants are open: a bounded number, the least recently used one without users closes first.

mod due;
mod lifecycle;
mod reset;
mod slots;
pub mod sweep;

use super::{DomainError, demo, template};
use crate::{
    clock::Clock,
    store::{
        StoreError,
        control::{
            Control,
            sandboxes::{self, SandboxRow},
        },
        log::RequestLog,
        market::Market,
        tenant::{Bell, Draft, Opening, Tenant, files},
    },
};
use contract::ids::SandboxId;
use slots::{Slots, Step};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio_util::sync::CancellationToken;

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
    bell: Arc<Bell>,
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
                bell: Arc::default(),
            }),
        })
    }

    /// The market data that all tenants share.
    pub fn market(&self) -> &Arc<Market> {
        &self.shared.market
    }

    /// The folder of the extracts that were made of this tenant.
    pub fn extracts_folder(&self, tenant: &Tenant) -> PathBuf {
        let folder = self.folder(tenant.sandbox_id());
        files::extracts(&files::tenant(&folder, tenant.epoch()))
    }

    /// Rung when a tenant has queued deliveries.
    pub fn bell(&self) -> &Arc<Bell> {
        &self.shared.bell
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
            clock: self.shared.clock.clone(),
            bell: Arc::clone(&self.shared.bell),
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
