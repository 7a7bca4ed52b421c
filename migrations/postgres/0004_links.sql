-- Links that let their holder answer or subscribe. Only the hash of a link's secret is kept.

CREATE TABLE token (
    hash       BYTEA NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    person     TEXT   NOT NULL,
    purpose    TEXT   NOT NULL,
    matters    TEXT   NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE INDEX token_person ON token (person, purpose);
