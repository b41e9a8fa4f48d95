-- What all tenants share and none can change: custodians, their auth flows, instruments and their issuers. Written
-- once from the built-in catalogue and only read from then on; a newer catalogue is written to a new file.

CREATE TABLE custodians (
    seq            INTEGER PRIMARY KEY,
    id             TEXT    NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    country        TEXT    NOT NULL,
    data_freshness TEXT    NOT NULL CHECK (data_freshness IN ('daily', 'intraday', 'on_demand')),
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE auth_flows (
    seq                  INTEGER PRIMARY KEY,
    id                   TEXT    NOT NULL UNIQUE,
    custodian_id         TEXT    NOT NULL REFERENCES custodians (id),
    kind                 TEXT    NOT NULL CHECK (kind IN ('oauth', 'credentials', 'file_delivery', 'manual_upload')),
    requires_user_action INTEGER NOT NULL CHECK (requires_user_action IN (0, 1)),
    retention_days       INTEGER CHECK (retention_days > 0),
    silent_renewal       INTEGER NOT NULL CHECK (silent_renewal IN (0, 1)),
    -- What a withdrawal at the custodian comes to.
    upstream_revocation  TEXT    NOT NULL CHECK (upstream_revocation IN ('succeeded', 'not_supported', 'failed')),
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL
) STRICT;

CREATE TABLE issuers (
    seq      INTEGER PRIMARY KEY,
    id       TEXT    NOT NULL UNIQUE,
    name     TEXT    NOT NULL,
    industry TEXT    NOT NULL,
    country  TEXT    NOT NULL
) STRICT;

CREATE TABLE instrument_classes (
    seq       INTEGER PRIMARY KEY,
    id        TEXT    NOT NULL UNIQUE,
    name      TEXT    NOT NULL,
    parent_id TEXT    REFERENCES instrument_classes (id)
) STRICT;

CREATE TABLE instruments (
    seq               INTEGER PRIMARY KEY,
    id                TEXT    NOT NULL UNIQUE,
    type              TEXT    NOT NULL CHECK (type IN (
        'stock', 'bond', 'index_linked_bond', 'zero_coupon_bond', 'fund', 'private_market_fund', 'loan', 'option',
        'fx_forward', 'cash')),
    name              TEXT    NOT NULL,
    currency          TEXT    NOT NULL,
    country           TEXT,
    isin              TEXT    UNIQUE,
    ticker            TEXT,
    exchange          TEXT,
    class_id          TEXT    NOT NULL REFERENCES instrument_classes (id),
    detailed_class_id TEXT    REFERENCES instrument_classes (id),
    issuer_id         TEXT    REFERENCES issuers (id),
    -- The name under which positions and cashflows know it.
    asset_id          TEXT    NOT NULL UNIQUE,
    terms             TEXT    NOT NULL CHECK (json_valid(terms)),
    -- Where its price series starts, per unit or in per cent of par.
    base_price        TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX instruments_by_type ON instruments (type);
