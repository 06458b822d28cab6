-- A patient's allergies, those that stand first, by substance; $1 organization, $2 patient
SELECT allergy_id, substance, code, code_system, category, criticality, reaction, onset_date, ended_date, end_reason, labels, source, version
FROM patient_allergy WHERE organization_id = $1 AND patient_id = $2
ORDER BY CASE WHEN ended_date IS NULL THEN 0 ELSE 1 END, substance, allergy_id
