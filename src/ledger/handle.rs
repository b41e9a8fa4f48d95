//! Small integers that stand for the ids of a tenant while its ledger is in memory.

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);
    };
}

handle! {
    /// An account: its place in the order in which accounts were added to the [`Chart`](super::Chart).
    AccountNo(u32)
}
handle! {
    /// A depository: its place in the order in which depositories were added to the chart.
    DepositoryNo(u32)
}
handle! {
    /// A client: its place in the order in which a caller met it. Corporate actions act on the holdings of one client.
    ClientNo(u32)
}
handle! {
    /// An instrument: its place in the order in which instruments were added to the chart.
    InstrumentNo(u32)
}
handle! {
    /// A transaction: its place in the order of creation, which decides within one day. Lots carry the number of
    /// the transaction that opened them.
    TransactionNo(u64)
}

macro_rules! place_in_order {
    ($($name:ident),*) => {$(
        impl $name {
            /// The place as an index.
            pub(crate) const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

macro_rules! given_in_order {
    ($($name:ident),*) => {$(
        impl $name {
            /// The handle of an index.
            pub(crate) fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}

place_in_order!(AccountNo, DepositoryNo, InstrumentNo);
given_in_order!(AccountNo, ClientNo, DepositoryNo, InstrumentNo);

/// Where something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Securities.
    Depository(DepositoryNo),
    /// Money, and what has no depository, as a commitment to a private fund may.
    Account(AccountNo),
}
