-- What readers sent from the request builder, so that a call can be opened again: the values of the form, without its
-- token and without what looks like a secret. The log of all calls keeps no bodies; this keeps them, for the last fifty.

CREATE TABLE sends (
    seq          INTEGER PRIMARY KEY,
    request_id   TEXT    NOT NULL UNIQUE,
    at           INTEGER NOT NULL,
    operation_id TEXT    NOT NULL,
    line         TEXT    NOT NULL,
    -- The values, as JSON.
    request      TEXT    NOT NULL,
    status       INTEGER NOT NULL,
    duration_us  INTEGER NOT NULL
) STRICT;
