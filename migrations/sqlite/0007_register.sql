-- The register behind a plan: what is known of a row beside how its parts stand.

ALTER TABLE item ADD COLUMN owners TEXT NOT NULL DEFAULT '{"list":[],"all":false}';
UPDATE item SET owners = '{"list":[' || owner || '],"all":false}' WHERE owner IS NOT NULL;
ALTER TABLE item DROP COLUMN owner;
ALTER TABLE item ADD COLUMN next_day TEXT;
ALTER TABLE item ADD COLUMN owners_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN next_recorded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN health_explained_by TEXT;
CREATE INDEX item_of_body ON item (body);
CREATE INDEX item_of_id ON item (id);
-- What has been done to one item is shown beside it.
CREATE INDEX history_of ON history (what);

-- What people read of a row: source, promises, activities, links. Nothing is planned from it.
CREATE TABLE card (
    item    TEXT NOT NULL PRIMARY KEY,
    body    TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;

-- The dated log. Lines are only added, and deadlines never removed; the triggers at the end hold that.
CREATE TABLE log (
    number    INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    item      TEXT    NOT NULL,
    part      TEXT,
    day       TEXT    NOT NULL,
    exactness TEXT    NOT NULL CHECK (exactness IN ('day', 'month', 'quarter', 'season', 'year')),
    kind      TEXT    NOT NULL CHECK (kind IN ('beslut', 'rapport', 'dialog', 'oforandrad', 'notering', 'avslut')),
    planned   INTEGER NOT NULL CHECK (planned IN (0, 1)),
    text      TEXT    NOT NULL,
    doer      TEXT,
    by_day    TEXT,
    -- The planned line whose outcome this is.
    about     INTEGER REFERENCES log (number),
    at        INTEGER NOT NULL,
    who       TEXT    NOT NULL
) STRICT;

CREATE INDEX log_of ON log (item, day);
CREATE INDEX log_about ON log (about);

-- What was promised by when. One that is passed stays: the next year's plan may have forgotten it.
CREATE TABLE deadline (
    item      TEXT    NOT NULL,
    day       TEXT    NOT NULL,
    exactness TEXT    NOT NULL CHECK (exactness IN ('day', 'month', 'quarter', 'season', 'year')),
    text      TEXT    NOT NULL,
    stated    TEXT    NOT NULL,
    met       INTEGER NOT NULL CHECK (met IN (0, 1)),
    PRIMARY KEY (item, day, text)
) STRICT;

CREATE TABLE wait (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    item   TEXT    NOT NULL,
    part   TEXT,
    kind   TEXT    NOT NULL CHECK (kind IN ('meeting', 'report', 'decision', 'body')),
    text   TEXT    NOT NULL,
    until  TEXT    NOT NULL,
    since  TEXT    NOT NULL,
    ended  TEXT,
    -- Why it waits no more.
    why    TEXT,
    CHECK ((why IS NULL) = (ended IS NULL))
) STRICT;

CREATE INDEX wait_of ON wait (item);

CREATE TABLE assignment (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    giver  TEXT    NOT NULL,
    taker  TEXT    NOT NULL,
    title  TEXT    NOT NULL,
    units  TEXT    NOT NULL,
    state  TEXT    NOT NULL
        CHECK (state IN ('utkast', 'godkant', 'givet', 'bekraftat', 'rapporterat', 'noterat')),
    -- The occasion that was opened when it was given; there is none before.
    given  TEXT,
    CHECK (giver <> taker),
    CHECK ((state IN ('utkast', 'godkant')) = (given IS NULL))
) STRICT;

-- How an item is followed up: what is measured, and the values by region and period.
CREATE TABLE measure (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    item   TEXT    NOT NULL,
    name   TEXT    NOT NULL CHECK (name <> ''),
    unit   TEXT    NOT NULL,
    target TEXT    NOT NULL,
    source TEXT    NOT NULL,
    UNIQUE (item, name)
) STRICT;

CREATE TABLE measured (
    measure INTEGER NOT NULL REFERENCES measure (number),
    region  TEXT    NOT NULL,
    period  TEXT    NOT NULL,
    value   TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    PRIMARY KEY (measure, region, period)
) STRICT;

-- A body's plan as it was frozen, approved or published: a copy of its items.
CREATE TABLE plan_version (
    number  INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    body    TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('frozen', 'approved', 'published', 'imported')),
    content TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    UNIQUE (body, name, state)
) STRICT;

-- From here each database has words of its own.

CREATE TRIGGER log_is_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'lines of the log are kept'); END;
CREATE TRIGGER log_stands BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'lines of the log stand'); END;
CREATE TRIGGER deadline_is_kept BEFORE DELETE ON deadline BEGIN SELECT RAISE(ABORT, 'deadlines are kept'); END;
