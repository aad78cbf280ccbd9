-- How long answers took is a matter of model and pool, not of who asked: times are counted for each
-- account, and no longer for each of its keys. That is most of what a rollup held, and most of what
-- it cost to add to one.
CREATE TABLE usage_times (
    -- All zeros: everybody, by the day.
    account     uuid        NOT NULL,
    hour        timestamptz NOT NULL,
    model       text        NOT NULL,
    pool        text        NOT NULL,
    outcome     text        NOT NULL,
    -- Requests in each bucket. Bucket i ends at 2^(i/2) ms; the last one has no end.
    first_frame bigint[]    NOT NULL CHECK (cardinality(first_frame) = 44),
    total       bigint[]    NOT NULL CHECK (cardinality(total) = 44),
    PRIMARY KEY (account, hour, model, pool, outcome)
) WITH (fillfactor = 70);

-- Nobody adds to one of them in between.
LOCK TABLE usage_rollups, usage_days IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO usage_times
SELECT account, hour, model, pool, outcome, sum_buckets(first_frame), sum_buckets(total)
FROM usage_rollups GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT account, hour, model, pool, outcome, first_frame, total FROM usage_days;

ALTER TABLE usage_rollups DROP COLUMN first_frame, DROP COLUMN total;
ALTER TABLE usage_days DROP COLUMN first_frame, DROP COLUMN total;

-- A row that is added to again and again finds room for its next version beside itself.
ALTER TABLE usage_rollups SET (fillfactor = 60);
ALTER TABLE spent SET (fillfactor = 60);

-- Hours come one after the other, so a summary of each part of the table finds them, and costs
-- nobody who writes.
DROP INDEX usage_rollups_hour;
CREATE INDEX usage_rollups_hour ON usage_rollups USING brin (hour)
    WITH (pages_per_range = 32, autosummarize = on);
