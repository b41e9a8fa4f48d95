//! Custodians and auth flows: the same for every sandbox.

use contract::{
    Page,
    custodians::{AuthFlow, Custodian, GetAuthFlow, GetCustodian, ListAuthFlows, ListCustodians},
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::custodians};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListCustodians, _, _>(list)
        .mount::<GetCustodian, _, _>(get)
        .mount::<ListAuthFlows, _, _>(list_flows)
        .mount::<GetAuthFlow, _, _>(get_flow)
}

async fn list(call: Call<ListCustodians>) -> Result<Page<Custodian>, ApiError> {
    let page = call.page_request()?;
    let rows = custodians::list(call.context.tenant.market(), page);
    Ok(call.page(rows))
}

async fn get(call: Call<GetCustodian>) -> Result<Custodian, ApiError> {
    Ok(custodians::get(call.context.tenant.market(), &call.path.id)?)
}

async fn list_flows(call: Call<ListAuthFlows>) -> Result<Page<AuthFlow>, ApiError> {
    let page = call.page_request()?;
    let rows = custodians::list_flows(call.context.tenant.market(), page);
    Ok(call.page(rows))
}

async fn get_flow(call: Call<GetAuthFlow>) -> Result<AuthFlow, ApiError> {
    Ok(custodians::get_flow(call.context.tenant.market(), &call.path.id)?)
}
