//! The state machine of a consent: a state holds what it needs, and a transition consumes it.

use crate::{
    sandbox::DomainError,
    store::{StoreError, market::Flow},
};
use contract::{
    Timestamp,
    authorities::{Authority, AuthorityStatus, UpstreamRevocation},
    custodians::AuthFlow,
};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// How long before a consent lapses it is renewed silently, or its lapse is announced.
const LEAD_MILLIS: i64 = 7 * DAY_MILLIS;

/// An open consent window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Window {
    /// When the consent was given.
    pub(in crate::sandbox) linked_at: Timestamp,
    /// When it lapses; none where the flow has no ceiling.
    pub(in crate::sandbox) expires_at: Option<Timestamp>,
}

/// Where a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum State {
    /// Reserved.
    Pending,
    /// In force.
    Active(Window),
    /// Lapsed.
    Expired(Window),
    /// Withdrawn.
    Revoked {
        /// The window it had; none when it was withdrawn before it was given.
        window: Option<Window>,
        /// When it was withdrawn.
        at: Timestamp,
        /// What became of the withdrawal at the custodian; none when there was nothing to withdraw.
        upstream: Option<UpstreamRevocation>,
    },
}

/// What time brings to an active consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// The platform renews it.
    Renewal,
    /// Its lapse is announced.
    Warning,
    /// It lapses.
    Expiry,
}

impl Due {
    /// What is due at `at`.
    pub(super) fn of(authority: &Authority, flow: &AuthFlow, at: Timestamp) -> Self {
        if flow.silent_renewal {
            Self::Renewal
        } else if authority.expires_at.is_some_and(|expiry| at < expiry) {
            Self::Warning
        } else {
            Self::Expiry
        }
    }
}

impl State {
    /// The state of a stored authority.
    pub(in crate::sandbox) fn of(authority: &Authority) -> Result<Self, StoreError> {
        let window = authority.linked_at.map(|linked_at| Window {
            linked_at,
            expires_at: authority.expires_at,
        });
        let state = match (authority.status, window, authority.revoked_at) {
            (AuthorityStatus::Pending, None, None) => Some(Self::Pending),
            (AuthorityStatus::Active, Some(window), None) => Some(Self::Active(window)),
            (AuthorityStatus::Expired, Some(window), None) => Some(Self::Expired(window)),
            (AuthorityStatus::Revoked, window, Some(at)) => Some(Self::Revoked {
                window,
                at,
                upstream: authority.upstream_revocation,
            }),
            _ => None,
        };
        state.ok_or_else(|| StoreError::Inconsistent(format!("authority {}", authority.id)))
    }

    /// The state as it stands on the wire.
    pub(in crate::sandbox) const fn status(self) -> AuthorityStatus {
        match self {
            Self::Pending => AuthorityStatus::Pending,
            Self::Active(_) => AuthorityStatus::Active,
            Self::Expired(_) => AuthorityStatus::Expired,
            Self::Revoked { .. } => AuthorityStatus::Revoked,
        }
    }

    /// The user consented.
    pub(in crate::sandbox) fn link(self, now: Timestamp, flow: &Flow) -> Result<Self, DomainError> {
        match self {
            Self::Pending => Ok(Self::Active(Window {
                linked_at: now,
                expires_at: ceiling(now, &flow.shown),
            })),
            _ => Err(self.no_way_to(AuthorityStatus::Active)),
        }
    }

    /// The window is counted anew.
    pub(in crate::sandbox) fn refresh(self, now: Timestamp, flow: &Flow) -> Result<Self, DomainError> {
        match self {
            Self::Active(window) => Ok(Self::Active(Window {
                expires_at: ceiling(now, &flow.shown),
                ..window
            })),
            _ => Err(self.no_way_to(AuthorityStatus::Active)),
        }
    }

    /// The window has passed.
    pub(in crate::sandbox) fn expire(self) -> Result<Self, DomainError> {
        match self {
            Self::Active(window) if window.expires_at.is_some() => Ok(Self::Expired(window)),
            _ => Err(self.no_way_to(AuthorityStatus::Expired)),
        }
    }

    /// The consent is withdrawn; what was withdrawn before stays as it is.
    pub(in crate::sandbox) fn revoke(self, now: Timestamp, flow: &Flow) -> Result<Self, DomainError> {
        match self {
            Self::Pending => Ok(Self::Revoked {
                window: None,
                at: now,
                upstream: None,
            }),
            Self::Active(window) => Ok(Self::Revoked {
                window: Some(window),
                at: now,
                upstream: Some(flow.upstream_revocation),
            }),
            Self::Revoked { .. } => Ok(self),
            Self::Expired(_) => Err(self.no_way_to(AuthorityStatus::Revoked)),
        }
    }

    /// The authority in this state, changed at `now`.
    pub(in crate::sandbox) fn applied_to(self, authority: Authority, now: Timestamp) -> Authority {
        let (window, revoked_at, upstream_revocation) = match self {
            Self::Pending => (None, None, None),
            Self::Active(window) | Self::Expired(window) => (Some(window), None, None),
            Self::Revoked { window, at, upstream } => (window, Some(at), upstream),
        };
        Authority {
            status: self.status(),
            linked_at: window.map(|window| window.linked_at),
            expires_at: window.and_then(|window| window.expires_at),
            revoked_at,
            upstream_revocation,
            updated_at: now,
            ..authority
        }
    }

    const fn no_way_to(self, to: AuthorityStatus) -> DomainError {
        DomainError::InvalidTransition {
            from: self.status(),
            to,
        }
    }
}

/// When a consent that is given or renewed now lapses.
fn ceiling(now: Timestamp, flow: &AuthFlow) -> Option<Timestamp> {
    flow.retention_days
        .map(|days| now.plus_millis(i64::from(days) * DAY_MILLIS))
}

/// When an authority next changes by itself, or announces that it will. The lead is never more than half the window,
/// so that a renewal always moves the next one forward.
pub(in crate::sandbox) fn next_due(authority: &Authority, flow: &AuthFlow) -> Option<Timestamp> {
    let (AuthorityStatus::Active, Some(expires_at), Some(days)) =
        (authority.status, authority.expires_at, flow.retention_days)
    else {
        return None;
    };
    let lead = LEAD_MILLIS.min(i64::from(days) * DAY_MILLIS / 2);
    Some(expires_at.plus_millis(-lead))
}
