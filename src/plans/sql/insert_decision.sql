-- A decision; $1 organization, then the columns in order
INSERT INTO decision (organization_id, patient_id, decision_id, decided_date, aid, aid_version, topic, language, options, weights,
  choice, choice_words, took_part, note, labels, replaces, replaced_by, recorded_by, recorded_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
