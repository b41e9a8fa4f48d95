-- A receiver that is overloaded may ask for a pause, and gets it for everything that is sent to it. What a person asks
-- for does not wait.

ALTER TABLE webhooks ADD COLUMN paused_until INTEGER;

ALTER TABLE deliveries ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0 CHECK (at_once IN (0, 1));
CREATE INDEX deliveries_at_once ON deliveries (webhook_seq, next_at) WHERE at_once = 1 AND next_at IS NOT NULL;
