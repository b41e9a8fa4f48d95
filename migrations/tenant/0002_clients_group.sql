-- The Clients group: who owns what, and how it is viewed. Lists of one parent walk an index on the parent alone,
-- which SQLite extends with the row's `seq`.

CREATE TABLE clients (
    seq                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL UNIQUE,
    name               TEXT    NOT NULL,
    parent_id          TEXT    REFERENCES clients (id),
    reference_currency TEXT    NOT NULL,
    accounting_method  TEXT    NOT NULL CHECK (accounting_method IN ('fifo', 'average', 'specific_id')),
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX clients_by_parent ON clients (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE legal_entities (
    seq                    INTEGER PRIMARY KEY AUTOINCREMENT,
    id                     TEXT    NOT NULL UNIQUE,
    client_id              TEXT    NOT NULL REFERENCES clients (id),
    parent_legal_entity_id TEXT    REFERENCES legal_entities (id),
    name                   TEXT    NOT NULL,
    type                   TEXT    NOT NULL CHECK (type IN ('individual', 'trust', 'company', 'foundation')),
    jurisdiction           TEXT    NOT NULL,
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX legal_entities_by_client ON legal_entities (client_id);
CREATE INDEX legal_entities_by_parent ON legal_entities (parent_legal_entity_id)
    WHERE parent_legal_entity_id IS NOT NULL;

CREATE TABLE reporting_entities (
    seq                        INTEGER PRIMARY KEY AUTOINCREMENT,
    id                         TEXT    NOT NULL UNIQUE,
    client_id                  TEXT    NOT NULL REFERENCES clients (id),
    parent_reporting_entity_id TEXT    REFERENCES reporting_entities (id),
    name                       TEXT    NOT NULL,
    currency                   TEXT    NOT NULL,
    created_at                 INTEGER NOT NULL,
    updated_at                 INTEGER NOT NULL
) STRICT;
CREATE INDEX reporting_entities_by_client ON reporting_entities (client_id);
CREATE INDEX reporting_entities_by_parent ON reporting_entities (parent_reporting_entity_id)
    WHERE parent_reporting_entity_id IS NOT NULL;
