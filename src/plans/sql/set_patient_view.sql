-- The patient's view of a version; $1 organization, $2 patient, $3 plan, $4 number, $5 view, $6 words, $7 date
UPDATE care_plan_version SET patient_view = $5, patient_words = $6, patient_view_date = $7
WHERE organization_id = $1 AND patient_id = $2 AND plan_id = $3 AND plan_version = $4
