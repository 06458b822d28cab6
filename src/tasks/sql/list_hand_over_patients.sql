-- Whose care moved or is covered; $1 organization, $2 hand-over
SELECT patient_id FROM hand_over_patient WHERE organization_id = $1 AND hand_over_id = $2 ORDER BY patient_id
