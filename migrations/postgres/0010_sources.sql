-- Others' calendars that meetings come from, and which of their events are which occasions.

CREATE TABLE source (
    -- As the workflow file names it.
    name          TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    -- SHA-256 of its address, which may be a secret: another address makes the validators worthless.
    address       TEXT NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    tried_at      BIGINT,
    good_at       BIGINT,
    failing_since BIGINT,
    failure       TEXT,
    remark        TEXT,
    -- The calendar as it last came whole; what "not modified" means.
    content       BYTEA,
    CHECK ((failing_since IS NULL) = (failure IS NULL))
);

CREATE TABLE source_event (
    workflow      TEXT    NOT NULL,
    body          TEXT    NOT NULL,
    occasion      TEXT    NOT NULL,
    entry         TEXT    NOT NULL,
    -- Who the event is: its UID, and for one of several repetitions which one; else empty.
    uid           TEXT    NOT NULL,
    recurrence    TEXT    NOT NULL,
    content       TEXT    NOT NULL,
    first_seen    BIGINT NOT NULL,
    -- Since when it is missing in calendars that came whole.
    missing_since BIGINT,
    PRIMARY KEY (workflow, body, occasion)
);

CREATE INDEX source_event_of ON source_event (workflow, body, entry);
