-- An endpoint is well once it has accepted something at its present address, since it was last enabled: before that,
-- nobody knows whether anything answers there.

ALTER TABLE webhooks ADD COLUMN accepts INTEGER NOT NULL DEFAULT 0 CHECK (accepts IN (0, 1));

UPDATE webhooks SET accepts = 1 WHERE accepted_delivery IS NOT NULL;
