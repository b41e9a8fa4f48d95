-- Exports: each is a job until its file is written, and stays as the record of who took what, when and what for. Their
-- files lie beside this one and go with their time; the rows stay.

CREATE TABLE extracts (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    dataset      TEXT    NOT NULL CHECK (dataset IN (
        'positions', 'cashflows', 'holdings', 'transactions', 'performance')),
    as_of        TEXT    NOT NULL,
    format       TEXT    NOT NULL CHECK (format IN ('csv', 'ndjson', 'parquet')),
    filters      TEXT    NOT NULL CHECK (json_valid(filters)),
    purpose      TEXT    NOT NULL,
    requested_by TEXT    NOT NULL,
    status       TEXT    NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'expired')),
    -- How often its making was begun: one that takes the server down with it is given up.
    attempts     INTEGER NOT NULL DEFAULT 0,
    rows_done    INTEGER NOT NULL DEFAULT 0,
    rows_total   INTEGER,
    size_bytes   INTEGER,
    sha256       TEXT,
    failure      TEXT,
    -- Whether a file may lie on disk that nobody wants any more.
    leftover     INTEGER NOT NULL DEFAULT 0 CHECK (leftover IN (0, 1)),
    completed_at INTEGER,
    expires_at   INTEGER,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
-- One of each data set at a time.
CREATE UNIQUE INDEX extracts_unfinished ON extracts (dataset) WHERE status IN ('queued', 'running');
CREATE INDEX extracts_by_expiry ON extracts (expires_at) WHERE status = 'succeeded';
CREATE INDEX extracts_leftover ON extracts (leftover) WHERE leftover = 1;
