//! Ids of the demo data that examples and docs quote; they exist in every fresh sandbox (contract §6).

/// The family office's first client.
pub const CLIENT: &str = "66a1f0c2d4e5b60718290001";
/// A client nested under [`CLIENT`].
pub const CHILD_CLIENT: &str = "66a1f0c2d4e5b60718290002";
/// The second client.
pub const OTHER_CLIENT: &str = "66a1f0c2d4e5b60718290003";
/// A holding company of [`CLIENT`].
pub const LEGAL_ENTITY: &str = "66a1f0c2d4e5b60718291001";
/// A trust under [`LEGAL_ENTITY`].
pub const CHILD_LEGAL_ENTITY: &str = "66a1f0c2d4e5b60718291002";
/// A euro account of [`LEGAL_ENTITY`].
pub const ACCOUNT: &str = "66a1f0c2d4e5b60718292001";
/// The depository beside [`ACCOUNT`].
pub const DEPOSITORY: &str = "66a1f0c2d4e5b60718293001";
/// The consolidated view of [`CLIENT`].
pub const REPORTING_ENTITY: &str = "66a1f0c2d4e5b60718294001";
/// A reporting entity under [`REPORTING_ENTITY`].
pub const CHILD_REPORTING_ENTITY: &str = "66a1f0c2d4e5b60718294002";
/// A portfolio of [`REPORTING_ENTITY`].
pub const PORTFOLIO: &str = "66a1f0c2d4e5b60718295001";
/// An active authority of [`LEGAL_ENTITY`].
pub const AUTHORITY: &str = "6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d4e01";
/// A pending authority of [`LEGAL_ENTITY`].
pub const PENDING_AUTHORITY: &str = "6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d4e02";
/// The user of the docs: an invited one of [`CLIENT`].
pub const USER: &str = "6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d5e01";
/// The open invite of [`USER`].
pub const INVITE: &str = "6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d6e01";
/// A custodian with a user-driven OAuth flow.
pub const CUSTODIAN: &str = "nordea";
/// The auth flow of [`CUSTODIAN`].
pub const AUTH_FLOW: &str = "nordea-20260630";
/// A share in euros: Rheinwerk Automotive SE.
pub const SHARE: &str = "66a1f0c2d4e5b60718296011";
/// The first transaction of [`ACCOUNT`]: the deposit that opened it.
pub const TRANSACTION: &str = "272b9c1750f860557fc11bb1";
/// What [`TRANSACTION`] paid in, in cents.
pub(crate) const OPENING: i64 = 166_000_000;
/// A share that the demo portfolios hold.
pub const INSTRUMENT: &str = "66a1f0c2d4e5b60718296001";
/// A listed fund.
pub const FUND: &str = "66a1f0c2d4e5b60718296022";
/// An index-linked bond.
pub const LINKED_BOND: &str = "66a1f0c2d4e5b60718296038";
/// The term loan of the leveraged-loan book, `ast_AUR_TLB_2029`.
pub const LOAN: &str = "66a1f0c2d4e5b60718296041";
/// An instrument of the tenant's own: an unlisted company.
pub const OWN_INSTRUMENT: &str = "66a1f0c2d4e5b60718296901";
/// A fund of the tenant's own.
pub const OWN_FUND: &str = "66a1f0c2d4e5b60718296902";
/// A price of [`OWN_INSTRUMENT`].
pub const OWN_PRICE: &str = "66a1f0c2d4e5b60718297001";
/// A net asset value of [`OWN_FUND`].
pub const OWN_NET_ASSET_VALUE: &str = "66a1f0c2d4e5b60718297002";
/// A reference rate of [`LOAN`], as its agent told it.
pub const OWN_INTEREST_RATE: &str = "66a1f0c2d4e5b60718297003";
/// An index factor of [`LINKED_BOND`], as the custodian told it.
pub const OWN_INDEX_FACTOR: &str = "66a1f0c2d4e5b60718297004";
