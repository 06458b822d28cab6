-- The dose changes of a treatment that is written anew; $1 organization, $2 patient, $3 treatment
DELETE FROM treatment_change
WHERE organization_id = $1 AND patient_id = $2 AND treatment_id = $3
