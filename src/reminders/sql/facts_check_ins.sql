-- Check-ins by link that may still be open, newest last; $1 organization, $2 first patient, $3 last patient, $4 made since
SELECT c.patient_id, c.check_in_id, c.state, c.made_at, c.expires_at, f.instrument, f.informant
FROM check_in c
JOIN check_in_form f ON f.organization_id = c.organization_id AND f.check_in_id = c.check_in_id
WHERE c.organization_id = $1 AND c.patient_id BETWEEN $2 AND $3 AND c.channel = 'link' AND c.made_at >= $4
ORDER BY c.patient_id, c.made_at, c.check_in_id, f.number
