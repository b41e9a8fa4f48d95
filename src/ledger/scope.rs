//! What a figure is about: the places that belong to whoever asks.

use super::{AccountNo, DepositoryNo, InstrumentNo, Place};

/// A set of accounts and depositories, such as the portfolios of a reporting entity hold together. What stands in
/// two portfolios is in the set once. Money or assets that enter or leave the set are external flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    accounts: Vec<bool>,
    depositories: Vec<bool>,
    instruments: Option<Vec<bool>>,
}

impl Scope {
    /// The scope of these places. Leave accounts that are excluded from reporting out.
    pub fn new(
        accounts: impl IntoIterator<Item = AccountNo>,
        depositories: impl IntoIterator<Item = DepositoryNo>,
    ) -> Self {
        Self {
            accounts: marked(accounts.into_iter().map(AccountNo::index)),
            depositories: marked(depositories.into_iter().map(DepositoryNo::index)),
            instruments: None,
        }
    }

    /// The part of it that holds these instruments, without money: a class of instruments, say. Purchases are its
    /// inflows, sales and income its outflows.
    #[must_use]
    pub fn only(mut self, instruments: impl IntoIterator<Item = InstrumentNo>) -> Self {
        self.instruments = Some(marked(instruments.into_iter().map(InstrumentNo::index)));
        self
    }

    /// Whether the money of `account` counts.
    pub fn has_cash(&self, account: AccountNo) -> bool {
        self.instruments.is_none() && has(&self.accounts, account.index())
    }

    /// Whether `instrument` counts when it is held at `place`.
    pub fn has(&self, place: Place, instrument: InstrumentNo) -> bool {
        let inside = match place {
            Place::Account(account) => has(&self.accounts, account.index()),
            Place::Depository(depository) => has(&self.depositories, depository.index()),
        };
        inside
            && self
                .instruments
                .as_ref()
                .is_none_or(|marks| has(marks, instrument.index()))
    }
}

fn has(marks: &[bool], index: usize) -> bool {
    marks.get(index).copied().unwrap_or_default()
}

fn marked(indices: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut marks = Vec::new();
    for index in indices {
        if index >= marks.len() {
            marks.resize(index + 1, false);
        }
        marks[index] = true;
    }
    marks
}
