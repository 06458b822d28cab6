-- Old sessions; $1 last active before this.
DELETE FROM session WHERE last_active_at < $1
