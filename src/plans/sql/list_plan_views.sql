-- Every view the patient gave on any plan, oldest first; $1 organization, $2 patient
SELECT plan_id, plan_version, view_id, patient_view, patient_words, view_date, recorded_by
FROM care_plan_view WHERE organization_id = $1 AND patient_id = $2 ORDER BY recorded_at, view_id
