-- Which request caused an event: a change is traced from its call to the last answer of a receiver. What nobody called
-- for has none: what falls due, what ends in the background, what is fired from the console.

ALTER TABLE events ADD COLUMN request_id TEXT;

CREATE INDEX events_by_request ON events (request_id) WHERE request_id IS NOT NULL;
