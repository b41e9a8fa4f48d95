-- A workspace outlives one browser's cookie once people stand behind it: who they are, what each may do in it, and the
-- links that let somebody in without a mail being sent. Of every link only a hash is kept.

ALTER TABLE workspaces ADD COLUMN name TEXT;

CREATE TABLE people (
    id          TEXT    PRIMARY KEY,
    -- In lower case, so that one address is one person.
    email       TEXT    NOT NULL UNIQUE,
    -- Argon2id, in the PHC string format.
    password    TEXT    NOT NULL,
    password_at INTEGER NOT NULL,
    -- Who made the link through which the password was set; null where the person chose it without one.
    password_by TEXT,
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    workspace_id TEXT    NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    person_id    TEXT    NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role         TEXT    NOT NULL CHECK (role IN ('member', 'admin')),
    joined_at    INTEGER NOT NULL,
    -- The address of whoever invited them; null for the one who claimed the workspace.
    invited_by   TEXT,
    PRIMARY KEY (workspace_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_person ON members (person_id);

-- An invitation goes when it is used, revoked, or over.
CREATE TABLE invitations (
    id           TEXT    PRIMARY KEY,
    token_hash   BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    workspace_id TEXT    NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    role         TEXT    NOT NULL CHECK (role IN ('member', 'admin')),
    -- For whom it is, in the inviter's words.
    label        TEXT    NOT NULL,
    invited_by   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_workspace ON invitations (workspace_id);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- Null while nobody has signed in to the workspace: its one session is the browser that made it.
ALTER TABLE sessions ADD COLUMN person_id TEXT REFERENCES people (id) ON DELETE CASCADE;
CREATE INDEX sessions_by_person ON sessions (person_id) WHERE person_id IS NOT NULL;

-- Staff are no members of any workspace: other accounts, other sessions, another cookie.
ALTER TABLE staff ADD COLUMN password TEXT;
ALTER TABLE staff ADD COLUMN password_at INTEGER;

CREATE TABLE staff_sessions (
    token_hash BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    email      TEXT    NOT NULL REFERENCES staff (email) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_sessions_by_email ON staff_sessions (email);
CREATE INDEX staff_sessions_by_expiry ON staff_sessions (expires_at);

-- A link through which one person, or one of staff, sets a password without knowing the one before. Good once.
CREATE TABLE password_links (
    token_hash  BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    person_id   TEXT    REFERENCES people (id) ON DELETE CASCADE,
    staff_email TEXT    REFERENCES staff (email) ON DELETE CASCADE,
    made_by     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    CHECK ((person_id IS NULL) <> (staff_email IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX password_links_by_person ON password_links (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX password_links_by_staff ON password_links (staff_email) WHERE staff_email IS NOT NULL;
CREATE INDEX password_links_by_expiry ON password_links (expires_at);

-- What a workspace asked Aleta to agree to, and what became of it: one row for each step, never changed, so that the
-- last row of an item says where it stands and the others how it came to that.
CREATE TABLE approvals (
    seq          INTEGER PRIMARY KEY,
    workspace_id TEXT    NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    item         TEXT    NOT NULL CHECK (item IN ('read-scopes-approved', 'cutover-scheduled')),
    step         TEXT    NOT NULL CHECK (step IN ('asked', 'approved', 'returned')),
    -- The scopes, or the date.
    subject      TEXT    NOT NULL,
    author       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    note         TEXT    NOT NULL
) STRICT;
CREATE INDEX approvals_by_item ON approvals (workspace_id, item, seq);
