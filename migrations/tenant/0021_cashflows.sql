-- In what order positions last changed what they pay. What they pay, and whether it was paid, is worked out from the
-- ledger and from terms when it is read, so neither stands here. A position whose payments change gets a new `seq`, as
-- in `positions`.

CREATE TABLE payers (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    portfolio_id  TEXT    NOT NULL,
    instrument_id TEXT    NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (portfolio_id, instrument_id)
) STRICT;

INSERT INTO payers (portfolio_id, instrument_id, updated_at)
SELECT m.portfolio_id, t.instrument_id, max(t.created_at)
FROM (SELECT portfolio_id, account_id AS place FROM portfolio_accounts
      UNION ALL SELECT portfolio_id, depository_id FROM portfolio_depositories) m
     JOIN transactions t
       ON m.place IN (t.account_id, t.depository_id, t.counterparty_account_id, t.counterparty_depository_id)
WHERE t.instrument_id IS NOT NULL
GROUP BY m.portfolio_id, t.instrument_id
ORDER BY max(t.seq);

-- Payments that were expected or posted, and that nothing that is left tells of: the transaction is deleted, or the
-- place left the portfolio. They are shown as cancelled, so that whoever follows learns of it.
CREATE TABLE lost_cashflows (
    portfolio_id  TEXT NOT NULL,
    instrument_id TEXT NOT NULL,
    type          TEXT NOT NULL,
    -- The day of what was promised, or the transaction of what was not.
    which         TEXT NOT NULL,
    PRIMARY KEY (portfolio_id, instrument_id, type, which)
) STRICT, WITHOUT ROWID;
