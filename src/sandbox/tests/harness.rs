//! What the tests of the rules share: a data folder of their own, and short words for what they do.

use crate::{
    clock::Clock,
    sandbox::{
        DomainError,
        tenants::{Tenants, TenantsConfig},
    },
    store::{
        StoreError,
        control::{Control, sandboxes::SandboxRow},
        tenant::{Tenant, WriteTx},
    },
};
use contract::{Timestamp, sandbox::Plan};
use futures::future::BoxFuture;
use std::{path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Prepared once: making the template takes longer than most tests.
static PREPARED: OnceCell<TempDir> = OnceCell::const_new();

/// A data folder with its registry, at 2026-07-01.
pub(super) struct World {
    pub(super) folder: TempDir,
    pub(super) control: Control,
    pub(super) clock: Clock,
    pub(super) tenants: Tenants,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(TenantsConfig::default()).await
    }

    pub(super) async fn with(config: TenantsConfig) -> Self {
        let prepared = PREPARED.get_or_init(prepare).await;
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(prepared.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        let clock = Clock::fixed("2026-07-01T00:00:00Z".parse().unwrap());
        let (control, tenants) = open(folder.path(), &clock, config).await;
        Self {
            folder,
            control,
            clock,
            tenants,
        }
    }

    /// A fresh sandbox.
    pub(super) async fn sandbox(&self) -> (SandboxRow, Arc<Tenant>) {
        let row = self
            .tenants
            .create("Test".parse().unwrap(), Plan::Sandbox, None)
            .await
            .unwrap();
        let tenant = self.tenants.get(&row.id, row.epoch).await.unwrap();
        (row, tenant)
    }

    /// A fresh sandbox's tenant.
    pub(super) async fn tenant(&self) -> Arc<Tenant> {
        self.sandbox().await.1
    }

    /// The real present.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn prepare() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (control, tenants) = open(folder.path(), &Clock::system(), TenantsConfig::default()).await;
    tenants.close().await;
    control.close().await;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|stem| stem == "control") {
            std::fs::remove_file(path).unwrap();
        }
    }
    folder
}

pub(super) async fn open(folder: &Path, clock: &Clock, config: TenantsConfig) -> (Control, Tenants) {
    let control = Control::open(&folder.join("control.db")).await.unwrap();
    let tenants = Tenants::open(folder, control.clone(), clock.clone(), config)
        .await
        .unwrap();
    (control, tenants)
}

/// Runs a rule in a write transaction.
pub(super) async fn write<T, F>(tenant: &Tenant, job: F) -> Result<T, DomainError>
where
    F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T, DomainError>> + Send + 'static,
    T: Send + 'static,
{
    tenant.write(job).await
}

/// A reader that fails the test when there is none.
pub(super) async fn read(tenant: &Tenant) -> crate::store::tenant::Read {
    let read: Result<_, StoreError> = tenant.read().await;
    read.unwrap()
}

/// Any version will do.
pub(super) fn any<T>(_: &T) -> bool {
    true
}
