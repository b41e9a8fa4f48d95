//! Tables of positions in the order of change, which are filled and changed in the same way.

/// The functions of the table `$table`: `touch`, whose statement is `$what`, and `fill`, with the positions of those
/// transactions that are `$told`.
macro_rules! order {
    ($table:literal, $what:literal, $told:literal) => {
        /// Moves a position, which may be new, to the end of the order of change.
        ///
        /// # Errors
        /// When the database fails.
        pub async fn touch(
            tx: &mut WriteTx,
            portfolio: &PortfolioId,
            instrument: &InstrumentId,
            at: Timestamp,
        ) -> Result<(), StoreError> {
            let done = sqlx::query(concat!(
                "INSERT OR REPLACE INTO ",
                $table,
                " (portfolio_id, instrument_id, updated_at) VALUES (?1, ?2, ?3)"
            ))
            .bind(portfolio.as_str())
            .bind(instrument.as_str())
            .bind(at.as_millis())
            .execute(tx.sql())
            .await?;
            sqlite::affected($what, 1, &done)
        }

        /// Adds the positions of a ledger that was filled whole, each as of its last transaction.
        ///
        /// # Errors
        /// When the database fails.
        pub(crate) async fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
            sqlx::query(concat!(
                "INSERT INTO ",
                $table,
                " (portfolio_id, instrument_id, updated_at)
         SELECT m.portfolio_id, t.instrument_id, max(t.created_at)
         FROM (SELECT portfolio_id, account_id AS place FROM portfolio_accounts
               UNION ALL SELECT portfolio_id, depository_id FROM portfolio_depositories) m
              JOIN transactions t
                ON m.place IN (t.account_id, t.depository_id, t.counterparty_account_id, t.counterparty_depository_id)
         WHERE ",
                $told,
                " GROUP BY m.portfolio_id, t.instrument_id
         ORDER BY max(t.seq)"
            ))
            .execute(tx.sql())
            .await?;
            Ok(())
        }
    };
}
pub(super) use order;
