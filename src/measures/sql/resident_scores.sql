-- Valid scores that were not corrected; $1 organization, $2 first and $3 last patient. A patient's lie together in the order of entry
SELECT patient_id, administered_date, instrument, informant, total
FROM measurement
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND valid AND total IS NOT NULL AND replaced_by_id IS NULL
