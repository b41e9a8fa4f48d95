-- Which positions there are and in what order they last changed. A position is one instrument in one portfolio; what is
-- held and what it is worth is replayed from the ledger when it is read, so neither stands here. A position that changes
-- gets a new `seq`: walking on behind the last one that was seen misses nothing. A row outlives its portfolio, so that
-- whoever follows positions learns that they were closed.

CREATE TABLE positions (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    portfolio_id  TEXT    NOT NULL,
    instrument_id TEXT    NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (portfolio_id, instrument_id)
) STRICT;

INSERT INTO positions (portfolio_id, instrument_id, updated_at)
SELECT m.portfolio_id, t.instrument_id, max(t.created_at)
FROM (SELECT portfolio_id, account_id AS place FROM portfolio_accounts
      UNION ALL SELECT portfolio_id, depository_id FROM portfolio_depositories) m
     JOIN transactions t
       ON m.place IN (t.account_id, t.depository_id, t.counterparty_account_id, t.counterparty_depository_id)
WHERE t.instrument_id IS NOT NULL AND t.type IN ('buy', 'transfer', 'capital_call', 'distribution')
GROUP BY m.portfolio_id, t.instrument_id;
