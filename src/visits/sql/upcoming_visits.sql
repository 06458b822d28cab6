-- Booked visits that start in a time, by start, without confidential ones; $1 organization, $2 from, $3 until, $4 how many
SELECT visit_id, patient_id, site_id, starts_at, zone, kind, labels, answer, sequence
FROM visit WHERE organization_id = $1 AND state = 'booked' AND labels = 'normal' AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at, visit_id LIMIT $4
