//! The one place where refusals of the domain become problems.

use axum::http::{HeaderValue, header};
use contract::{Auth, FieldError, ProblemCode, Scope};

use super::input;
use crate::{problem::ApiError, sandbox::DomainError, store::StoreError};

/// A refusal of the domain as a problem.
pub fn explain(error: DomainError) -> ApiError {
    match error {
        DomainError::NotFound => ApiError::not_found(),
        DomainError::Invalid(faults) => input::invalid(faults),
        DomainError::InUse { detail } => ApiError::new(ProblemCode::InUse, detail),
        DomainError::ReadOnly { detail } => ApiError::new(ProblemCode::ReadOnly, detail),
        DomainError::AlreadyExists { pointer, detail } => {
            ApiError::new(ProblemCode::AlreadyExists, detail.clone())
                .with_errors(vec![FieldError::at(pointer, detail)])
        }
        DomainError::InvalidTransition { from, to } => {
            let detail = format!(
                "The authority is {}; it cannot become {}.",
                from.as_str(),
                to.as_str()
            );
            ApiError::new(ProblemCode::InvalidStateTransition, detail)
        }
        DomainError::WrongState { detail } => ApiError::new(ProblemCode::InvalidStateTransition, detail),
        DomainError::ExtractRunning(id) => ApiError::new(
            ProblemCode::ExtractAlreadyRunning,
            format!("The extract {id} of the same data set is not finished."),
        )
        .with_extract(id),
        DomainError::PreconditionFailed => ApiError::new(
            ProblemCode::PreconditionFailed,
            "The object has changed since the version that If-Match names.",
        ),
        DomainError::Parameter(fault) => input::invalid_parameters(vec![fault]),
        DomainError::RateUnknown(currency) => ApiError::new(
            ProblemCode::RateUnknown,
            format!("No exchange rate of {currency} is known, so what is in it cannot be converted."),
        ),
        DomainError::Store(error) => explain_store(&error),
    }
}

/// A failure of the database as a problem: ours, never the caller's.
pub fn explain_store(error: &StoreError) -> ApiError {
    match error {
        StoreError::Overloaded | StoreError::Closing => ApiError::new(
            ProblemCode::Unavailable,
            "The sandbox is busy. Nothing was changed.",
        )
        .retry_after(1)
        .because(error),
        other => ApiError::internal(other),
    }
}

/// 401 for a call without a token.
pub fn unauthenticated() -> ApiError {
    ApiError::new(
        ProblemCode::Unauthenticated,
        "Send a token: `Authorization: Bearer …`.",
    )
    .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// 401 for a token that is not good.
pub fn invalid_token(reason: impl std::fmt::Display) -> ApiError {
    ApiError::new(
        ProblemCode::InvalidToken,
        "The token is expired, revoked or was not issued here.",
    )
    .with_header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer error=\"invalid_token\""),
    )
    .because(reason)
}

/// 401 for a token that lacks a scope, as the seed has it.
pub fn insufficient_scope(scope: Scope) -> ApiError {
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
    let value = HeaderValue::try_from(challenge).unwrap_or_else(|_| HeaderValue::from_static("Bearer"));
    ApiError::new(
        ProblemCode::InsufficientScope,
        format!("This operation needs the scope `{scope}`."),
    )
    .with_header(header::WWW_AUTHENTICATE, value)
}

/// Whether `granted` is enough for `auth`.
///
/// # Errors
/// `insufficient-scope`.
pub fn authorise(auth: Auth, granted: &contract::ScopeSet) -> Result<(), ApiError> {
    match auth {
        Auth::Scope(scope) if !granted.contains(scope) => Err(insufficient_scope(scope)),
        Auth::Scope(_) | Auth::SandboxToken => Ok(()),
    }
}
