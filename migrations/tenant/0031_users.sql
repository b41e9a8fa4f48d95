-- The people of a client, and the invites by which they come in. What an invite is good for follows from its instants
-- and the clock, so no state is stored.

CREATE TABLE users (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    client_id  TEXT    NOT NULL REFERENCES clients (id),
    email      TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    first_name TEXT    NOT NULL,
    last_name  TEXT    NOT NULL,
    status     TEXT    NOT NULL CHECK (status IN ('active', 'invited', 'disabled')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX users_by_client ON users (client_id);

CREATE TABLE user_reporting_entities (
    user_id             TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position            INTEGER NOT NULL,
    reporting_entity_id TEXT    NOT NULL REFERENCES reporting_entities (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_reporting_entities_by_entity ON user_reporting_entities (reporting_entity_id);

CREATE TABLE invites (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    cancelled_at INTEGER,
    created_at   INTEGER NOT NULL,
    CHECK (used_at IS NULL OR cancelled_at IS NULL)
) STRICT;
CREATE INDEX invites_by_user ON invites (user_id);
