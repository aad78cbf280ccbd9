-- What was used, what it cost, and who has spent how much. docs/decisions/0016 says why it is so.

-- One row a task, for ever as it was written. In months of UTC: a month that nobody needs any more
-- is dropped as a whole.
CREATE TABLE ledger (
    -- From the task's id, so that a task has one place only.
    accepted_at         timestamptz NOT NULL,
    task                uuid        NOT NULL,
    attempt             integer     NOT NULL,
    account             uuid        NOT NULL,
    user_id             uuid        NOT NULL,
    -- Null: a browser session.
    key_id              uuid,
    model               text        NOT NULL,
    endpoint            text        NOT NULL,
    pool                text        NOT NULL,
    outcome             text        NOT NULL
        CHECK (outcome IN ('COMPLETED', 'CANCELLED', 'BROKEN')),
    source              text        NOT NULL
        CHECK (source IN ('REPORTED', 'ESTIMATED', 'PARTIAL')),
    status              integer     NOT NULL,
    input_tokens        bigint      NOT NULL,
    cached_input_tokens bigint      NOT NULL,
    audio_input_tokens  bigint      NOT NULL,
    output_tokens       bigint      NOT NULL,
    reasoning_tokens    bigint      NOT NULL,
    audio_output_tokens bigint      NOT NULL,
    -- Nano-units for a token of each, in the order of the tokens above.
    price               bigint[]    NOT NULL CHECK (cardinality(price) = 6),
    -- The most that was to be charged. Null: no bound was set.
    cap_nanos           bigint,
    -- What was charged, and what it cost beyond the bound.
    nanos               bigint      NOT NULL CHECK (nanos >= 0),
    absorbed_nanos      bigint      NOT NULL CHECK (absorbed_nanos >= 0),
    ended_at            timestamptz NOT NULL,
    first_frame_millis  bigint      NOT NULL,
    total_millis        bigint      NOT NULL,
    billed_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (accepted_at, task)
) PARTITION BY RANGE (accepted_at);

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: no % of what it holds', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Makes the month's part of the ledger where there is none. It is made aside and attached: whoever
-- writes meanwhile does not wait.
CREATE FUNCTION ledger_make_month(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    part  text := 'ledger_' || to_char(first, 'YYYY_MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('uplion.ledger.months'));
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE ledger INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION append_only()', part);
    EXECUTE format('ALTER TABLE ledger ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part,
                   first::timestamp AT TIME ZONE 'UTC',
                   (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    RETURN true;
END $$;

-- What subjects have spent in a period: `2026-11-28`, `2026-11`, `total`. The version rises with
-- every change; whoever is told two of them knows which is newer.
CREATE TABLE spent (
    account uuid   NOT NULL,
    subject text   NOT NULL,
    period  text   NOT NULL,
    nanos   bigint NOT NULL CHECK (nanos >= 0),
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (account, subject, period)
) WITH (fillfactor = 80);

CREATE TABLE balances (
    account        uuid        PRIMARY KEY,
    requests       bigint      NOT NULL,
    nanos          bigint      NOT NULL CHECK (nanos >= 0),
    absorbed_nanos bigint      NOT NULL CHECK (absorbed_nanos >= 0),
    changed_at     timestamptz NOT NULL
) WITH (fillfactor = 80);

-- What pages read. They stay when the ledger's months go.
CREATE TABLE usage_rollups (
    account             uuid        NOT NULL,
    hour                timestamptz NOT NULL,
    user_id             uuid        NOT NULL,
    -- All zeros: a browser session.
    key_id              uuid        NOT NULL,
    model               text        NOT NULL,
    pool                text        NOT NULL,
    outcome             text        NOT NULL,
    requests            bigint      NOT NULL,
    input_tokens        bigint      NOT NULL,
    cached_input_tokens bigint      NOT NULL,
    audio_input_tokens  bigint      NOT NULL,
    output_tokens       bigint      NOT NULL,
    reasoning_tokens    bigint      NOT NULL,
    audio_output_tokens bigint      NOT NULL,
    nanos               bigint      NOT NULL,
    absorbed_nanos      bigint      NOT NULL,
    -- Requests in each bucket. Bucket i ends at 2^(i/2) ms; the last one has no end.
    first_frame         bigint[]    NOT NULL CHECK (cardinality(first_frame) = 44),
    total               bigint[]    NOT NULL CHECK (cardinality(total) = 44),
    PRIMARY KEY (account, hour, user_id, key_id, model, pool, outcome)
) WITH (fillfactor = 80);

CREATE INDEX usage_rollups_hour ON usage_rollups (hour);

-- The same by the day for all accounts together, which are all zeros here: pages about the whole
-- platform read a few rows for each day.
CREATE TABLE usage_days (LIKE usage_rollups INCLUDING ALL) WITH (fillfactor = 50);

-- Bucket by bucket, written out, and not strict: so it becomes a part of the statement that calls
-- it, and does not cost more than all else that the statement does.
DO $$ BEGIN
    EXECUTE 'CREATE FUNCTION add_buckets(a bigint[], b bigint[]) RETURNS bigint[]
                 LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ARRAY ['
        || (SELECT string_agg(format('a[%1$s] + b[%1$s]', i), ', ' ORDER BY i)
            FROM generate_series(1, 44) AS i)
        || ']';
END $$;

DO $$ BEGIN
    EXECUTE format('CREATE AGGREGATE sum_buckets(bigint[]) (SFUNC = add_buckets, STYPE = bigint[],
                        INITCOND = %L, COMBINEFUNC = add_buckets, PARALLEL = SAFE)',
                   array_fill(0::bigint, ARRAY [44]));
END $$;

-- What came as usage and cannot be billed: nobody is charged for it, and nobody loses it.
CREATE TABLE usage_rejects (
    sha256 bytea       PRIMARY KEY CHECK (length(sha256) = 32),
    at     timestamptz NOT NULL DEFAULT now(),
    reason text        NOT NULL,
    -- Null where it cannot be read.
    task   uuid,
    record bytea       NOT NULL
);

CREATE INDEX usage_rejects_at ON usage_rejects (at);

CREATE TRIGGER append_only BEFORE UPDATE ON usage_rejects
    FOR EACH ROW EXECUTE FUNCTION append_only();

-- From when on what costs how much; what is not named here costs what its manifest says.
CREATE TABLE prices (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text        NOT NULL CHECK (kind IN ('MODEL', 'POOL')),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    valid_from timestamptz NOT NULL,
    -- As in the ledger.
    price      bigint[]    NOT NULL CHECK (cardinality(price) = 6 AND 0 <= ALL (price)),
    set_at     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX prices_latest ON prices (kind, name, valid_from DESC, id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON prices
    FOR EACH ROW EXECUTE FUNCTION append_only();

-- Whoever opens budgets looks for those that have changed.
CREATE INDEX accounts_budgets ON accounts (version) WHERE budget_nanos IS NOT NULL;
CREATE INDEX users_budgets ON users (version) WHERE budget_nanos IS NOT NULL;
CREATE INDEX api_keys_budgets ON api_keys (version) WHERE budget_nanos IS NOT NULL;
