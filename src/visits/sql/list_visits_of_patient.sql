-- Visits of a patient, newest start first; $1 organization, $2 patient, $3 how many
SELECT visit_id, patient_id, site_id, staff_id, starts_at, ends_at, zone, kind, purpose, place, link_code, note, state, answer,
  answer_words, answered_at, answered_by, cancelled_by, reason, overlap_reason, labels, contact_id, sequence, created_by, created_at, changed_at, version
FROM visit WHERE organization_id = $1 AND patient_id = $2 ORDER BY starts_at DESC, visit_id LIMIT $3
