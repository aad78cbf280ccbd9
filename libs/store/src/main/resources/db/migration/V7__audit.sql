-- Who has changed what, from where, and what it was before. Written by the database itself with
-- the change: no statement can forget it, and what a person changes by hand stands here too.

CREATE TABLE audit (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Null: the command line, the platform itself, or somebody with a way of his own to the tables.
    actor       uuid,
    -- Of one who has signed in; else null.
    session     uuid,
    address     text,
    action      text        NOT NULL CHECK (action IN ('CREATE', 'CHANGE', 'DELETE')),
    kind        text        NOT NULL,
    object      uuid        NOT NULL,
    -- Whatever differs, without what is secret. Null where there was or is nothing.
    before      jsonb,
    after       jsonb
);

CREATE INDEX audit_at ON audit (at DESC, id DESC);
CREATE INDEX audit_object ON audit (object, at DESC);
CREATE INDEX audit_actor ON audit (actor, at DESC) WHERE actor IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What is no change that anybody makes, and what must stand nowhere else.
CREATE FUNCTION audit_shown(changed jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT changed - ARRAY ['sha256', 'password_hash', 'version', 'last_used_at', 'last_seen_at']
$$;

-- The parts of one that the other does not have as they are.
CREATE FUNCTION audit_differing(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(one)
    WHERE other -> key IS DISTINCT FROM value
$$;

-- The argument names the kind of object; a second one the column that identifies it.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was   jsonb := CASE WHEN TG_OP <> 'INSERT' THEN audit_shown(to_jsonb(OLD)) END;
    now_is jsonb := CASE WHEN TG_OP <> 'DELETE' THEN audit_shown(to_jsonb(NEW)) END;
    acting jsonb := nullif(current_setting('uplion.actor', true), '')::jsonb;
BEGIN
    IF was IS NOT DISTINCT FROM now_is THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit (actor, session, address, action, kind, object, before, after)
    VALUES ((acting ->> 'actor')::uuid, (acting ->> 'session')::uuid, acting ->> 'address',
            CASE TG_OP WHEN 'INSERT' THEN 'CREATE' WHEN 'UPDATE' THEN 'CHANGE' ELSE 'DELETE' END,
            TG_ARGV[0],
            (coalesce(now_is, was) ->> coalesce(TG_ARGV[1], 'id'))::uuid,
            CASE TG_OP WHEN 'UPDATE' THEN audit_differing(was, now_is) ELSE was END,
            CASE TG_OP WHEN 'UPDATE' THEN audit_differing(now_is, was) ELSE now_is END);
    RETURN NULL;
END $$;

CREATE TRIGGER audited AFTER INSERT OR DELETE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION audit_change('KEY');
-- Keys are marked as used all the time: that is told apart before a function is called.
CREATE TRIGGER audited_change AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN (audit_shown(to_jsonb(OLD)) IS DISTINCT FROM audit_shown(to_jsonb(NEW)))
    EXECUTE FUNCTION audit_change('KEY');
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION audit_change('USER');
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION audit_change('ACCOUNT');
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON account_members
    FOR EACH ROW EXECUTE FUNCTION audit_change('MEMBER', 'account_id');
-- Signing in, and the end of it; not each time that somebody comes by.
CREATE TRIGGER audited AFTER INSERT OR UPDATE OF ended_at ON sessions
    FOR EACH ROW EXECUTE FUNCTION audit_change('SESSION');
