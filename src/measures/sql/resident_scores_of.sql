-- Valid scores of one patient that were not corrected, in the order of entry; $1 organization, $2 patient
SELECT patient_id, administered_date, instrument, informant, total
FROM measurement
WHERE organization_id = $1 AND patient_id = $2 AND valid AND total IS NOT NULL AND replaced_by_id IS NULL
ORDER BY administered_at, measurement_id
