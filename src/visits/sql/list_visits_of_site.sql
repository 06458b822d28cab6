-- Visits of a site in a time, by start; $1 organization, $2 site, $3 from, $4 until, $5 and $6 start and id to begin after,
-- $7 how many, $8 staff or NULL, $9 state or NULL
SELECT visit_id, patient_id, site_id, staff_id, starts_at, ends_at, zone, kind, purpose, place, link_code, note, state, answer,
  answer_words, answered_at, answered_by, cancelled_by, reason, overlap_reason, labels, contact_id, sequence, created_by, created_at, changed_at, version
FROM visit WHERE organization_id = $1 AND site_id = $2 AND starts_at >= $3 AND starts_at < $4 AND (starts_at > $5 OR visit_id > $6)
  AND (staff_id = $8 OR $8 IS NULL) AND (state = $9 OR $9 IS NULL)
ORDER BY starts_at, visit_id LIMIT $7
