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
