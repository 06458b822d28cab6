-- Removes cookies that ran out; $1 before
DELETE FROM check_in_session WHERE expires_at < $1
