//! A job for the writer: something to do in a write transaction, and someone who waits for the outcome.

use super::WriteTx;
use crate::{ids::RequestId, store::StoreError};
use futures::{FutureExt, future::BoxFuture};
use std::panic::AssertUnwindSafe;
use tokio::sync::oneshot;

/// Something to do in a write transaction, and someone who waits for the outcome.
pub(super) trait Job: Send {
    /// Does it. The answer is given only once the transaction has ended.
    fn run(self: Box<Self>, tx: &mut WriteTx) -> BoxFuture<'_, Ran>;
    /// Tells the caller that it was not done.
    fn refuse(self: Box<Self>, error: StoreError);
}

/// A job that ran but is not committed yet.
pub(super) struct Ran {
    /// Whether its changes are to stay.
    pub(super) keep: bool,
    /// Tells the caller what became of it, given what became of the transaction.
    pub(super) answer: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
}

/// A closure with the channel that its result goes to.
pub(super) struct Call<F, T, E> {
    /// The request that it answers.
    pub(super) cause: Option<RequestId>,
    pub(super) job: F,
    pub(super) caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Call<F, T, E>
where
    F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn run(self: Box<Self>, tx: &mut WriteTx) -> BoxFuture<'_, Ran> {
        let Self { cause, job, caller } = *self;
        tx.set_cause(cause);
        Box::pin(async move {
            // A job that panics must not take its neighbours' writes with it.
            let result = AssertUnwindSafe(async move { job(tx).await })
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(StoreError::Panicked.into()));
            Ran {
                keep: result.is_ok(),
                answer: Box::new(move |committed| {
                    // Nobody listens any more when the caller has gone; the work is done all the same.
                    let _ = caller.send(result.and_then(|value| committed.map(|()| value).map_err(E::from)));
                }),
            }
        })
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.caller.send(Err(error.into()));
    }
}
