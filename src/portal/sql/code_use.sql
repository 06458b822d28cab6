-- All codes of the request are spent; $1 request, $2 now
UPDATE portal_code SET used_at = $2 WHERE request_hash = $1 AND used_at IS NULL
