//! Custodians and their auth flows: the same for every sandbox.

use super::{DomainError, PageRequest, Rows};
use crate::store::market::Market;
use contract::{
    custodians::{AuthFlow, Custodian},
    ids::{AuthFlowId, CustodianId},
};

/// The custodian with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub fn get(market: &Market, id: &CustodianId) -> Result<Custodian, DomainError> {
    market.custodian(id).cloned().ok_or(DomainError::NotFound)
}

/// A page of the custodians.
pub fn list(market: &Market, page: PageRequest) -> Rows<Custodian> {
    market.custodians(page)
}

/// The auth flow with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub fn get_flow(market: &Market, id: &AuthFlowId) -> Result<AuthFlow, DomainError> {
    market
        .flow(id)
        .map(|flow| flow.shown.clone())
        .ok_or(DomainError::NotFound)
}

/// A page of the auth flows.
pub fn list_flows(market: &Market, page: PageRequest) -> Rows<AuthFlow> {
    market.flows(page)
}
