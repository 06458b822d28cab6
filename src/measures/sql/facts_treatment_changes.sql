-- Changes of dose; $1 organization
SELECT patient_id, change_date
FROM treatment_change
WHERE organization_id = $1
