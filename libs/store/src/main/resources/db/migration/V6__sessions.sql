-- Browser sessions, which act for a user as a key does, and who has failed to sign in.

CREATE TABLE sessions (
    id           uuid        PRIMARY KEY,
    user_id      uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sha256       bytea       NOT NULL UNIQUE CHECK (length(sha256) = 32),
    -- From where it was opened.
    address      text        NOT NULL CHECK (length(address) <= 45),
    user_agent   text        NOT NULL CHECK (length(user_agent) <= 200),
    created_at   timestamptz NOT NULL,
    -- Written once a minute at most.
    last_seen_at timestamptz NOT NULL,
    -- Of the idle time and the longest life the earlier end. It moves while the session is used,
    -- once an hour at most: each move is told to all nodes.
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    version      bigint      NOT NULL DEFAULT 0
);

CREATE INDEX sessions_user ON sessions (user_id, created_at DESC);

ALTER TABLE access_changes
    DROP CONSTRAINT access_changes_kind_check,
    ADD CONSTRAINT access_changes_kind_check
        CHECK (kind IN ('KEY', 'SESSION', 'USER', 'ACCOUNT'));

CREATE FUNCTION access_session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_changes (version, kind, id, sha256, ended, at)
    VALUES (NEW.version, 'SESSION', NEW.id, NEW.sha256, NEW.ended_at IS NOT NULL,
            clock_timestamp());
    RETURN NULL;
END $$;

CREATE TRIGGER version_new BEFORE INSERT ON sessions
    FOR EACH ROW EXECUTE FUNCTION access_next_version();
CREATE TRIGGER version_changed BEFORE UPDATE ON sessions FOR EACH ROW
    WHEN ((to_jsonb(OLD) - ARRAY ['last_seen_at', 'address', 'user_agent'])
        IS DISTINCT FROM (to_jsonb(NEW) - ARRAY ['last_seen_at', 'address', 'user_agent']))
    EXECUTE FUNCTION access_next_version();
CREATE TRIGGER tell_new AFTER INSERT ON sessions
    FOR EACH ROW EXECUTE FUNCTION access_session_changed();
CREATE TRIGGER tell_changed AFTER UPDATE ON sessions
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION access_session_changed();
CREATE TRIGGER tell_gone AFTER DELETE ON sessions
    FOR EACH ROW EXECUTE FUNCTION access_subject_gone('SESSION');

-- Whoever failed to sign in lately, so that all portal nodes slow them down together.
CREATE TABLE sign_in_failures (
    -- SHA-256 of an email or an address: what somebody types is of any length, and nobody's here.
    subject       bytea       PRIMARY KEY CHECK (length(subject) = 32),
    failures      integer     NOT NULL CHECK (failures >= 0),
    last_at       timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);

CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);
