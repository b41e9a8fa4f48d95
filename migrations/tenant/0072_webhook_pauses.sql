-- Every commit asks whether a pause lasts.

CREATE INDEX webhooks_paused ON webhooks (paused_until) WHERE paused_until IS NOT NULL;
