-- Treatment contacts that were not corrected; $1 organization
SELECT patient_id, contact_id, contact_date, modality, staff_role, with_whom, source
FROM contact
WHERE organization_id = $1 AND kind = 'treatment' AND replaced_by_id IS NULL
ORDER BY patient_id, contact_date, contact_id
