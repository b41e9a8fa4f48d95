-- What the book, which keeps the ledger replayed in memory, must know to follow: which transactions went away since it
-- last looked. New ones it finds by their `seq`.

CREATE TABLE removed_transactions (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    seq    INTEGER NOT NULL
) STRICT;

CREATE TRIGGER transactions_removed AFTER DELETE ON transactions
BEGIN
    INSERT INTO removed_transactions (seq) VALUES (old.seq);
END;

-- Where a custodian's books differ from the ledger: a custodian books a transaction on its value date, unless it stands
-- here. Without a date, it never did.
CREATE TABLE custodian_bookings (
    transaction_id TEXT PRIMARY KEY REFERENCES transactions (id) ON DELETE CASCADE,
    booked_on      TEXT CHECK (booked_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT, WITHOUT ROWID;
