-- Forgets old answers; $1 given before this.
DELETE FROM idempotency_key WHERE created_at < $1
