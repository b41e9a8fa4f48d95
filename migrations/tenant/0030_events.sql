-- Events are kept for 30 days: where these begin is found without reading those before.

CREATE INDEX events_by_age ON events (created_at);
