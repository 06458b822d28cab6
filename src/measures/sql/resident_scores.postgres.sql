-- Valid scores that were not corrected; $1 organization, $2 first and $3 last patient. In any order, so with the moment
-- What nearly every row says is not sent: NULL stands for the PHQ-9 and for the patient themselves.
SELECT patient_id, administered_date, NULLIF(instrument, 'phq-9'), NULLIF(informant, 'self'), total, administered_at
FROM measurement
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND valid AND total IS NOT NULL AND replaced_by_id IS NULL
