//! Which lots a sale closes.

/// The accounting method of a depository: that of the client whose legal entity it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The oldest lots first; within a day by order of creation.
    Fifo,
    /// One rolling lot for each depository and instrument, dated by its first purchase.
    Average,
    /// The lots that the transaction names, in its order.
    SpecificId,
}
