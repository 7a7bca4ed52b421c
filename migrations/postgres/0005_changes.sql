-- Occasions that were moved or cancelled after somebody had been told of them.

CREATE TABLE change (
    workflow TEXT NOT NULL,
    body     TEXT NOT NULL,
    occasion TEXT NOT NULL,
    -- The occasion's revision that the change made.
    sequence BIGINT NOT NULL CHECK (sequence > 0),
    at       BIGINT NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (workflow, body, occasion, sequence)
);

CREATE INDEX change_at ON change (at);
CREATE INDEX message_object ON message (object);
