-- Treatment contacts that were not corrected; $1 organization, $2 first and $3 last patient
SELECT patient_id, contact_date, modality, staff_role, with_whom, source
FROM contact
WHERE organization_id = $1 AND patient_id >= $2 AND patient_id <= $3 AND kind = 'treatment' AND replaced_by_id IS NULL
