-- Instruments of the tenant's own, and points of its own over the series of any instrument. The market database is the
-- same for everybody and read-only, so what one tenant knows better than it stands here.
-- `change` numbers let the book, which keeps series in memory, read only what is new to it: `tenant.market_change` is
-- the latest one that was given.

ALTER TABLE tenant ADD COLUMN market_change INTEGER NOT NULL DEFAULT 0;

CREATE TABLE instruments (
    seq               INTEGER PRIMARY KEY AUTOINCREMENT,
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
    -- Classes live in the market database.
    class_id          TEXT    NOT NULL,
    detailed_class_id TEXT,
    issuer            TEXT    CHECK (issuer IS NULL OR json_valid(issuer)),
    terms             TEXT    NOT NULL CHECK (json_valid(terms)),
    -- What the search looks into: name, ISIN and ticker in lower case.
    search            TEXT    NOT NULL,
    change            INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX instruments_by_change ON instruments (change);

CREATE TABLE points (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT    NOT NULL UNIQUE,
    instrument_id TEXT    NOT NULL,
    series        TEXT    NOT NULL CHECK (series IN (
        'prices', 'net-asset-values', 'interest-rates', 'index-factors')),
    date          TEXT    NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- A decimal in canonical form.
    value         TEXT    NOT NULL,
    source        TEXT    NOT NULL CHECK (source IN ('custodian', 'manual')),
    created_at    INTEGER NOT NULL,
    UNIQUE (instrument_id, series, date)
) STRICT;

-- When the own points of an instrument last changed; a row stays when the last point goes.
CREATE TABLE own_series (
    instrument_id TEXT    PRIMARY KEY,
    change        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX own_series_by_change ON own_series (change);
