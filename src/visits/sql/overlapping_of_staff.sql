-- Open visits of the staff that touch a time; $1 organization, $2 staff, $3 earliest start to look at, $4 until, $5 from,
-- $6 visit to leave out
SELECT visit_id, patient_id, site_id, staff_id, starts_at, ends_at, zone, kind, purpose, place, link_code, note, state, answer,
  answer_words, answered_at, answered_by, cancelled_by, reason, overlap_reason, labels, contact_id, sequence, created_by, created_at, changed_at, version
FROM visit WHERE organization_id = $1 AND staff_id = $2 AND starts_at > $3 AND starts_at < $4 AND ends_at > $5
  AND visit_id <> $6 AND state IN ('booked', 'arrived')
ORDER BY starts_at, visit_id
