-- The ledger: every figure is replayed from these rows. Decimals are text in canonical form, never floating point;
-- dates are ISO 8601. An instrument is named by id: it lives in the market database or is the tenant's own.

CREATE TABLE transactions (
    seq                        INTEGER PRIMARY KEY AUTOINCREMENT,
    id                         TEXT    NOT NULL UNIQUE,
    type                       TEXT    NOT NULL CHECK (type IN (
        'buy', 'sell', 'deposit', 'withdrawal', 'transfer', 'dividend', 'coupon', 'interest', 'fee', 'fx_trade',
        'redemption', 'corporate_action', 'capital_call', 'distribution')),
    account_id                 TEXT    NOT NULL REFERENCES accounts (id),
    depository_id              TEXT    REFERENCES depositories (id),
    instrument_id              TEXT,
    trade_date                 TEXT    NOT NULL CHECK (trade_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    value_date                 TEXT    NOT NULL CHECK (value_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- In the account's currency, signed: + into the account.
    amount                     TEXT    NOT NULL,
    -- Signed: + received.
    quantity                   TEXT,
    -- Per unit, in the instrument's currency.
    price                      TEXT,
    fees                       TEXT,
    accrued_interest           TEXT,
    lot_ids                    TEXT    CHECK (lot_ids IS NULL OR json_valid(lot_ids)),
    comment                    TEXT,
    category                   TEXT,
    counterparty_account_id    TEXT    REFERENCES accounts (id),
    counterparty_depository_id TEXT    REFERENCES depositories (id),
    counter_account_id         TEXT    REFERENCES accounts (id),
    counter_amount             TEXT,
    ratio                      TEXT,
    effect_on_commitment       TEXT,
    recallable_amount          TEXT,
    affects_multiples          INTEGER CHECK (affects_multiples IN (0, 1)),
    affects_irr                INTEGER CHECK (affects_irr IN (0, 1)),
    affects_cost_basis         INTEGER CHECK (affects_cost_basis IN (0, 1)),
    affects_nav                INTEGER CHECK (affects_nav IN (0, 1)),
    created_at                 INTEGER NOT NULL
) STRICT;
CREATE INDEX transactions_by_account ON transactions (account_id, trade_date);
CREATE INDEX transactions_by_depository ON transactions (depository_id) WHERE depository_id IS NOT NULL;
CREATE INDEX transactions_by_counterparty_account ON transactions (counterparty_account_id)
    WHERE counterparty_account_id IS NOT NULL;
CREATE INDEX transactions_by_counterparty_depository ON transactions (counterparty_depository_id)
    WHERE counterparty_depository_id IS NOT NULL;
CREATE INDEX transactions_by_counter_account ON transactions (counter_account_id) WHERE counter_account_id IS NOT NULL;
