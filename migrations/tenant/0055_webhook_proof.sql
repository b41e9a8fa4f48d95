-- A delivery may be signed wrongly on purpose, and an endpoint's answers prove what it does with the genuine and the
-- forged. The proof goes with the endpoint.

ALTER TABLE deliveries ADD COLUMN forged INTEGER NOT NULL DEFAULT 0 CHECK (forged IN (0, 1));

ALTER TABLE webhooks ADD COLUMN accepted_delivery TEXT;
ALTER TABLE webhooks ADD COLUMN accepted_at INTEGER;
ALTER TABLE webhooks ADD COLUMN refused_delivery TEXT;
ALTER TABLE webhooks ADD COLUMN refused_status INTEGER;
ALTER TABLE webhooks ADD COLUMN refused_at INTEGER;
