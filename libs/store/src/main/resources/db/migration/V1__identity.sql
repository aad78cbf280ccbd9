-- Who may use the platform: accounts own budgets, users belong to accounts, keys act for a user.
-- Forward only: a mistake here is corrected by the next migration.

CREATE TABLE accounts (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind       text        NOT NULL CHECK (kind IN ('PERSONAL', 'ORGANIZATION')),
    disabled   boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);

CREATE TABLE users (
    id                   uuid        PRIMARY KEY,
    email                text        NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    name                 text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- A PHC string. Null: this user signs in elsewhere (OIDC) and has no password here.
    password_hash        text        CHECK (password_hash LIKE '$argon2id$%'),
    must_change_password boolean     NOT NULL DEFAULT false,
    personal_account     uuid        NOT NULL UNIQUE REFERENCES accounts (id),
    roles                text[]      NOT NULL DEFAULT '{}'
        CHECK (roles <@ ARRAY ['OWNER', 'ADMIN', 'OPERATOR', 'VIEWER', 'MEMBER']),
    groups               text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(groups) <= 100),
    disabled             boolean     NOT NULL DEFAULT false,
    created_at           timestamptz NOT NULL,
    password_changed_at  timestamptz
);

-- An index on lower() and not citext: managed servers do not offer every extension.
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE account_members (
    account_id uuid        NOT NULL REFERENCES accounts (id),
    user_id    uuid        NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id)
);

CREATE INDEX account_members_user ON account_members (user_id);

CREATE TABLE api_keys (
    id           uuid        PRIMARY KEY,
    account_id   uuid        NOT NULL REFERENCES accounts (id),
    user_id      uuid        NOT NULL REFERENCES users (id),
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    sha256       bytea       NOT NULL UNIQUE CHECK (length(sha256) = 32),
    prefix       text        NOT NULL CHECK (length(prefix) <= 16),
    last4        text        NOT NULL CHECK (length(last4) = 4),
    -- Empty: every model the user's groups allow.
    models       text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(models) <= 100),
    enabled      boolean     NOT NULL DEFAULT true,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE INDEX api_keys_user ON api_keys (user_id, created_at DESC);
