-- Changes a visit if the version is still the one that was edited; $1 organization, $2 visit, $3 that version, then the columns
UPDATE visit SET staff_id = $4, starts_at = $5, ends_at = $6, kind = $7, purpose = $8, place = $9, note = $10, state = $11, answer = $12,
  answer_words = $13, answered_at = $14, answered_by = $15, cancelled_by = $16, reason = $17, overlap_reason = $18, contact_id = $19,
  sequence = $20, changed_at = $21, labels = $22, version = version + 1
WHERE organization_id = $1 AND visit_id = $2 AND version = $3
