-- A job ends long after the call that asked for it, perhaps in another process: its row remembers that call, so that its
-- event names it too. And an event that a call caused says when it was written, in real time: the sandbox's clock, by
-- which events are dated, may have been moved since.

ALTER TABLE extracts ADD COLUMN request_id TEXT;

ALTER TABLE events ADD COLUMN written_at INTEGER;
