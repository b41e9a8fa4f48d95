-- The ledger is listed by what was entered since an instant, and replayed instrument by instrument. The instants of
-- entry never run backwards, in the order of `seq`, so that a list of what is new misses nothing: `entered_at` is the
-- latest one that was given, kept here because the row that carried it may be deleted.

ALTER TABLE tenant ADD COLUMN entered_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX transactions_by_instrument ON transactions (instrument_id) WHERE instrument_id IS NOT NULL;
CREATE INDEX transactions_by_creation ON transactions (created_at);
