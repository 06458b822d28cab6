-- Questionnaires about needs, newest first; $1 organization, $2 patient
SELECT patient_id, screening_id, form, screened_date, asked, found, refused, recorded_by, recorded_at
FROM need_screening WHERE organization_id = $1 AND patient_id = $2 ORDER BY screened_date DESC, screening_id DESC
