-- A new visit; $1 organization, then the columns in order
INSERT INTO visit (organization_id, visit_id, patient_id, site_id, staff_id, starts_at, ends_at, zone, kind, purpose, place, link_code, note, state, answer,
  answer_words, answered_at, answered_by, cancelled_by, reason, overlap_reason, labels, contact_id, sequence, created_by, created_at, changed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
