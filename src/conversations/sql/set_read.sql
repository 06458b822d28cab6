-- Somebody has read up to a message; $1 organization, $2 user, $3 patient, $4 that message, $5 unread after it, $6 mentions among
-- them, $7 now
UPDATE team_reader SET read_until = $4, unread = $5, unread_mentions = $6, read_at = $7
WHERE organization_id = $1 AND user_id = $2 AND patient_id = $3
