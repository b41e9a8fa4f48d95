//! Who the demo office works for: clients, the legal tree and the reporting tree.

use super::literal::{Kind, birth, literal, object};
use crate::store::{
    StoreError,
    tenant::{
        WriteTx, clients as client_rows, legal_entities as legal_entity_rows,
        reporting_entities as reporting_entity_rows,
    },
};
use contract::{
    clients::{AccountingMethod, Client},
    legal_entities::{LegalEntity, LegalEntityType},
    reporting_entities::ReportingEntity,
};

/// Adds them all.
pub(super) async fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
    for client in clients() {
        client_rows::insert(tx, &client).await?;
    }
    for entity in legal_entities() {
        legal_entity_rows::insert(tx, &entity).await?;
    }
    for entity in reporting_entities() {
        reporting_entity_rows::insert(tx, &entity).await?;
    }
    Ok(())
}

fn clients() -> impl Iterator<Item = Client> {
    use AccountingMethod::{Average, Fifo};
    [
        (1, "Halvorsen Family", None, "EUR", Fifo),
        (2, "Halvorsen Foundation Office", Some(1), "DKK", Average),
        (3, "Castellan Partners", None, "USD", Fifo),
    ]
    .into_iter()
    .map(|(number, name, parent, currency, accounting_method)| Client {
        id: object(Kind::Client, number),
        name: literal(name),
        parent_id: parent.map(|number| object(Kind::Client, number)),
        reference_currency: literal(currency),
        accounting_method,
        created_at: birth(),
        updated_at: birth(),
    })
}

fn legal_entities() -> impl Iterator<Item = LegalEntity> {
    use LegalEntityType::{Company, Foundation, Individual, Trust};
    [
        (1, 1, None, "Halvorsen Holding ApS", Company, "DK"),
        (2, 1, Some(1), "Halvorsen Family Trust", Trust, "GB"),
        (3, 1, None, "Ingrid Halvorsen", Individual, "DK"),
        (4, 1, Some(1), "Halvorsen Ejendomme A/S", Company, "DK"),
        (5, 2, None, "Halvorsen Fonden", Foundation, "DK"),
        (6, 2, None, "Erik Halvorsen", Individual, "CH"),
        (7, 3, None, "Castellan Capital LLC", Company, "US"),
        (8, 3, Some(7), "Castellan Dynasty Trust", Trust, "US"),
        (9, 3, Some(7), "Castellan Luxembourg S.à r.l.", Company, "LU"),
    ]
    .into_iter()
    .map(
        |(number, client, parent, name, r#type, jurisdiction)| LegalEntity {
            id: object(Kind::LegalEntity, number),
            client_id: object(Kind::Client, client),
            parent_legal_entity_id: parent.map(|number| object(Kind::LegalEntity, number)),
            name: literal(name),
            r#type,
            jurisdiction: literal(jurisdiction),
            created_at: birth(),
            updated_at: birth(),
        },
    )
}

fn reporting_entities() -> impl Iterator<Item = ReportingEntity> {
    [
        (1, 1, None, "Halvorsen consolidated", "EUR"),
        (2, 1, Some(1), "Halvorsen liquid assets", "EUR"),
        (3, 1, Some(1), "Family trust view", "GBP"),
        (4, 2, None, "Foundation office", "DKK"),
        (5, 3, None, "Castellan consolidated", "USD"),
        (6, 3, Some(5), "Castellan private markets", "USD"),
    ]
    .into_iter()
    .map(|(number, client, parent, name, currency)| ReportingEntity {
        id: object(Kind::ReportingEntity, number),
        client_id: object(Kind::Client, client),
        parent_reporting_entity_id: parent.map(|number| object(Kind::ReportingEntity, number)),
        name: literal(name),
        currency: literal(currency),
        created_at: birth(),
        updated_at: birth(),
    })
}
