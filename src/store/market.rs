//! The market database: what all tenants share and none can change.

mod file;
mod fill;
pub mod instrument;
mod load;

use super::{PageRequest, Rows, StoreError};
use contract::{
    authorities::UpstreamRevocation,
    custodians::{AuthFlow, Custodian},
    ids::{AuthFlowId, CustodianId, InstrumentId},
};
use instrument::{Instrument, InstrumentClass, Issuer};
use std::{collections::HashMap, path::Path};

/// An auth flow, and what only the platform knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// What the API shows.
    pub shown: AuthFlow,
    /// What a withdrawal at the custodian comes to.
    pub upstream_revocation: UpstreamRevocation,
}

/// Everything that the market database holds.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The custodians. Their auth flows are those of `flows` that name them.
    pub custodians: Vec<Custodian>,
    /// The auth flows.
    pub flows: Vec<Flow>,
    /// The issuers of instruments.
    pub issuers: Vec<Issuer>,
    /// The classes of instruments, parents before children.
    pub classes: Vec<InstrumentClass>,
    /// The reference instruments.
    pub instruments: Vec<Instrument>,
}

/// The market data, read once: it is small and never changes while the server runs.
#[derive(Debug)]
pub struct Market {
    catalogue: Catalogue,
    instruments: HashMap<InstrumentId, usize>,
}

impl Market {
    /// Opens the market database in `data_dir`; it is written from `catalogue` when it is absent or holds another
    /// one.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub async fn open(data_dir: &Path, catalogue: &Catalogue) -> Result<Self, StoreError> {
        let catalogue = file::open(&data_dir.join("market.db"), catalogue).await?;
        let instruments = catalogue
            .instruments
            .iter()
            .enumerate()
            .map(|(index, instrument)| (instrument.id.clone(), index))
            .collect();
        Ok(Self {
            catalogue,
            instruments,
        })
    }

    /// The custodian with this id.
    pub fn custodian(&self, id: &CustodianId) -> Option<&Custodian> {
        self.catalogue
            .custodians
            .iter()
            .find(|custodian| custodian.id == *id)
    }

    /// A page of the custodians.
    pub fn custodians(&self, page: PageRequest) -> Rows<Custodian> {
        slice(&self.catalogue.custodians, page, Clone::clone)
    }

    /// The auth flow with this id.
    pub fn flow(&self, id: &AuthFlowId) -> Option<&Flow> {
        self.catalogue.flows.iter().find(|flow| flow.shown.id == *id)
    }

    /// A page of the auth flows.
    pub fn flows(&self, page: PageRequest) -> Rows<AuthFlow> {
        slice(&self.catalogue.flows, page, |flow| flow.shown.clone())
    }

    /// The reference instrument with this id.
    pub fn instrument(&self, id: &InstrumentId) -> Option<&Instrument> {
        self.instruments
            .get(id)
            .map(|index| &self.catalogue.instruments[*index])
    }

    /// Every reference instrument, in the order of the catalogue.
    pub fn instruments(&self) -> &[Instrument] {
        &self.catalogue.instruments
    }

    /// The classes of instruments, parents before children.
    pub fn classes(&self) -> &[InstrumentClass] {
        &self.catalogue.classes
    }

    /// The issuer with this id.
    pub fn issuer(&self, id: &str) -> Option<&Issuer> {
        self.catalogue.issuers.iter().find(|issuer| issuer.id == id)
    }
}

/// The page of a list whose positions are its indices, counted from 1.
fn slice<T, R>(all: &[T], page: PageRequest, row: impl Fn(&T) -> R) -> Rows<R> {
    let start = usize::try_from(page.start()).unwrap_or(usize::MAX);
    let rest = all.get(start..).unwrap_or_default();
    let limit = usize::from(page.limit);
    let rows = rest.iter().take(limit).map(row);
    Rows {
        rows: (page.start() + 1..).zip(rows).collect(),
        has_more: rest.len() > limit,
    }
}
