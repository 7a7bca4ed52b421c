-- What people have told the program.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One higher with every fact that is written.
INSERT INTO meta (key, value) VALUES ('facts_revision', '0');

CREATE TABLE person (
    number  BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),
    id      TEXT   NOT NULL UNIQUE CHECK (id <> ''),
    name    TEXT   NOT NULL,
    address TEXT   NOT NULL,
    -- The address without case, which identifies a person in an import.
    mailbox TEXT   NOT NULL UNIQUE CHECK (mailbox <> '')
);

CREATE TABLE holder (
    number    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body      TEXT   NOT NULL CHECK (body <> ''),
    role      TEXT   NOT NULL CHECK (role <> ''),
    person    TEXT   NOT NULL REFERENCES person (id),
    first_day TEXT,
    last_day  TEXT,
    deputy    BIGINT NOT NULL CHECK (deputy IN (0, 1)),
    CHECK (first_day <= last_day)
);

CREATE INDEX holder_of ON holder (body, role, person);

CREATE TABLE item (
    unit            TEXT   NOT NULL PRIMARY KEY,
    body            TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    part            TEXT,
    title           TEXT   NOT NULL,
    phase           TEXT   NOT NULL,
    health          TEXT   NOT NULL,
    owner           TEXT,
    phase_since     TEXT,
    health_since    TEXT,
    quiet_until     TEXT,
    phase_recorded  BIGINT NOT NULL,
    health_recorded BIGINT NOT NULL
);

CREATE TABLE start (
    what TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL,
    who  TEXT   NOT NULL
);

-- The newest answer of each person to each matter; the older ones stand in history.
CREATE TABLE answer (
    workflow TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    object   TEXT   NOT NULL,
    step     TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    answer   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    who      TEXT   NOT NULL,
    PRIMARY KEY (workflow, body, object, step, person)
);

CREATE TABLE entered_date (
    workflow TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    occasion TEXT   NOT NULL,
    content  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    who      TEXT   NOT NULL,
    PRIMARY KEY (workflow, body, occasion)
);

-- Append-only: who told the program what, and what it believed before.
CREATE TABLE history (
    number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    who     TEXT   NOT NULL,
    what    TEXT   NOT NULL,
    earlier TEXT,
    later   TEXT   NOT NULL
);
