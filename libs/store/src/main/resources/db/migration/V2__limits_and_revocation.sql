-- What a key, a user and an account may use, and how every change to them reaches all nodes.
-- docs/decisions/0013 says why it is done so.

-- One sequence for all: of two states of a key the later one has the greater sum of versions.
CREATE SEQUENCE access_versions;

ALTER TABLE accounts
    ADD COLUMN rpm           bigint  CHECK (rpm BETWEEN 1 AND 1000000),
    ADD COLUMN tpm           bigint  CHECK (tpm BETWEEN 1 AND 10000000000),
    ADD COLUMN concurrent    integer CHECK (concurrent BETWEEN 1 AND 100000),
    ADD COLUMN budget_nanos  bigint  CHECK (budget_nanos BETWEEN 1 AND 1000000000000000000),
    ADD COLUMN budget_period text    CHECK (budget_period IN ('DAY', 'MONTH', 'TOTAL')),
    ADD COLUMN version       bigint  NOT NULL DEFAULT 0,
    ADD CONSTRAINT accounts_budget CHECK ((budget_nanos IS NULL) = (budget_period IS NULL));

ALTER TABLE users
    ADD COLUMN rpm           bigint  CHECK (rpm BETWEEN 1 AND 1000000),
    ADD COLUMN tpm           bigint  CHECK (tpm BETWEEN 1 AND 10000000000),
    ADD COLUMN concurrent    integer CHECK (concurrent BETWEEN 1 AND 100000),
    ADD COLUMN budget_nanos  bigint  CHECK (budget_nanos BETWEEN 1 AND 1000000000000000000),
    ADD COLUMN budget_period text    CHECK (budget_period IN ('DAY', 'MONTH', 'TOTAL')),
    ADD COLUMN version       bigint  NOT NULL DEFAULT 0,
    ADD CONSTRAINT users_budget CHECK ((budget_nanos IS NULL) = (budget_period IS NULL));

ALTER TABLE api_keys
    -- One that manages cannot run inference.
    ADD COLUMN scopes        text[]  NOT NULL DEFAULT '{INFERENCE}'
        CHECK (scopes IN ('{INFERENCE}', '{MANAGEMENT}')),
    -- Empty: all groups of its user.
    ADD COLUMN groups        text[]  NOT NULL DEFAULT '{}' CHECK (cardinality(groups) <= 100),
    -- Empty: from everywhere.
    ADD COLUMN ip_ranges     cidr[]  NOT NULL DEFAULT '{}' CHECK (cardinality(ip_ranges) <= 100),
    ADD COLUMN rpm           bigint  CHECK (rpm BETWEEN 1 AND 1000000),
    ADD COLUMN tpm           bigint  CHECK (tpm BETWEEN 1 AND 10000000000),
    ADD COLUMN concurrent    integer CHECK (concurrent BETWEEN 1 AND 100000),
    ADD COLUMN budget_nanos  bigint  CHECK (budget_nanos BETWEEN 1 AND 1000000000000000000),
    ADD COLUMN budget_period text    CHECK (budget_period IN ('DAY', 'MONTH', 'TOTAL')),
    ADD COLUMN rolled_to     uuid    REFERENCES api_keys (id),
    -- Set when it was rolled.
    ADD COLUMN works_until   timestamptz,
    -- The first of those that were rolled into this one: what it uses counts for that one's limits.
    ADD COLUMN counted_as    uuid,
    ADD COLUMN version       bigint  NOT NULL DEFAULT 0,
    ADD CONSTRAINT api_keys_budget CHECK ((budget_nanos IS NULL) = (budget_period IS NULL)),
    ADD CONSTRAINT api_keys_rolled CHECK ((rolled_to IS NULL) = (works_until IS NULL));

CREATE INDEX api_keys_account ON api_keys (account_id);

-- Every change, written with the change itself, for whoever tells the nodes.
CREATE TABLE access_changes (
    version      bigint      PRIMARY KEY,
    kind         text        NOT NULL CHECK (kind IN ('KEY', 'USER', 'ACCOUNT')),
    id           uuid        NOT NULL,
    -- Of a key.
    sha256       bytea,
    -- What it was may go on no longer: revoked, switched off, gone.
    ended        boolean     NOT NULL,
    at           timestamptz NOT NULL,
    delivered_at timestamptz
);

CREATE INDEX access_changes_waiting ON access_changes (version) WHERE delivered_at IS NULL;
CREATE INDEX access_changes_delivered ON access_changes (delivered_at);

