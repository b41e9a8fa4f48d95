//! Extracts: governed exports of a whole data set as it stands at one moment.

use crate::{
    Day, Nothing, Page, Reply, Timestamp, demo,
    grouping::Grouping,
    ids::{AccountId, ById, DepositoryId, ExtractId, InstrumentId, PortfolioId, ReportingEntityId, at, id},
    operation::operation,
    positions::PositionFilter,
    query::list_query,
    text::{Currency, Name, text},
    transactions::TransactionType,
};
use serde::{Deserialize, Serialize};

/// How long an extract is kept, in hours of the sandbox's clock.
pub const KEPT_HOURS: i64 = 72;

macro_rules! values {
    ($(#[doc = $doc:literal])+ $type:ident { $($(#[doc = $value_doc:literal])+ $name:ident = $text:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $type {
            $($(#[doc = $value_doc])+ $name),+
        }
        impl $type {
            /// Every value, in the order of the docs.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// The value as it stands on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

values! {
    /// What is exported.
    Dataset {
        /// Positions, valued at the end of `as_of`.
        Positions = "positions",
        /// Expected and posted payments.
        Cashflows = "cashflows",
        /// Holdings at the end of `as_of`.
        Holdings = "holdings",
        /// The ledger up to the end of `as_of`.
        Transactions = "transactions",
        /// Performance day by day up to `as_of`.
        Performance = "performance",
    }
}

values! {
    /// How the file is written.
    ExtractFormat {
        /// Comma-separated values (RFC 4180) with a header line.
        Csv = "csv",
        /// One JSON object a line.
        Ndjson = "ndjson",
        /// Apache Parquet, with typed columns.
        Parquet = "parquet",
    }
}

values! {
    /// Where an extract stands.
    ExtractStatus {
        /// Waits for its turn.
        Queued = "queued",
        /// Is being written.
        Running = "running",
        /// Can be downloaded.
        Succeeded = "succeeded",
        /// Could not be written; `failure` says why.
        Failed = "failed",
        /// Its file is gone.
        Expired = "expired",
    }
}

/// What of a data set is exported. Which members it takes depends on the data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExtractFilters {
    /// Only what this reporting entity looks at: `holdings`, `transactions`, `performance`.
    #[serde(default)]
    pub reporting_entity_id: Option<ReportingEntityId>,
    /// Only this portfolio: `positions`.
    #[serde(default)]
    pub portfolio_id: Option<PortfolioId>,
    /// Only what moves this account: `transactions`.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Only what moves this depository: `transactions`.
    #[serde(default)]
    pub depository_id: Option<DepositoryId>,
    /// Only this instrument: `transactions`.
    #[serde(default)]
    pub instrument_id: Option<InstrumentId>,
    /// Only this type: `transactions`.
    #[serde(default)]
    pub r#type: Option<TransactionType>,
    /// The first day: `transactions`, by trade date, and `performance`, where it is a year before `as_of` without it.
    #[serde(default)]
    pub from: Option<Day>,
    /// Only issuers of this industry: `positions`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub industry: Option<String>,
    /// Open or closed: `positions`. Without it, `open`.
    #[serde(default)]
    pub status: Option<PositionFilter>,
    /// The currency of every amount: `holdings`, `performance`. Without it, that of the reporting entity.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// What rows are told apart by: `holdings`.
    #[serde(default)]
    pub group_by: Option<Grouping>,
}

/// An extract to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewExtract {
    /// What is exported.
    pub dataset: Dataset,
    /// The day at whose end figures are taken; not after the sandbox's today, which it is without it.
    #[serde(default)]
    pub as_of: Option<Day>,
    /// How the file is written.
    pub format: ExtractFormat,
    /// What of the data set is exported. Without it, everything.
    #[serde(default)]
    pub filters: ExtractFilters,
    /// What the export is for. It is kept with it.
    pub purpose: Name,
}

/// How far an extract has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtractProgress {
    /// Rows that are written.
    pub rows_done: u64,
    /// Rows there will be; `null` until they are counted.
    pub rows_total: Option<u64>,
}

/// One extract. The list of them tells who exported what, when and what for, also when the file is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Extract {
    /// Stable id.
    pub id: ExtractId,
    /// What is exported.
    pub dataset: Dataset,
    /// The day at whose end figures are taken.
    pub as_of: Day,
    /// How the file is written.
    pub format: ExtractFormat,
    /// What of the data set is exported.
    pub filters: ExtractFilters,
    /// What the export is for.
    pub purpose: Name,
    /// The OAuth client that asked for it.
    pub requested_by: String,
    /// Where it stands.
    pub status: ExtractStatus,
    /// How far it has come.
    pub progress: ExtractProgress,
    /// Rows in the file, once it is written.
    pub row_count: Option<u64>,
    /// The length of the file in bytes.
    pub size_bytes: Option<u64>,
    /// The SHA-256 of the file, in hex.
    pub sha256: Option<String>,
    /// Where the file can be fetched without a token; good for an hour, then read the extract again. `null` while there is no file.
    pub download_url: Option<String>,
    /// Why it could not be written.
    pub failure: Option<String>,
    /// When its making ended.
    pub completed_at: Option<Timestamp>,
    /// When the file goes: 72 hours after it was written, by the sandbox's clock.
    pub expires_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Extract {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/extracts/{}", self.id))
    }
}

list_query! {
    /// Which extracts to list.
    ExtractQuery {
        /// Only those of this data set.
        dataset: Dataset,
        /// Only those that stand so.
        status: ExtractStatus,
    }
}

const EXAMPLE: &str = "ext_01k2j8x4m6v0q3r5t7w9y1z2a3";

fn filters() -> ExtractFilters {
    ExtractFilters {
        portfolio_id: Some(id(demo::PORTFOLIO)),
        ..ExtractFilters::default()
    }
}

fn new() -> NewExtract {
    NewExtract {
        dataset: Dataset::Positions,
        as_of: Some(Day::from(jiff::civil::date(2026, 6, 30))),
        format: ExtractFormat::Csv,
        filters: filters(),
        purpose: text("Quarterly reconciliation"),
    }
}

fn queued() -> Extract {
    let new = new();
    Extract {
        id: id(EXAMPLE),
        dataset: new.dataset,
        as_of: Day::from(jiff::civil::date(2026, 6, 30)),
        format: new.format,
        filters: new.filters,
        purpose: new.purpose,
        requested_by: "clt_01k2j8x4m6v0q3r5t7w9y1z2a3".to_owned(),
        status: ExtractStatus::Queued,
        progress: ExtractProgress {
            rows_done: 0,
            rows_total: None,
        },
        row_count: None,
        size_bytes: None,
        sha256: None,
        download_url: None,
        failure: None,
        completed_at: None,
        expires_at: None,
        created_at: Timestamp::from_millis(1_782_896_400_000),
        updated_at: Timestamp::from_millis(1_782_896_400_000),
    }
}

fn succeeded() -> Extract {
    let done = Timestamp::from_millis(1_782_896_402_000);
    Extract {
        status: ExtractStatus::Succeeded,
        progress: ExtractProgress {
            rows_done: 18,
            rows_total: Some(18),
        },
        row_count: Some(18),
        size_bytes: Some(4_312),
        sha256: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
        download_url: Some(format!(
            "https://api.aleta.io/v1/extracts/{EXAMPLE}/download?sandbox=sbx_01k2j8x4m6v0q3r5t7w9y1z2a3&epoch=1&expires=1782900000&signature=3q2-7w"
        )),
        completed_at: Some(done),
        expires_at: Some(done.plus_millis(KEPT_HOURS * 60 * 60 * 1000)),
        updated_at: done,
        ..queued()
    }
}

operation! {
    /// Lists extracts, those asked for first first.
    ///
    /// The list is the audit trail: an extract stays in it when its file is gone.
    ListExtracts = "extracts.list", Get "/v1/extracts" => 200;
    V1 Extracts, auth: ExtractsRead, problems: [],
    path: Nothing, query: ExtractQuery, body: Nothing, reply: Page<Extract>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![succeeded()])),
}

operation! {
    /// Starts an extract.
    ///
    /// It is made in the background, from the data as it stands when the work begins. Of each data set one is made at a time: a second one is refused, and the refusal names the first in `extract_id`.
    CreateExtract = "extracts.create", Post "/v1/extracts" => 202;
    V1 Extracts, auth: ExtractsWrite, problems: [ExtractAlreadyRunning],
    path: Nothing, query: Nothing, body: NewExtract, reply: Extract,
    example: (Nothing {}, new(), queued()),
}

operation! {
    /// Reads one extract: how far it is, and where its file can be fetched.
    GetExtract = "extracts.get", Get "/v1/extracts/{id}" => 200;
    V1 Extracts, auth: ExtractsRead, problems: [],
    path: ById<ExtractId>, query: Nothing, body: Nothing, reply: Extract,
    example: (at(EXAMPLE), Nothing {}, succeeded()),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListExtracts>(),
        all.card::<CreateExtract>(),
        all.card::<GetExtract>(),
    ]
}
