//! The demo data of a fresh sandbox (contract §6): a multi-family office, the same in every sandbox.

mod catalogue;
mod custody;
mod instruments;
mod ledger;
mod literal;
mod news;
mod office;
mod own;
mod people;

use crate::store::{
    StoreError,
    tenant::{WriteTx, cashflows, positions, set_birth},
};

pub(super) use catalogue::catalogue;
pub(super) use ledger::calls;

/// The sources of the generator: a template is made anew when one of them changes.
pub(super) const SOURCES: &[&str] = &[
    include_str!("demo.rs"),
    include_str!("demo/catalogue.rs"),
    include_str!("demo/custody.rs"),
    custody::ACCOUNTS,
    include_str!("demo/instruments.rs"),
    instruments::ISSUERS,
    instruments::INSTRUMENTS,
    include_str!("demo/ledger.rs"),
    include_str!("demo/literal.rs"),
    include_str!("demo/news.rs"),
    include_str!("demo/office.rs"),
    include_str!("demo/own.rs"),
    include_str!("demo/people.rs"),
    include_str!("coupon.rs"),
    include_str!("history.rs"),
    include_str!("history/figures.rs"),
    include_str!("price.rs"),
    include_str!("seed.rs"),
];

/// Fills an empty tenant file.
pub(super) async fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
    set_birth(tx, literal::birth()).await?;
    office::fill(tx).await?;
    people::fill(tx).await?;
    custody::fill(tx).await?;
    own::fill(tx).await?;
    let told = ledger::fill(tx).await?;
    positions::fill(tx).await?;
    cashflows::fill(tx).await?;
    news::fill(tx, &told).await
}
