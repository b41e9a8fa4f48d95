//! The market data that all sandboxes share: custodians and their auth flows, and the reference instruments.

use super::{instruments, literal::literal};
use crate::store::market::{Catalogue, Flow};
use contract::{
    Timestamp,
    authorities::UpstreamRevocation,
    custodians::{AuthFlow, AuthFlowKind, Custodian, DataFreshness},
};

/// The whole catalogue.
pub(in crate::sandbox) fn catalogue() -> Catalogue {
    Catalogue {
        custodians: custodians(),
        flows: flows(),
        issuers: instruments::issuers(),
        classes: instruments::classes(),
        instruments: instruments::instruments(),
    }
}

/// When the catalogue begins: 2025-01-01.
pub(super) fn since() -> Timestamp {
    Timestamp::from_millis(1_735_689_600_000)
}

fn custodians() -> Vec<Custodian> {
    use DataFreshness::{Daily, Intraday, OnDemand};
    [
        ("nordea", "Nordea", "FI", Daily),
        ("saxo", "Saxo Bank", "DK", Intraday),
        ("alpenbank", "Alpenbank Zürich", "CH", Daily),
        ("thornbury", "Thornbury & Co.", "GB", Daily),
        ("meridian", "Meridian Trust", "US", Intraday),
        ("luxvault", "Luxvault", "LU", OnDemand),
    ]
    .into_iter()
    .map(|(id, name, country, data_freshness)| Custodian {
        id: literal(id),
        name: literal(name),
        country: literal(country),
        supported_auth_flow_ids: flows()
            .into_iter()
            .filter(|flow| flow.shown.custodian_id.as_str() == id)
            .map(|flow| flow.shown.id)
            .collect(),
        data_freshness,
        created_at: since(),
        updated_at: since(),
    })
    .collect()
}

fn flows() -> Vec<Flow> {
    use AuthFlowKind::{Credentials, FileDelivery, ManualUpload, Oauth};
    use UpstreamRevocation::{Failed, NotSupported, Succeeded};
    [
        ("nordea-20260630", "nordea", Oauth, Some(180), false, Succeeded),
        (
            "nordea-file-20250301",
            "nordea",
            FileDelivery,
            None,
            false,
            NotSupported,
        ),
        ("saxo-20260630", "saxo", Oauth, Some(90), true, Succeeded),
        (
            "alpenbank-20250901",
            "alpenbank",
            Credentials,
            Some(365),
            false,
            Succeeded,
        ),
        ("thornbury-20260115", "thornbury", Oauth, Some(90), false, Failed),
        (
            "meridian-20260401",
            "meridian",
            Credentials,
            None,
            false,
            Succeeded,
        ),
        (
            "luxvault-20250601",
            "luxvault",
            FileDelivery,
            Some(365),
            false,
            NotSupported,
        ),
        (
            "luxvault-upload-20250601",
            "luxvault",
            ManualUpload,
            None,
            false,
            NotSupported,
        ),
    ]
    .into_iter()
    .map(
        |(id, custodian, kind, retention_days, silent_renewal, upstream_revocation)| Flow {
            shown: AuthFlow {
                id: literal(id),
                custodian_id: literal(custodian),
                kind,
                // Files come by themselves once the mandate is signed; everything else needs someone to act.
                requires_user_action: kind != FileDelivery,
                retention_days,
                silent_renewal,
                created_at: since(),
                updated_at: since(),
            },
            upstream_revocation,
        },
    )
    .collect()
}
