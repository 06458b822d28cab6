-- Unfinished jobs in all organizations and when the longest-waiting became available, for metrics
SELECT state, COUNT(*), MIN(available_at) FROM job WHERE finished_at IS NULL GROUP BY state
