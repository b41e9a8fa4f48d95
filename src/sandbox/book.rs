//! A tenant's book: its ledger replayed in memory, beside the structure and the market that give figures a meaning.
//!
//! The book of a tenant lives as long as the tenant is open. It is brought up to date by the first call after a change:
//! what was appended is folded on, what came in or went away earlier is folded again from the nearest checkpoint. So
//! figures are those of one version of the ledger and one of the market, and nothing is replayed twice.

pub mod cashflows;
pub mod custody;
mod figures;
pub mod holdings;
pub mod names;
pub mod performance;
pub mod positions;
pub mod private_funds;
mod quotes;
pub(super) mod terms;
mod views;

use super::{DomainError, convert};
use crate::{
    ledger::{Entry, Fault, Ledger, Market, Refusal, TransactionNo},
    store::{
        StoreError,
        tenant::{Conn, Read, Tenant, book as rows},
    },
};
use jiff::civil::Date;
use names::{Names, Noted};
use std::{ops::Deref, sync::Arc};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

pub use figures::{Ask, day_or_today};
pub use holdings::Key;
pub use views::View;

/// Where the book of an open tenant stands; empty until it is first asked for.
#[derive(Debug, Default)]
struct Shelf(Arc<RwLock<Book>>);

/// A tenant's ledger, structure and market in memory.
#[derive(Debug, Default)]
pub struct Book {
    /// The version of the tenant that everything here is of; none before the first reading.
    version: Option<u64>,
    quoted: quotes::Known,
    names: Names,
    ledger: Ledger,
    last_row: i64,
    last_removal: i64,
}

/// A book that stays as it is for as long as this is held.
pub struct OpenBook(OwnedRwLockReadGuard<Book>);

impl Deref for OpenBook {
    type Target = Book;
    fn deref(&self) -> &Book {
        &self.0
    }
}

/// The tenant's book, up to date with everything that was committed before the call, and with series that reach
/// `today`, the sandbox's own.
///
/// # Errors
/// When the database fails, or holds a ledger that cannot be.
pub async fn open(tenant: &Tenant, today: Date) -> Result<OpenBook, DomainError> {
    let shelf: Arc<Shelf> = tenant.companion();
    let wanted = tenant.version();
    let book = Arc::clone(&shelf.0).read_owned().await;
    if book.is_of(wanted, today) {
        return Ok(OpenBook(book));
    }
    drop(book);
    let mut book = Arc::clone(&shelf.0).write_owned().await;
    if !book.is_of(wanted, today) {
        let mut conn = tenant.read().await?;
        conn.begin_snapshot().await?;
        book.follow(&mut conn, today).await?;
        conn.end_snapshot().await?;
    }
    Ok(OpenBook(book.downgrade()))
}

/// The tenant's book, at least as new as this version: what is committed is there to be read a moment before it is
/// announced.
///
/// # Errors
/// When the database fails, or holds a ledger that cannot be.
async fn open_since(tenant: &Tenant, today: Date, version: u64) -> Result<OpenBook, DomainError> {
    loop {
        let book = open(tenant, today).await?;
        if book.version() >= version {
            return Ok(book);
        }
        drop(book);
        tokio::task::yield_now().await;
    }
}

impl Book {
    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// What everything is worth.
    pub fn market(&self) -> &Market {
        self.ledger.market()
    }

    /// What the ledger's numbers stand for.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The version of the tenant that it is of.
    pub fn version(&self) -> u64 {
        self.version.unwrap_or_default()
    }

    fn is_of(&self, version: u64, today: Date) -> bool {
        self.version.is_some_and(|read| read >= version) && self.quoted.reaches(today)
    }

    /// Takes in what has changed. When this is left half-way, the version has not moved and the next call goes on.
    async fn follow(&mut self, conn: &mut Read, today: Date) -> Result<(), DomainError> {
        let version = rows::version(conn).await?;
        let seen = self.quoted.change();
        let last = self.names.follow(conn, &mut self.ledger, seen).await?;
        let quotes = quotes::news(conn, (self.quoted, today), last).await?;
        let news = self.news(conn).await?;
        if self.take_in(news).is_err() {
            self.again(conn).await?;
        }
        self.quoted = quotes::follow(
            conn.market(),
            &self.names,
            &mut self.ledger,
            (self.quoted, quotes),
        )
        .map_err(impossible)?;
        self.version = Some(version);
        Ok(())
    }

    async fn news(&self, conn: &mut Read) -> Result<News, DomainError> {
        let (removed, last_removal) = if self.version.is_some() {
            rows::removed(conn, self.last_removal).await?
        } else {
            (Vec::new(), rows::last_removal(conn).await?)
        };
        Ok(News {
            added: read_on(conn, &self.names, self.last_row).await?,
            removed: removed.into_iter().map(convert::number).collect(),
            last_removal,
        })
    }

    /// All of the news or, on a refusal, some of it: the ledger is to be read again then.
    fn take_in(&mut self, news: News) -> Result<(), Refusal> {
        self.ledger.extend(news.added.entries)?;
        for number in news.removed {
            self.ledger.delete(number)?;
        }
        self.names.note(&news.added.ids);
        (self.last_row, self.last_removal) = (news.added.last, news.last_removal);
        Ok(())
    }

    /// Reads the ledger from its beginning: the order in which changes came to be seen is not always one in which each
    /// could have been made alone.
    async fn again(&mut self, conn: &mut Read) -> Result<(), DomainError> {
        let last_removal = rows::last_removal(conn).await?;
        let all = read_on(conn, &self.names, 0).await?;
        let (chart, market) = (self.ledger.chart().clone(), self.ledger.market().clone());
        self.ledger = Ledger::load(chart, market, all.entries).map_err(impossible)?;
        self.names.note(&all.ids);
        (self.last_row, self.last_removal) = (all.last, last_removal);
        Ok(())
    }
}

/// What happened to the ledger since the book last looked.
struct News {
    added: Added,
    removed: Vec<TransactionNo>,
    last_removal: i64,
}

/// Transactions behind a row.
struct Added {
    entries: Vec<Entry>,
    ids: Vec<Noted>,
    /// The last row there is.
    last: i64,
}

async fn read_on(conn: &mut Read, names: &Names, after: i64) -> Result<Added, DomainError> {
    let mut added = Added {
        entries: Vec::new(),
        ids: Vec::new(),
        last: after,
    };
    loop {
        let found = rows::entries(conn, added.last).await?;
        let Some(last) = found.last() else {
            return Ok(added);
        };
        added.last = last.seq;
        for row in found {
            added.ids.push(Noted::new(convert::number(row.seq), &row.id));
            added.entries.push(convert::entry(row, &mut &*names)?);
        }
    }
}

/// A ledger that was accepted row by row and cannot be replayed is our fault.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` takes")]
fn impossible(refusal: Refusal) -> DomainError {
    StoreError::Inconsistent(format!("the ledger cannot be replayed: {refusal}")).into()
}

impl From<Fault> for DomainError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NoRate(currency) => Self::RateUnknown(currency.to_string()),
            Fault::Overflow | Fault::EmptyWindow => StoreError::Inconsistent(fault.to_string()).into(),
        }
    }
}
