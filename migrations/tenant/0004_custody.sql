-- Where wealth sits: depositories, accounts, and the portfolios that group them. Lists of ids keep the order they were
-- given in.

CREATE TABLE depositories (
    seq                    INTEGER PRIMARY KEY AUTOINCREMENT,
    id                     TEXT    NOT NULL UNIQUE,
    legal_entity_id        TEXT    NOT NULL REFERENCES legal_entities (id),
    custodian_id           TEXT    NOT NULL,
    name                   TEXT    NOT NULL,
    external_identifier    TEXT,
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX depositories_by_legal_entity ON depositories (legal_entity_id);
CREATE UNIQUE INDEX depositories_by_external_identifier ON depositories (custodian_id, external_identifier)
    WHERE external_identifier IS NOT NULL;

CREATE TABLE accounts (
    seq                    INTEGER PRIMARY KEY AUTOINCREMENT,
    id                     TEXT    NOT NULL UNIQUE,
    legal_entity_id        TEXT    NOT NULL REFERENCES legal_entities (id),
    custodian_id           TEXT,
    custodian_authority_id TEXT    REFERENCES authorities (id),
    name                   TEXT    NOT NULL,
    external_identifier    TEXT,
    currency               TEXT    NOT NULL,
    exclude_from_reporting INTEGER NOT NULL CHECK (exclude_from_reporting IN (0, 1)),
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_by_legal_entity ON accounts (legal_entity_id);
CREATE INDEX accounts_by_authority ON accounts (custodian_authority_id) WHERE custodian_authority_id IS NOT NULL;
CREATE UNIQUE INDEX accounts_by_external_identifier ON accounts (custodian_id, external_identifier)
    WHERE external_identifier IS NOT NULL AND custodian_id IS NOT NULL;

CREATE TABLE account_depositories (
    account_id    TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    depository_id TEXT    NOT NULL REFERENCES depositories (id),
    PRIMARY KEY (account_id, position),
    UNIQUE (depository_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE portfolios (
    seq                 INTEGER PRIMARY KEY AUTOINCREMENT,
    id                  TEXT    NOT NULL UNIQUE,
    reporting_entity_id TEXT    NOT NULL REFERENCES reporting_entities (id),
    name                TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX portfolios_by_reporting_entity ON portfolios (reporting_entity_id);

CREATE TABLE portfolio_accounts (
    portfolio_id TEXT    NOT NULL REFERENCES portfolios (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    account_id   TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (portfolio_id, position),
    UNIQUE (account_id, portfolio_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE portfolio_depositories (
    portfolio_id  TEXT    NOT NULL REFERENCES portfolios (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    depository_id TEXT    NOT NULL REFERENCES depositories (id) ON DELETE CASCADE,
    PRIMARY KEY (portfolio_id, position),
    UNIQUE (depository_id, portfolio_id)
) STRICT, WITHOUT ROWID;
