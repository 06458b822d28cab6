-- When the next job of a kind may be taken, in any organization; $1 kind
SELECT available_at FROM job WHERE kind = $1 AND finished_at IS NULL ORDER BY available_at LIMIT 1
