-- Treatment contacts that were known; $1 organization, $2 when
SELECT patient_id, contact_date, modality, staff_role, with_whom, source, contact_id
FROM contact
WHERE organization_id = $1 AND kind = 'treatment' AND replaced_by_id IS NULL AND COALESCE(recorded_at, entered_at) <= $2
