-- Who may call and which sandboxes exist. Everything that belongs to one sandbox's data lives in that sandbox's own
-- file; here is only what must be known before that file is opened, or what outlives it.
-- Instants are milliseconds since the Unix epoch, in real time.

CREATE TABLE workspaces (
    id           TEXT    PRIMARY KEY,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash   BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    workspace_id TEXT    NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    csrf         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_workspace ON sessions (workspace_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- A workspace cannot go before its sandboxes: their files have to be removed first.
CREATE TABLE sandboxes (
    id           TEXT    PRIMARY KEY,
    name         TEXT    NOT NULL,
    plan         TEXT    NOT NULL CHECK (plan IN ('sandbox', 'production', 'unlimited')),
    epoch        INTEGER NOT NULL CHECK (epoch >= 1),
    workspace_id TEXT    REFERENCES workspaces (id),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    -- When the sandbox next needs attention though nobody calls it; null when it does not.
    due_at       INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sandboxes_by_workspace ON sandboxes (workspace_id) WHERE workspace_id IS NOT NULL;
CREATE INDEX sandboxes_by_due ON sandboxes (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE staff (
    email      TEXT    PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_clients (
    client_id  TEXT    PRIMARY KEY,
    sandbox_id TEXT    NOT NULL REFERENCES sandboxes (id) ON DELETE CASCADE,
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX api_clients_by_sandbox ON api_clients (sandbox_id);

-- Several rows of one client are good at once while a rotation overlaps.
CREATE TABLE client_secrets (
    secret_hash BLOB    PRIMARY KEY CHECK (length(secret_hash) = 32),
    client_id   TEXT    NOT NULL REFERENCES api_clients (client_id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

CREATE TABLE client_keys (
    kid        TEXT    PRIMARY KEY,
    client_id  TEXT    NOT NULL REFERENCES api_clients (client_id) ON DELETE CASCADE,
    sandbox_id TEXT    NOT NULL REFERENCES sandboxes (id) ON DELETE CASCADE,
    jwk        TEXT    NOT NULL,
    iss        TEXT    NOT NULL,
    sub        TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX client_keys_by_client ON client_keys (client_id);
CREATE INDEX client_keys_by_sandbox ON client_keys (sandbox_id);

-- The primary key is what makes an assertion good once only, also across processes and restarts.
CREATE TABLE used_assertions (
    issuer     TEXT    NOT NULL,
    jti        TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, jti)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);

CREATE TABLE revoked_tokens (
    jti        TEXT    PRIMARY KEY,
    sandbox_id TEXT    NOT NULL REFERENCES sandboxes (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_tokens_by_sandbox ON revoked_tokens (sandbox_id);
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

-- A key is published from created_at, signs from not_before until retired_at, and verifies until expires_at.
CREATE TABLE signing_keys (
    kid        TEXT    PRIMARY KEY,
    pem        TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    retired_at INTEGER,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE server_secrets (
    name  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
