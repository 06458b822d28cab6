-- $1 made before
DELETE FROM portal_code WHERE made_at < $1
