-- One visit of a patient; $1 organization, $2 visit, $3 patient
SELECT visit_id, patient_id, site_id, staff_id, starts_at, ends_at, zone, kind, purpose, place, link_code, note, state, answer,
  answer_words, answered_at, answered_by, cancelled_by, reason, overlap_reason, labels, contact_id, sequence, created_by, created_at, changed_at, version
FROM visit WHERE organization_id = $1 AND visit_id = $2 AND patient_id = $3
