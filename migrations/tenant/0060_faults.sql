-- Faults that a developer planted: each strikes some calls and is gone. They lie with the tenant's data, so that a
-- restart keeps them and a reset takes them away.

CREATE TABLE faults (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL CHECK (kind IN (
        'rate_limited', 'server_error', 'timeout', 'latency', 'connection_reset')),
    method      TEXT    CHECK (method IN ('GET', 'POST', 'PATCH', 'DELETE')),
    path        TEXT,
    remaining   INTEGER NOT NULL CHECK (remaining > 0),
    delay_ms    INTEGER CHECK (delay_ms > 0),
    retry_after INTEGER CHECK (retry_after > 0),
    -- Real time.
    created_at  INTEGER NOT NULL
) STRICT;
