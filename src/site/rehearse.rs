//! Rehearsals: calls that no form of the builder makes, made in the reader's own sandbox and shown with their answers.
//!
//! A page posts what to rehearse by name; which calls that means is decided here. Nothing that a reader types travels,
//! but for a client secret, which goes to the token endpoint and is kept nowhere.

mod calls;
mod extracts;
mod problems;
mod token;

use app::{
    link,
    model::{Failure, PageLink, RehearsalPage, RehearsedCall},
    port::SendError,
    request::{Pairs, last},
};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use contract::ProblemCode;

use super::{
    Site, cookie,
    fault::Fault,
    form::Fields,
    respond,
    session::{Guest, Own},
};
pub(super) use token::without_token;

use crate::{oauth::keys::KeyFailure, sandbox::DomainError};

/// `POST /rehearse` with `problem=…` or `step=token`.
pub(super) async fn rehearse(
    State(site): State<Site>,
    guest: Guest,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let wanted = Wanted::of(&fields).ok_or(Fault::NoPage)?;
    let page = match guest.sandbox() {
        None => wanted.page(Err(Trouble::NoSandbox)),
        Some(own) => {
            let outcome = wanted.perform(&site, own).await;
            // Some rehearsals make objects, and all of them may have changed which there are.
            site.suggestions.forget(&own.client);
            wanted.page(outcome)
        }
    };
    let frame = site.frame(cookie::theme(&headers), &Uri::from_static(link::ERRORS));
    Ok(respond::html(app::routes::render_rehearsal(&frame, &page)))
}

/// What to rehearse.
enum Wanted {
    /// A call, or several, that end in this problem.
    Problem(ProblemCode),
    /// The exchange of this client secret for a token.
    Token(String),
}

impl Wanted {
    fn of(fields: &Pairs) -> Option<Self> {
        if last(fields, "step") == Some("token") {
            let secret = last(fields, "client_secret").unwrap_or_default();
            return Some(Self::Token(secret.trim().to_owned()));
        }
        let slug = last(fields, "problem")?;
        let mut known = ProblemCode::ALL.iter();
        let code = known.find(|code| code.slug() == slug)?;
        problems::is_rehearsed(*code).then_some(Self::Problem(*code))
    }

    async fn perform(&self, site: &Site, own: &Own) -> Result<Vec<RehearsedCall>, Trouble> {
        match self {
            Self::Problem(code) => problems::rehearse(site, own, *code).await,
            Self::Token(secret) => token::rehearse(site, own, secret).await,
        }
    }

    fn page(&self, outcome: Result<Vec<RehearsedCall>, Trouble>) -> RehearsalPage {
        let (calls, failure) = match outcome {
            Ok(calls) => (calls, None),
            Err(trouble) => (Vec::new(), Some(trouble.into())),
        };
        match self {
            Self::Problem(code) => RehearsalPage {
                title: code.title().to_owned(),
                summary: problems::summary(*code).to_owned(),
                calls,
                failure,
                again: vec![("problem".to_owned(), code.slug().to_owned())],
                back: PageLink {
                    title: "What it means and what to do".to_owned(),
                    href: link::problem(code.slug()),
                },
            },
            Self::Token(_) => RehearsalPage {
                title: "Request an access token".to_owned(),
                summary: "Your client id and secret went to the token endpoint, as in the sample. The token below is \
                          cut short, and neither it nor the secret was kept."
                    .to_owned(),
                calls,
                failure,
                again: Pairs::new(),
                back: PageLink {
                    title: "Back to the quickstart".to_owned(),
                    href: format!("{}#request-an-access-token", link::DOCS),
                },
            },
        }
    }
}

/// Why a rehearsal came to nothing.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("there is no sandbox")]
    NoSandbox,
    #[error(transparent)]
    Send(#[from] SendError),
    #[error(transparent)]
    Key(#[from] KeyFailure),
    #[error(transparent)]
    Domain(#[from] DomainError),
    #[error("{0}")]
    Missed(&'static str),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NoSandbox => Self::NoSandbox,
            Trouble::Send(error) => {
                let told = error.explain();
                Self::Other(format!("{} {}", told.what, told.remedy))
            }
            Trouble::Missed(why) => Self::Other(why.to_owned()),
            Trouble::Key(_) | Trouble::Domain(_) => {
                tracing::error!(%trouble, "a rehearsal failed");
                Self::Other("Something failed on our side. Trying again may help.".to_owned())
            }
        }
    }
}
