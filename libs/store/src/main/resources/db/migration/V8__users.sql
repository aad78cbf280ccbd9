-- Users as admins look after them, and links by which somebody chooses a password.

CREATE INDEX users_created ON users (created_at DESC, id DESC);

-- One for each user at most: a new one takes the place of the one before.
CREATE TABLE password_links (
    user_id    uuid        PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sha256     bytea       NOT NULL UNIQUE CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON password_links
    FOR EACH ROW EXECUTE FUNCTION audit_change('PASSWORD_LINK', 'user_id');

-- Programs act with management keys.
ALTER TABLE audit ADD COLUMN key uuid;

-- As before, with the key.
CREATE OR REPLACE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was    jsonb := CASE WHEN TG_OP <> 'INSERT' THEN audit_shown(to_jsonb(OLD)) END;
    now_is jsonb := CASE WHEN TG_OP <> 'DELETE' THEN audit_shown(to_jsonb(NEW)) END;
    acting jsonb := nullif(current_setting('uplion.actor', true), '')::jsonb;
BEGIN
    IF was IS NOT DISTINCT FROM now_is THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit (actor, session, key, address, action, kind, object, before, after)
    VALUES ((acting ->> 'actor')::uuid, (acting ->> 'session')::uuid, (acting ->> 'key')::uuid,
            acting ->> 'address',
            CASE TG_OP WHEN 'INSERT' THEN 'CREATE' WHEN 'UPDATE' THEN 'CHANGE' ELSE 'DELETE' END,
            TG_ARGV[0],
            (coalesce(now_is, was) ->> coalesce(TG_ARGV[1], 'id'))::uuid,
            CASE TG_OP WHEN 'UPDATE' THEN audit_differing(was, now_is) ELSE was END,
            CASE TG_OP WHEN 'UPDATE' THEN audit_differing(now_is, was) ELSE now_is END);
    RETURN NULL;
END $$;
