-- Patients that were known; $1 organization, $2 when
SELECT patient_id, birth_date, deceased_date
FROM patient
WHERE organization_id = $1 AND created_at <= $2
