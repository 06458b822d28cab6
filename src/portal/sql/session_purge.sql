-- Sessions over before an instant; $1 instant
DELETE FROM portal_session WHERE last_active_at < $1
