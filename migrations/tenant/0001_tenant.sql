-- What every tenant file needs whatever it holds: where its sequences and its clock stand, the events that its changes
-- caused, and the answers that an Idempotency-Key repeats. Written in the same transaction as the change, so none of
-- them can tell a different story from the data.
-- Instants are milliseconds since the Unix epoch. `seq` columns are the order of creation that lists walk.

CREATE TABLE tenant (
    only            INTEGER PRIMARY KEY CHECK (only = 1),
    -- Null in the template that sandboxes are copied from.
    sandbox_id      TEXT,
    epoch           INTEGER NOT NULL CHECK (epoch >= 0),
    created_at      INTEGER NOT NULL,
    -- Counts the changes to the tenant's data.
    change_seq      INTEGER NOT NULL CHECK (change_seq >= 0),
    -- How far domain time is ahead of real time.
    clock_offset_ms INTEGER NOT NULL CHECK (clock_offset_ms >= 0)
) STRICT;
INSERT INTO tenant (only, epoch, created_at, change_seq, clock_offset_ms) VALUES (1, 0, 0, 0, 0);

-- Dense: AUTOINCREMENT never reuses a number, and a number taken in a transaction that is rolled back is given again.
CREATE TABLE events (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    type       TEXT    NOT NULL,
    -- Domain time.
    created_at INTEGER NOT NULL,
    data       TEXT    NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE TABLE idempotency (
    client_id   TEXT    NOT NULL,
    method      TEXT    NOT NULL,
    path        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    status      INTEGER NOT NULL,
    headers     TEXT    NOT NULL CHECK (json_valid(headers)),
    body        BLOB    NOT NULL,
    -- Real time.
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (client_id, method, path, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
