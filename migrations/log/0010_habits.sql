-- What an answer told its caller beyond the status, and how the caller took it: evidence of how a client behaves.

ALTER TABLE requests ADD COLUMN retry_after INTEGER;                     -- seconds to wait, where the answer said so
ALTER TABLE requests ADD COLUMN next_page INTEGER NOT NULL DEFAULT 0;    -- the answer named a next page
ALTER TABLE requests ADD COLUMN replayed INTEGER NOT NULL DEFAULT 0;     -- the answer was a stored one
ALTER TABLE requests ADD COLUMN fault INTEGER NOT NULL DEFAULT 0;        -- a planted fault had a hand in it

CREATE INDEX refusals ON requests (method, path) WHERE retry_after IS NOT NULL;

-- The call that first showed a habit, which outlives the week. `before_*` is the call that it followed, if one.
CREATE TABLE habits (
    habit         TEXT    PRIMARY KEY CHECK (habit IN ('waited', 'walked', 'compared', 'repeated')),
    operation_id  TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    request_id    TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    status        INTEGER NOT NULL,
    before_id     TEXT,
    before_at     INTEGER,
    before_status INTEGER,
    before_wait   INTEGER
) STRICT, WITHOUT ROWID;
