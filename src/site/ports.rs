//! What the islands may ask for, bound to one visitor. The pages ask in the same way, so neither can do more.

use app::{
    model::Outcome,
    port::{Ports, Promise, SendError, Sent},
    request::SendRequest,
};

use super::{Site, catalog, send::Purpose, session::Guest};

/// The server's side of the ports, for one visitor.
pub(super) struct VisitorPorts {
    /// The portal.
    pub(super) site: Site,
    /// Who asks.
    pub(super) guest: Guest,
}

impl Ports for VisitorPorts {
    fn send(&self, request: SendRequest) -> Promise<'_, Result<Sent, SendError>> {
        Box::pin(self.site.send_for(&self.guest, request))
    }
}

impl Site {
    /// Sends a reader's request with a token of the reader's own sandbox.
    pub(super) async fn send_for(&self, guest: &Guest, request: SendRequest) -> Result<Sent, SendError> {
        let own = guest.sandbox().ok_or(SendError::NoSandbox)?;
        let (kept, at) = (request.clone(), self.clock.now());
        let reads = catalog::form(&request.operation).is_some_and(|form| form.method.is_read());
        let sent = self
            .sender
            .send(&self.tokens, own.into(), request, Purpose::Reader)
            .await;
        if !reads {
            // Whatever came of it may have changed which objects there are.
            self.suggestions.forget(&own.client);
        }
        if let Ok(sent) = &sent {
            self.keep(own, kept, sent, at).await;
        }
        sent
    }

    /// The same, as the builder shows it.
    pub(super) async fn outcome_for(&self, guest: &Guest, request: SendRequest) -> Outcome {
        match self.send_for(guest, request).await {
            Ok(sent) => Outcome::Answered(Box::new(sent)),
            Err(error) => Outcome::Failed(error),
        }
    }
}
