-- The attempts at a message, in order; $1 organization, $2 message
SELECT attempt, at, outcome, detail FROM message_attempt WHERE organization_id = $1 AND message_id = $2 ORDER BY attempt
