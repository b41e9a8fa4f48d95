//! What can go wrong with a page, and the page that says so. The outermost layer draws it: it knows the reader.

use app::{link, model::ErrorPage};
use axum::{
    Extension,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{sandbox::DomainError, store::StoreError};

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing stands at the path.
    NoPage,
    /// The path takes another method.
    NotAllowed,
    /// The request came from another site.
    Foreign,
    /// The request says something that cannot be understood; what, in words.
    Malformed(&'static str),
    /// The request is larger than any of our forms.
    TooLarge,
    /// Too often from one address: seconds until it may come again.
    TooOften(i64),
    /// It took too long.
    TimedOut,
    /// Something failed on our side; why is for the log alone.
    Broken(String),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<DomainError> for Fault {
    fn from(error: DomainError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl Fault {
    /// The fault that an answer of a lower layer stands for, if it is one.
    pub(super) fn of(status: StatusCode) -> Option<Self> {
        Some(match status {
            StatusCode::NOT_FOUND => Self::NoPage,
            StatusCode::METHOD_NOT_ALLOWED => Self::NotAllowed,
            StatusCode::FORBIDDEN => Self::Foreign,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            status if status.is_client_error() => {
                Self::Malformed("The request is not one that this page makes.")
            }
            status if status.is_server_error() => Self::Broken(format!("answered {status}")),
            _ => return None,
        })
    }

    /// The status.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::NoPage => StatusCode::NOT_FOUND,
            Self::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page that explains it.
    pub(super) fn page(&self, path: &str, request_id: &str) -> ErrorPage {
        let home = || ("Go to the home page".to_owned(), link::HOME.to_owned());
        let (title, why, action) = match self {
            Self::NoPage => return ErrorPage::not_found(path),
            Self::NotAllowed => (
                "This address is not a page",
                "It only takes what one of the portal's forms sends. Open the page that has the form.".to_owned(),
                home(),
            ),
            Self::Foreign => (
                "Nothing was changed",
                "The request did not come from a page of this portal, so it may not be yours. Open the page here and \
                 try again."
                    .to_owned(),
                home(),
            ),
            Self::Malformed(why) => ("The request makes no sense here", (*why).to_owned(), home()),
            Self::TooLarge => (
                "The request is too large",
                "It is larger than anything the API takes. Send less, or run the curl command.".to_owned(),
                ("Open the builder".to_owned(), link::BUILDER.to_owned()),
            ),
            Self::TooOften(seconds) => (
                "Too often from your address",
                format!("Nothing was done. It works again in {}.", span(*seconds)),
                home(),
            ),
            Self::TimedOut => (
                "The page took too long",
                "The server is busy. Nothing is lost; load the page again in a moment.".to_owned(),
                ("Try again".to_owned(), path.to_owned()),
            ),
            Self::Broken(_) => (
                "Something failed on our side",
                "It has been logged under the request id below. Loading the page again may help.".to_owned(),
                home(),
            ),
        };
        ErrorPage {
            status: self.status().as_u16(),
            title: title.to_owned(),
            why,
            action,
            request_id: Some(request_id.to_owned()),
        }
    }
}

/// A length of time in words, rounded up.
pub(super) fn span(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Extension(self.clone())).into_response();
        if let Self::TooOften(seconds) = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_says_what_why_and_what_to_do() {
        let faults = [
            Fault::NoPage,
            Fault::NotAllowed,
            Fault::Foreign,
            Fault::Malformed("A field is missing."),
            Fault::TooLarge,
            Fault::TooOften(90),
            Fault::TimedOut,
            Fault::Broken("secret cause".into()),
        ];
        for fault in faults {
            let page = fault.page("/x", "req_1");
            assert_eq!(page.status, fault.status().as_u16());
            assert!(!page.title.is_empty() && !page.why.is_empty(), "{fault:?}");
            assert!(page.action.1.starts_with('/'), "{fault:?}");
            assert!(!format!("{page:?}").contains("secret cause"));
        }
    }

    #[test]
    fn a_span_is_rounded_up() {
        assert_eq!(
            [0, 1, 90, 91, 3600].map(span),
            ["a second", "a second", "90 seconds", "2 minutes", "60 minutes"]
        );
    }
}
