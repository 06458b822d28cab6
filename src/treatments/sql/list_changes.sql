-- Changes of dose of all trials of a patient, in order; $1 organization, $2 patient
SELECT patient_id, treatment_id, change_date, change_id, from_dose, to_dose, reason
FROM treatment_change WHERE organization_id = $1 AND patient_id = $2 ORDER BY change_date, change_id
