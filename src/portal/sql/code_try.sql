-- $1 request
UPDATE portal_code SET tries = tries + 1 WHERE request_hash = $1