-- The time of the last second, so that a replica can tell how far it has come.
CREATE TABLE heartbeat (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    at       timestamptz NOT NULL
);

INSERT INTO heartbeat (at) VALUES (to_timestamp(0));

-- Triggers and not the statements that change something: they cannot be forgotten, and a person
-- who corrects a row by hand is heard too. The row is locked before its trigger runs, so a row's
-- versions rise in the order in which they are committed.

CREATE FUNCTION access_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := nextval('access_versions');
    RETURN NEW;
END $$;

CREATE FUNCTION access_key_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_changes (version, kind, id, sha256, ended, at)
    VALUES (NEW.version, 'KEY', NEW.id, NEW.sha256,
            NOT NEW.enabled OR NEW.revoked_at IS NOT NULL
                OR NOT EXISTS (SELECT 1 FROM account_members m
                               WHERE m.account_id = NEW.account_id AND m.user_id = NEW.user_id),
            clock_timestamp());
    RETURN NULL;
END $$;

CREATE FUNCTION access_owner_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_changes (version, kind, id, ended, at)
    VALUES (NEW.version, TG_ARGV[0], NEW.id, NEW.disabled, clock_timestamp());
    RETURN NULL;
END $$;

CREATE FUNCTION access_subject_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_changes (version, kind, id, ended, at)
    VALUES (nextval('access_versions'), TG_ARGV[0], OLD.id, true, clock_timestamp());
    RETURN NULL;
END $$;

-- Whoever leaves an account or joins it: that user's keys for it change.
CREATE FUNCTION access_member_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE api_keys SET version = -1
        WHERE user_id = OLD.user_id AND account_id = OLD.account_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE api_keys SET version = -1
        WHERE user_id = NEW.user_id AND account_id = NEW.account_id;
    END IF;
    RETURN NULL;
END $$;

-- Whatever is not named here matters: a column that comes later matters until somebody says that
-- it does not.

CREATE TRIGGER version_new BEFORE INSERT ON api_keys
    FOR EACH ROW EXECUTE FUNCTION access_next_version();
CREATE TRIGGER version_changed BEFORE UPDATE ON api_keys FOR EACH ROW
    WHEN ((to_jsonb(OLD) - ARRAY ['name', 'last_used_at'])
        IS DISTINCT FROM (to_jsonb(NEW) - ARRAY ['name', 'last_used_at']))
    EXECUTE FUNCTION access_next_version();
CREATE TRIGGER tell_new AFTER INSERT ON api_keys
    FOR EACH ROW EXECUTE FUNCTION access_key_changed();
CREATE TRIGGER tell_changed AFTER UPDATE ON api_keys
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION access_key_changed();
CREATE TRIGGER tell_gone AFTER DELETE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION access_subject_gone('KEY');

CREATE TRIGGER version_new BEFORE INSERT ON users
    FOR EACH ROW EXECUTE FUNCTION access_next_version();
CREATE TRIGGER version_changed BEFORE UPDATE ON users FOR EACH ROW
    WHEN ((to_jsonb(OLD) - ARRAY ['name', 'email', 'password_hash', 'must_change_password',
                                  'password_changed_at'])
        IS DISTINCT FROM
          (to_jsonb(NEW) - ARRAY ['name', 'email', 'password_hash', 'must_change_password',
                                  'password_changed_at']))
    EXECUTE FUNCTION access_next_version();
CREATE TRIGGER tell_changed AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION access_owner_changed('USER');
CREATE TRIGGER tell_gone AFTER DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION access_subject_gone('USER');

CREATE TRIGGER version_new BEFORE INSERT ON accounts
    FOR EACH ROW EXECUTE FUNCTION access_next_version();
CREATE TRIGGER version_changed BEFORE UPDATE ON accounts FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'name') IS DISTINCT FROM (to_jsonb(NEW) - 'name'))
    EXECUTE FUNCTION access_next_version();
CREATE TRIGGER tell_changed AFTER UPDATE ON accounts
    FOR EACH ROW WHEN (OLD.version <> NEW.version)
    EXECUTE FUNCTION access_owner_changed('ACCOUNT');
CREATE TRIGGER tell_gone AFTER DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION access_subject_gone('ACCOUNT');

CREATE TRIGGER members_changed AFTER INSERT OR UPDATE OR DELETE ON account_members
    FOR EACH ROW EXECUTE FUNCTION access_member_changed();
