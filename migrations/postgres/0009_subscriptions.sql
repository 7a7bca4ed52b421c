-- Private calendar feeds: somebody's own, or one that is handed out to a group. Of the address only the hash is kept.

CREATE TABLE subscription (
    number      BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),
    hash        BYTEA   NOT NULL UNIQUE CHECK (length(hash) = 32),
    -- Whose it is; none where it is handed out.
    person      TEXT    REFERENCES person (id),
    -- What its holder calls it: "Outlook jobb".
    name        TEXT    NOT NULL CHECK (name <> ''),
    -- What it shows.
    content     TEXT    NOT NULL,
    titles_only BIGINT NOT NULL CHECK (titles_only IN (0, 1)),
    -- Whether its holder wants a mail about a meeting that was moved and that it hasn't fetched.
    mails       BIGINT NOT NULL CHECK (mails IN (0, 1)),
    issued_at   BIGINT NOT NULL,
    revoked_at  BIGINT,
    -- When a calendar program last fetched it, and up to which moment it has everything that had changed.
    fetched_at  BIGINT,
    revision    BIGINT,
    CHECK (person IS NOT NULL OR mails = 0),
    CHECK ((fetched_at IS NULL) = (revision IS NULL))
);

CREATE INDEX subscription_person ON subscription (person) WHERE person IS NOT NULL;
