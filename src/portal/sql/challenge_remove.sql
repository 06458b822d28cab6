-- $1 request
DELETE FROM portal_challenge WHERE request_hash = $1
