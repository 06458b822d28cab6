-- A new measurement; $1 organization, then the columns in order
INSERT INTO measurement (organization_id, patient_id, administered_at, measurement_id, administered_date, instrument, instrument_version, informant, mode, language, total,
  severity, valid, invalid_reason, prorated, safety, stated_total, answers, subscales, source, entered_by, entered_at, replaces_id,
  replaced_by_id, correction_reason, seen_by, seen_at, labels)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
  $26, $27, $28)
