-- The newest check-in of a patient that went by link; $1 organization, $2 patient
SELECT state, ended_why FROM check_in WHERE organization_id = $1 AND patient_id = $2 AND channel = 'link'
ORDER BY made_at DESC, check_in_id DESC LIMIT 1
