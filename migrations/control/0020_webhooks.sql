-- When deliveries of a sandbox next wait for an attempt, so that the dispatcher finds them after a restart without opening
-- every file; and the keys that sign deliveries beside each endpoint's own secret.

ALTER TABLE sandboxes ADD COLUMN deliveries_due_at INTEGER;
CREATE INDEX sandboxes_by_deliveries_due ON sandboxes (deliveries_due_at) WHERE deliveries_due_at IS NOT NULL;

-- The active key has no retired_at; of the retired ones only the last is kept.
CREATE TABLE webhook_keys (
    kid        TEXT    PRIMARY KEY,
    -- PKCS#8 in PEM.
    pem        TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX webhook_keys_active ON webhook_keys (coalesce(retired_at, -1)) WHERE retired_at IS NULL;
