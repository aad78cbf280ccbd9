-- Tasks whose money was freed before anybody had said what they used: their gateway was gone. What
-- is reported of them later stands in the ledger and is charged to nobody, because others may have
-- been given that money since. docs/decisions/0016 says more.
CREATE TABLE given_up (
    task uuid        PRIMARY KEY,
    at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX given_up_at ON given_up (at);
