-- Versions of all plans of a patient, newest first; $1 organization, $2 patient
SELECT plan_id, plan_version, state, language, content, reason, written_date, written_by, effective_date, replaced_date,
  patient_view, patient_words, patient_view_date
FROM care_plan_version WHERE organization_id = $1 AND patient_id = $2 ORDER BY plan_id, plan_version DESC
