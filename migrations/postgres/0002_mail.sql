-- Composed mails, and every attempt to send them.

CREATE TABLE mail (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id    TEXT   NOT NULL CHECK (message_id <> ''),
    person        TEXT   NOT NULL,
    envelope_from TEXT   NOT NULL,
    envelope_to   TEXT   NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'cancelled')),
    -- Attempts that have begun; the last one's number is the fence.
    attempts      BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Attempts that may have been delivered though nobody said so.
    ambiguous     BIGINT NOT NULL DEFAULT 0 CHECK (ambiguous >= 0 AND ambiguous <= attempts),
    next_attempt  BIGINT NOT NULL,
    lease_until   BIGINT,
    last_reply    TEXT,
    created_at    BIGINT NOT NULL,
    sent_at       BIGINT,
    -- Last: whoever reads only the columns before it is spared its pages.
    bytes         BYTEA NOT NULL,
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (state IN ('queued', 'cancelled') OR attempts > 0),
    CHECK (state <> 'cancelled' OR ambiguous = 0)
);

-- A cancelled mail has reached nobody: its Message-ID may come again.
CREATE UNIQUE INDEX mail_message_id ON mail (message_id) WHERE state <> 'cancelled';
CREATE INDEX mail_next ON mail (next_attempt, id) WHERE state = 'queued';
CREATE INDEX mail_person ON mail (person, created_at);
CREATE INDEX mail_lease ON mail (lease_until) WHERE state = 'sending';

CREATE TABLE attempt (
    mail       BIGINT NOT NULL REFERENCES mail (id),
    number     BIGINT NOT NULL CHECK (number > 0),
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    outcome    TEXT CHECK (outcome IN ('sent', 'retry', 'ambiguous', 'failed', 'interrupted')),
    reply      TEXT,
    PRIMARY KEY (mail, number),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
