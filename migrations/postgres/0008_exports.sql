-- What was written into exported documents: what comes back is compared with it.

CREATE TABLE exported (
    number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (number > 0),
    body    TEXT    NOT NULL,
    as_of   TEXT    NOT NULL,
    content TEXT    NOT NULL,
    at      BIGINT  NOT NULL,
    who     TEXT    NOT NULL
);

CREATE INDEX exported_of ON exported (body, number);
