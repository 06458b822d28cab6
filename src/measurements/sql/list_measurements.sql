-- A patient's measurements, newest first; $1 organization, $2 patient
SELECT patient_id, administered_at, measurement_id, administered_date, instrument, instrument_version, informant, mode, language, total,
  severity, valid, invalid_reason, prorated, safety, stated_total, answers, subscales, source, entered_by, entered_at, replaces_id,
  replaced_by_id, correction_reason, seen_by, seen_at, labels
FROM measurement WHERE organization_id = $1 AND patient_id = $2 ORDER BY administered_at DESC, measurement_id DESC
