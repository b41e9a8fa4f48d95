//! The making of extracts: one after another in each sandbox, the heavy part on a thread of its own.

use super::{
    Extracts,
    figures::{self, CASHFLOWS, HOLDINGS, PERFORMANCE, POSITIONS},
    ledger::{self, Part, TRANSACTIONS},
    output::{self, Output},
    progress::Progress,
    table::{Column, Sink},
    trouble::Trouble,
};
use crate::{
    sandbox::{
        DomainError,
        book::{self, Ask, cashflows, holdings, performance, positions},
        extracts::{self as rules, Written},
    },
    store::tenant::{Tenant, entries::Wanted, extracts as store, files, reporting_entities},
};
use contract::{
    cashflows::{CashflowFilter, CashflowQuery},
    extracts::{Dataset, Extract, ExtractFormat, ExtractProgress},
    positions::PositionQuery,
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How often the progress of a running extract is written down.
const BEAT: Duration = Duration::from_millis(500);

/// How many parts wait between the reading and the writing.
const AHEAD: usize = 2;

/// Removes the files that are wanted no more and makes the extracts that are asked for, until none is left.
pub(super) async fn serve(
    all: &Extracts,
    tenant: &Arc<Tenant>,
    stop: &CancellationToken,
) -> Result<(), DomainError> {
    for extract in store::leftovers(&mut tenant.read().await?).await? {
        let path = all.path(tenant, &extract);
        files::remove_file(&output::draft(&path)).await?;
        files::remove_file(&path).await?;
        tenant
            .write(move |tx| {
                Box::pin(async move {
                    store::forget_leftover(tx, &extract.id)
                        .await
                        .map_err(DomainError::from)
                })
            })
            .await?;
    }
    while !stop.is_cancelled() && !tenant.is_retired() {
        let now = tenant.now(&all.shared.clock);
        let begun = tenant
            .write(move |tx| {
                Box::pin(async move { rules::begin_next(tx, now).await.map_err(DomainError::from) })
            })
            .await?;
        let Some(extract) = begun else {
            // Even where nothing was to do after all, so that the same sandbox is not looked into again for it.
            let told = tenant.write(|tx| {
                tx.announce_due();
                Box::pin(async { Ok(()) })
            });
            return told.await;
        };
        let made = make(all, tenant, &extract, stop).await;
        if !conclude(all, tenant, extract, made).await? {
            break;
        }
    }
    Ok(())
}

/// Writes down how the making ended; `false` where it was stopped.
async fn conclude(
    all: &Extracts,
    tenant: &Tenant,
    extract: Extract,
    made: Result<Written, Trouble>,
) -> Result<bool, DomainError> {
    let now = tenant.now(&all.shared.clock);
    let outcome = match made {
        Ok(written) => Ok(written),
        Err(_) if tenant.is_retired() => return Ok(false),
        Err(Trouble::Stopped) => {
            put_back(tenant, extract).await?;
            return Ok(false);
        }
        Err(trouble) => {
            if trouble.is_ours() {
                tracing::error!(%trouble, extract = %extract.id, "an extract failed");
            }
            Err(trouble.explain())
        }
    };
    tenant
        .write(move |tx| {
            Box::pin(async move {
                match outcome {
                    Ok(written) => rules::succeed(tx, now, extract, written).await?,
                    Err(why) => rules::fail(tx, now, extract, why).await?,
                }
                Ok::<_, DomainError>(true)
            })
        })
        .await
}

/// Leaves an extract that the server had no time for to the next one.
async fn put_back(tenant: &Tenant, extract: Extract) -> Result<(), DomainError> {
    tenant
        .write(move |tx| {
            Box::pin(async move { store::put_back(tx, &extract.id).await.map_err(DomainError::from) })
        })
        .await
}

/// Makes one extract, and tells meanwhile how far it is.
async fn make(
    all: &Extracts,
    tenant: &Arc<Tenant>,
    extract: &Extract,
    stop: &CancellationToken,
) -> Result<Written, Trouble> {
    let progress = Arc::new(Progress::default());
    let writing = write(all, tenant, extract, &progress);
    tokio::pin!(writing);
    let mut told = progress.shown();
    loop {
        tokio::select! {
            written = &mut writing => return written,
            () = tokio::time::sleep(BEAT) => {}
            () = stop.cancelled(), if !progress.is_stopped() => progress.stop(),
        }
        if tenant.is_retired() {
            progress.stop();
        }
        let shown = progress.shown();
        if shown != told && !progress.is_stopped() {
            tell(tenant, extract, shown).await?;
            told = shown;
        }
    }
}

async fn tell(tenant: &Tenant, extract: &Extract, progress: ExtractProgress) -> Result<(), Trouble> {
    let id = extract.id.clone();
    Ok(tenant
        .write(move |tx| {
            Box::pin(async move {
                let noted = store::note_progress(tx, &id, progress).await;
                noted.map_err(DomainError::from)
            })
        })
        .await?)
}

/// The file of an extract, and who watches over its writing.
struct Draft {
    path: PathBuf,
    format: ExtractFormat,
    progress: Arc<Progress>,
}

impl Draft {
    /// Has a thread of its own write the file.
    async fn write(
        self,
        columns: &'static [Column],
        fill: impl FnOnce(&Progress, &mut dyn Sink) -> Result<(), Trouble> + Send + 'static,
    ) -> Result<Written, Trouble> {
        let written = tokio::task::spawn_blocking(move || {
            let output = Output::create(&self.path)?;
            let filled = output.sink(self.format, columns).map_err(Trouble::from);
            let kept = filled.and_then(|mut sink| {
                fill(&self.progress, &mut *sink)?;
                sink.finish()?;
                output.keep()
            });
            let (size, sha256) = kept.inspect_err(|_| output.discard())?;
            Ok(Written {
                rows: self.progress.done(),
                size,
                sha256,
            })
        });
        written.await.map_err(|_| Trouble::Panicked)?
    }
}

async fn write(
    all: &Extracts,
    tenant: &Arc<Tenant>,
    extract: &Extract,
    progress: &Arc<Progress>,
) -> Result<Written, Trouble> {
    let draft = Draft {
        path: all.path(tenant, extract),
        format: extract.format,
        progress: Arc::clone(progress),
    };
    let today = tenant.now(&all.shared.clock).date();
    match extract.dataset {
        Dataset::Transactions => write_ledger(draft, tenant, &wanted(extract)).await,
        Dataset::Holdings => {
            let asked = holdings_of(tenant, extract).await?;
            let book = book::open(tenant, today).await?;
            let fill = move |progress: &Progress, sink: &mut dyn Sink| {
                figures::write_holdings(&book, &asked, progress, sink)
            };
            draft.write(HOLDINGS, fill).await
        }
        Dataset::Performance => {
            let asked = performance_of(tenant, extract).await?;
            let book = book::open(tenant, today).await?;
            let fill = move |progress: &Progress, sink: &mut dyn Sink| {
                figures::write_performance(&book, &asked, progress, sink)
            };
            draft.write(PERFORMANCE, fill).await
        }
        Dataset::Positions => {
            let known = positions::known(tenant, today).await?;
            let (query, day) = (positions_of(extract), extract.as_of.date());
            let fill = move |progress: &Progress, sink: &mut dyn Sink| {
                figures::write_positions(&known, (&query, day), progress, sink)
            };
            draft.write(POSITIONS, fill).await
        }
        Dataset::Cashflows => {
            let known = cashflows::known(tenant, today).await?;
            let (query, day) = (cashflows_of(extract), extract.as_of.date());
            let fill = move |progress: &Progress, sink: &mut dyn Sink| {
                figures::write_cashflows(&known, (&query, day), progress, sink)
            };
            draft.write(CASHFLOWS, fill).await
        }
    }
}

/// Reads and writes at the same time, so that few rows are in memory.
async fn write_ledger(draft: Draft, tenant: &Tenant, wanted: &Wanted) -> Result<Written, Trouble> {
    let progress = Arc::clone(&draft.progress);
    let (sender, parts) = mpsc::channel::<Part>(AHEAD);
    let reading = async {
        let read = ledger::read(tenant, wanted, &progress, &sender).await;
        if read.is_err() {
            progress.stop();
        }
        drop(sender);
        read
    };
    let fill = move |progress: &Progress, sink: &mut dyn Sink| ledger::write(parts, progress, sink);
    let (read, written) = tokio::join!(reading, draft.write(TRANSACTIONS, fill));
    read?;
    written
}

fn wanted(extract: &Extract) -> Wanted {
    let filters = extract.filters.clone();
    Wanted {
        reporting_entity_id: filters.reporting_entity_id,
        account_id: filters.account_id,
        depository_id: filters.depository_id,
        instrument_id: filters.instrument_id,
        kind: filters.r#type,
        from: filters.from.map(contract::Day::date),
        to: extract.as_of.date(),
    }
}

fn positions_of(extract: &Extract) -> PositionQuery {
    let filters = extract.filters.clone();
    PositionQuery {
        portfolio_id: filters.portfolio_id,
        industry: filters.industry,
        status: filters.status,
        ..PositionQuery::default()
    }
}

fn cashflows_of(extract: &Extract) -> CashflowQuery {
    CashflowQuery {
        status: Some(CashflowFilter::All),
        portfolio_id: extract.filters.portfolio_id.clone(),
        from: extract.filters.from,
        ..CashflowQuery::default()
    }
}

/// The reporting entities that are asked for, each with the currency of its figures.
async fn entities(
    tenant: &Tenant,
    extract: &Extract,
) -> Result<Vec<(contract::ids::ReportingEntityId, Ask)>, Trouble> {
    let filters = &extract.filters;
    let all = reporting_entities::currencies(&mut tenant.read().await?).await?;
    let asked = all.into_iter().filter(|(id, _)| {
        let only = filters.reporting_entity_id.as_ref();
        only.is_none_or(|only| only == id)
    });
    asked
        .map(|(id, own)| Ok((id, Ask::in_currency(filters.currency.clone().unwrap_or(own))?)))
        .collect()
}

async fn holdings_of(tenant: &Tenant, extract: &Extract) -> Result<Vec<holdings::Request>, Trouble> {
    let entities = entities(tenant, extract).await?.into_iter();
    let request = |(entity, ask)| holdings::Request {
        entity,
        as_of: extract.as_of.date(),
        ask,
        grouping: extract.filters.group_by.clone().unwrap_or_default(),
        lots: false,
    };
    Ok(entities.map(request).collect())
}

async fn performance_of(tenant: &Tenant, extract: &Extract) -> Result<Vec<performance::Request>, Trouble> {
    let (from, to) = rules::window(extract.filters.from, extract.as_of.date());
    let entities = entities(tenant, extract).await?.into_iter();
    let request = |(entity, ask)| performance::Request {
        entity,
        from,
        to,
        ask,
        group_by: None,
    };
    Ok(entities.map(request).collect())
}
