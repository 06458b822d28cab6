-- Scores whose correction was known; $1 organization, $2 when
SELECT replaces_id
FROM measurement
WHERE organization_id = $1 AND replaces_id IS NOT NULL AND COALESCE(recorded_at, entered_at) <= $2
