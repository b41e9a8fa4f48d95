//! A tenant file under construction.

use super::{WriteTx, figures::Figures, migrations, row, writer};
use crate::store::{StoreError, market::Market, sqlite};
use contract::{Timestamp, ids::SandboxId};
use sqlx::ConnectOptions;
use std::{path::Path, sync::Arc};

/// A tenant file under construction: a template, or the copy that becomes a sandbox. Nobody else has it open, and
/// nothing holds before [`Draft::finish`].
#[derive(Debug)]
pub(crate) struct Draft {
    tx: WriteTx,
}

impl Draft {
    /// Opens the file at `path`, which is created when absent, and starts one transaction.
    pub(crate) async fn open(path: &Path, market: Arc<Market>) -> Result<Self, StoreError> {
        let mut conn = sqlite::builder(path).connect().await?;
        migrations::run_if_needed(&mut conn).await?;
        let mut tx = WriteTx::new(conn, market, (0, false));
        tx.begin(Timestamp::from_millis(0)).await?;
        Ok(Self { tx })
    }

    /// The transaction.
    pub(crate) fn tx(&mut self) -> &mut WriteTx {
        &mut self.tx
    }

    /// Makes the file that of this sandbox and epoch; `now` is real time.
    pub(crate) async fn assign(
        &mut self,
        sandbox: &SandboxId,
        epoch: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        row::assign(&mut self.tx, sandbox, epoch, now).await
    }

    /// Commits, closes the file and answers the next due instant.
    pub(crate) async fn finish(mut self) -> Result<Option<Timestamp>, StoreError> {
        self.tx.mark_due_changed();
        let figures = self
            .tx
            .figures(Figures {
                version: 0,
                clock_offset: 0,
                next_due: None,
                has_faults: false,
                has_work: false,
                listens: false,
                next_delivery: None,
            })
            .await?;
        self.tx.commit().await?;
        writer::close(self.tx.into_connection()).await?;
        Ok(figures.next_due)
    }
}
