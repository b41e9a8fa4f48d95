-- Where events are sent to, what became of each, and the receivers inside the sandbox. A delivery is written in the
-- transaction of its event, so there is none without the other. All instants are real time.

CREATE TABLE webhooks (
    seq                 INTEGER PRIMARY KEY AUTOINCREMENT,
    id                  TEXT    NOT NULL UNIQUE,
    url                 TEXT    NOT NULL,
    event_types         TEXT    NOT NULL CHECK (json_valid(event_types)),
    description         TEXT,
    status              TEXT    NOT NULL CHECK (status IN ('enabled', 'disabled')),
    disabled_reason     TEXT    CHECK (disabled_reason IN ('requested', 'gone', 'failing')),
    failing_since       INTEGER,
    -- What the secret is derived from, with a key that lies elsewhere: this file alone gives no secret away.
    salt                BLOB    NOT NULL CHECK (length(salt) = 32),
    previous_salt       BLOB    CHECK (length(previous_salt) = 32),
    previous_expires_at INTEGER,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL)),
    CHECK ((previous_salt IS NULL) = (previous_expires_at IS NULL))
) STRICT;

CREATE TABLE deliveries (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    webhook_seq  INTEGER NOT NULL REFERENCES webhooks (seq) ON DELETE CASCADE,
    event_seq    INTEGER NOT NULL REFERENCES events (seq),
    event_type   TEXT    NOT NULL,
    status       TEXT    NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
    trigger      TEXT    NOT NULL CHECK (trigger IN ('scheduled', 'manual')),
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    -- How far it is in the schedule of retries.
    step         INTEGER NOT NULL CHECK (step >= 0),
    -- Counts the claims: the outcome of an attempt whose lease has run out meanwhile decides nothing.
    claims       INTEGER NOT NULL CHECK (claims >= 0),
    -- When it is attempted next or, while it is being attempted, when its lease runs out.
    next_at      INTEGER,
    delivered_at INTEGER,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (webhook_seq, event_seq),
    CHECK ((status = 'waiting') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX deliveries_by_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (webhook_seq, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_seq);
CREATE INDEX deliveries_by_event ON deliveries (event_seq);
CREATE INDEX deliveries_by_age ON deliveries (created_at);

CREATE TABLE delivery_attempts (
    seq              INTEGER PRIMARY KEY,
    delivery_seq     INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
    number           INTEGER NOT NULL CHECK (number >= 1),
    trigger          TEXT    NOT NULL CHECK (trigger IN ('scheduled', 'manual')),
    started_at       INTEGER NOT NULL,
    duration_ms      INTEGER NOT NULL CHECK (duration_ms >= 0),
    error            TEXT,
    response_status  INTEGER,
    response_headers TEXT    NOT NULL CHECK (json_valid(response_headers)),
    response_body    TEXT,
    request_headers  TEXT    NOT NULL CHECK (json_valid(request_headers))
) STRICT;
CREATE INDEX delivery_attempts_by_delivery ON delivery_attempts (delivery_seq, number);

CREATE TABLE inboxes (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT,
    answers    TEXT    NOT NULL CHECK (json_valid(answers)),
    -- How many messages have arrived, and how many of the answers were given.
    received   INTEGER NOT NULL CHECK (received >= 0),
    answered   INTEGER NOT NULL CHECK (answered >= 0),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE inbox_messages (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    inbox_seq       INTEGER NOT NULL REFERENCES inboxes (seq) ON DELETE CASCADE,
    received_at     INTEGER NOT NULL,
    method          TEXT    NOT NULL,
    headers         TEXT    NOT NULL CHECK (json_valid(headers)),
    body            TEXT    NOT NULL,
    verification    TEXT    NOT NULL,
    webhook_id      TEXT,
    answered_status INTEGER NOT NULL
) STRICT;
CREATE INDEX inbox_messages_by_inbox ON inbox_messages (inbox_seq, seq);
