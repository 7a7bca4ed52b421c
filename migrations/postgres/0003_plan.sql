-- What the plan came to: occasions with their changes, and the outbox.

CREATE TABLE occasion (
    workflow   TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    occasion   TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    sequence   BIGINT NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    first_seen BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    orphaned   BIGINT NOT NULL DEFAULT 0 CHECK (orphaned IN (0, 1)),
    PRIMARY KEY (workflow, body, occasion)
);

CREATE TABLE message (
    key        TEXT COLLATE "C"   NOT NULL PRIMARY KEY CHECK (key <> ''),
    workflow   TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    object     TEXT   NOT NULL,
    step       TEXT   NOT NULL,
    person     TEXT,
    kind       TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    expires    BIGINT,
    urgent     BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    state      TEXT   NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'queued', 'sent', 'failed', 'withdrawn', 'skipped')),
    -- Why it was withdrawn or skipped, or could not be sent.
    reason     TEXT,
    -- The mail it is in.
    mail       BIGINT REFERENCES mail (id),
    changed_at BIGINT NOT NULL,
    digest     TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    CHECK (state = 'failed' OR (state IN ('queued', 'sent')) = (mail IS NOT NULL)),
    CHECK ((state IN ('failed', 'withdrawn', 'skipped')) = (reason IS NOT NULL))
);

-- A knock looks only at what is due. No index on the state alone: SQLite would prefer it, and sort what it finds.
CREATE INDEX message_due ON message (at, key) WHERE state = 'planned';
CREATE INDEX message_at ON message (at);
CREATE INDEX message_matter ON message (workflow, body, object, step, person);
CREATE INDEX message_person ON message (person, at);
CREATE INDEX message_mail ON message (mail) WHERE mail IS NOT NULL;
