-- What people have told the program.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One higher with every fact that is written.
INSERT INTO meta (key, value) VALUES ('facts_revision', '0');

CREATE TABLE person (
    number  INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    id      TEXT    NOT NULL UNIQUE CHECK (id <> ''),
    name    TEXT    NOT NULL,
    address TEXT    NOT NULL,
    -- The address without case, which identifies a person in an import.
    mailbox TEXT    NOT NULL UNIQUE CHECK (mailbox <> '')
) STRICT;

CREATE TABLE holder (
    number    INTEGER NOT NULL PRIMARY KEY,
    body      TEXT    NOT NULL CHECK (body <> ''),
    role      TEXT    NOT NULL CHECK (role <> ''),
    person    TEXT    NOT NULL REFERENCES person (id),
    first_day TEXT,
    last_day  TEXT,
    deputy    INTEGER NOT NULL CHECK (deputy IN (0, 1)),
    CHECK (first_day <= last_day)
) STRICT;

CREATE INDEX holder_of ON holder (body, role, person);

CREATE TABLE item (
    unit            TEXT    NOT NULL PRIMARY KEY,
    body            TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    part            TEXT,
    title           TEXT    NOT NULL,
    phase           TEXT    NOT NULL,
    health          TEXT    NOT NULL,
    owner           TEXT,
    phase_since     TEXT,
    health_since    TEXT,
    quiet_until     TEXT,
    phase_recorded  INTEGER NOT NULL,
    health_recorded INTEGER NOT NULL
) STRICT;

CREATE TABLE start (
    what TEXT    NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL,
    who  TEXT    NOT NULL
) STRICT;

-- The newest answer of each person to each matter; the older ones stand in history.
CREATE TABLE answer (
    workflow TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    object   TEXT    NOT NULL,
    step     TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    answer   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    PRIMARY KEY (workflow, body, object, step, person)
) STRICT;

CREATE TABLE entered_date (
    workflow TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    occasion TEXT    NOT NULL,
    content  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    PRIMARY KEY (workflow, body, occasion)
) STRICT;

-- Append-only: who told the program what, and what it believed before.
CREATE TABLE history (
    number  INTEGER NOT NULL PRIMARY KEY,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    what    TEXT    NOT NULL,
    earlier TEXT,
    later   TEXT    NOT NULL
) STRICT;
