-- An attempt at a message, unless it is recorded; $1 organization, $2 message, $3 number, $4 at, $5 outcome, $6 detail
INSERT INTO message_attempt (organization_id, message_id, attempt, at, outcome, detail)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
