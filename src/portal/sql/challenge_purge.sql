-- $1 over before
DELETE FROM portal_challenge WHERE expires_at < $1
