-- Ends a cover early, if the version is still the one that was seen; $1 organization, $2 hand-over, $3 that version, $4 last day,
-- $5 who, $6 when
UPDATE hand_over SET until_date = $4, ended_by = $5, ended_at = $6, version = version + 1
WHERE organization_id = $1 AND hand_over_id = $2 AND version = $3
