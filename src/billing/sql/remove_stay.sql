-- Takes a hospital stay back, which stays; $1 organization, $2 patient, $3 stay, $4 at
UPDATE inpatient_stay SET removed_at = $4 WHERE organization_id = $1 AND patient_id = $2 AND stay_id = $3 AND removed_at IS NULL
