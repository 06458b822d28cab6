-- Messages by state: open and dead ones, and those sent since a time; $1 organization, $2 that time
SELECT state, COUNT(*) FROM message_out
WHERE organization_id = $1 AND (state <> 'sent' OR queued_at >= $2) GROUP BY state
