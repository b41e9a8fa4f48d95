-- Consents. Custodians and auth flows are named by slug: they live in the market database, which all tenants share.

CREATE TABLE authorities (
    seq                 INTEGER PRIMARY KEY AUTOINCREMENT,
    id                  TEXT    NOT NULL UNIQUE,
    legal_entity_id     TEXT    NOT NULL REFERENCES legal_entities (id),
    custodian_id        TEXT    NOT NULL,
    auth_flow_id        TEXT    NOT NULL,
    status              TEXT    NOT NULL CHECK (status IN ('pending', 'active', 'expired', 'revoked')),
    expires_at          INTEGER,
    linked_at           INTEGER,
    revoked_at          INTEGER,
    upstream_revocation TEXT    CHECK (upstream_revocation IN ('succeeded', 'not_supported', 'failed')),
    consent_reference   TEXT,
    -- When, in domain time, this consent next changes by itself; null when it does not.
    due_at              INTEGER,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    CHECK (status IN ('pending', 'revoked') OR linked_at IS NOT NULL),
    CHECK (status <> 'expired' OR expires_at IS NOT NULL),
    CHECK ((status = 'revoked') = (revoked_at IS NOT NULL)),
    CHECK (status = 'active' OR due_at IS NULL)
) STRICT;
CREATE INDEX authorities_by_legal_entity ON authorities (legal_entity_id);
CREATE INDEX authorities_by_due ON authorities (due_at) WHERE due_at IS NOT NULL;
