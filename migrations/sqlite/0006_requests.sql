-- What surrounds an answer: what came with it, what was arranged instead of it, and what it is asked about.

ALTER TABLE answer ADD COLUMN day TEXT;
ALTER TABLE answer ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';

CREATE TABLE file (
    id     INTEGER NOT NULL PRIMARY KEY,
    person TEXT    NOT NULL,
    name   TEXT    NOT NULL CHECK (name <> ''),
    kind   TEXT    NOT NULL CHECK (kind IN ('docx', 'pdf')),
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    size   INTEGER NOT NULL CHECK (size > 0),
    at     INTEGER NOT NULL,
    -- Last: whoever reads only the columns before it is spared its pages.
    bytes  BLOB    NOT NULL
) STRICT;

-- What was handed in with an answer. Of the newest only: earlier ones stand in history, by their hash.
CREATE TABLE handed_in (
    workflow TEXT NOT NULL,
    body     TEXT NOT NULL,
    object   TEXT NOT NULL,
    step     TEXT NOT NULL,
    person   TEXT NOT NULL,
    -- Heading and text, as a list of pairs.
    texts    TEXT NOT NULL,
    link     TEXT,
    file     INTEGER REFERENCES file (id),
    at       INTEGER NOT NULL,
    PRIMARY KEY (workflow, body, object, step, person)
) STRICT;

-- A request is open until it is answered. Meanwhile its recipient may have more time, may have passed it on, or may
-- have got help; each of these at most once, the newest holds.
CREATE TABLE arrangement (
    workflow TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    object   TEXT    NOT NULL,
    step     TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('time', 'passed', 'help')),
    day      TEXT,
    other    TEXT    REFERENCES person (id),
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    PRIMARY KEY (workflow, body, object, step, person, kind),
    CHECK ((kind = 'time') = (day IS NOT NULL)),
    CHECK ((kind = 'time') = (other IS NULL)),
    CHECK (other IS NULL OR other <> person)
) STRICT;

-- Occasions that are entered by hand.
CREATE TABLE opened (
    workflow TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    occasion TEXT    NOT NULL,
    content  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    PRIMARY KEY (workflow, body, occasion)
) STRICT;

-- Matters listed under an occasion.
CREATE TABLE listed (
    workflow TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    object   TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number > 0),
    content  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    PRIMARY KEY (workflow, body, object, number)
) STRICT;

CREATE TABLE absence (
    number    INTEGER NOT NULL PRIMARY KEY,
    person    TEXT    NOT NULL REFERENCES person (id),
    first_day TEXT    NOT NULL,
    last_day  TEXT    NOT NULL,
    deputy    TEXT    REFERENCES person (id),
    CHECK (first_day <= last_day),
    CHECK (deputy IS NULL OR deputy <> person)
) STRICT;

CREATE INDEX absence_person ON absence (person);
