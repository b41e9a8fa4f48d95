-- An endpoint that is let alone is shown with the answer that asked for it.

ALTER TABLE webhooks ADD COLUMN pause_status INTEGER;
ALTER TABLE webhooks ADD COLUMN pause_asked TEXT;
