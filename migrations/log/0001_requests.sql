-- A sandbox's request log: what was called and how it was answered. It outlives resets, is kept for a week, and loses
-- at most its last moments in a power cut; nothing that the API promises rests on it.
-- Instants are milliseconds since the Unix epoch, in real time.

CREATE TABLE requests (
    seq          INTEGER PRIMARY KEY,
    request_id   TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    operation_id TEXT,
    method       TEXT    NOT NULL,
    path         TEXT    NOT NULL,
    status       INTEGER NOT NULL,
    duration_us  INTEGER NOT NULL,
    source       TEXT    NOT NULL CHECK (source IN ('builder', 'direct')),
    client_id    TEXT,
    problem      TEXT,
    note         TEXT
) STRICT;

-- The first call of each kind: evidence of what an integration has managed to do, which outlives the week.
CREATE TABLE firsts (
    operation_id TEXT    NOT NULL,
    source       TEXT    NOT NULL,
    -- A problem code, or empty where the call succeeded.
    problem      TEXT    NOT NULL,
    request_id   TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (operation_id, source, problem)
) STRICT, WITHOUT ROWID;
